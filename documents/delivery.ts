import { recordFile } from "../config/input";
import type { HostConfig, StackConfig } from "../config/types";
import type { HostDocument } from "./document";
import { type HostRecord, isOf, type Machine, machineOf } from "./record";
import { lqptctl } from "./tool";

/**
 * What there is to say of a host that no `up` reaches:
 *
 * - `out`: nothing is done there
 * - `first`: it is still to be set up
 * - `stranger`: so it is, and a record that is of another machine or another owner counts for nothing
 * - `change`: by its report it has another document
 * - `tool`: by its report it has another lqptctl
 * - `done`: by its report it has this document
 */
export type DeliveryRemark = {
  readonly stack: string;
  readonly host: string;
  /** Whether something is still to be done there. */
  readonly outstanding: boolean;
} & (
  | { readonly kind: "out" | "first" }
  | { readonly kind: "stranger"; readonly found: Machine; readonly expected: Machine }
  /** `at`: when the report was made, ISO 8601. */
  | { readonly kind: "change" | "done"; readonly at: string }
  | { readonly kind: "tool"; readonly at: string; readonly lqptctl: string }
);

/** Whether no `up` reaches a host: it is out, or somebody else carries out what is to be done there. */
export function isUntouched({ delivery, state }: Pick<HostConfig, "delivery" | "state">): boolean {
  return delivery === "bundle" || state === "out";
}

/**
 * What a run says of such a host, so that nobody takes a change for made.
 *
 * @param record what is recorded of it
 */
export function remarkOfDelivery(
  config: Pick<StackConfig, "stack" | "id">,
  host: Pick<HostConfig, "name" | "state" | "address">,
  { digest }: Pick<HostDocument, "digest">,
  record: HostRecord | undefined,
): DeliveryRemark {
  const named = { stack: config.stack, host: host.name };
  const outstanding = { ...named, outstanding: true } as const;
  if (host.state === "out") return { ...outstanding, kind: "out" };
  if (record === undefined) return { ...outstanding, kind: "first" };
  const { at } = record;
  const expected = machineOf(config, host);
  if (!isOf(record, expected)) {
    const { host: name, owner, address } = record;
    return { ...outstanding, kind: "stranger", found: { host: name, owner, address }, expected };
  }
  if (record.digest !== digest) return { ...outstanding, kind: "change", at };
  if (record.lqptctl !== lqptctl().version) {
    return { ...outstanding, kind: "tool", at, lqptctl: record.lqptctl };
  }
  return { ...named, outstanding: false, kind: "done", at };
}

/** In English, which the program that Pulumi runs speaks; what `lqpt` says in Chinese is in words/delivery.ts. */
export function remarkInEnglish(remark: DeliveryRemark): string {
  const { host, stack } = remark;
  const next = `lqpt bundle ${stack}, have the file for ${host} run there as root, then lqpt record ${stack}`;
  switch (remark.kind) {
    case "out":
      return `${host} is out: nothing is done there. Whoever it let in it lets in still, if it runs; lqptctl close on its console ends that`;
    case "first":
      return `${host} is still to be set up, by its own administrator: ${next}`;
    case "stranger": {
      const [found, expected] = [remark.found, remark.expected].map(
        (one) => `${one.host} of ${one.owner} at ${one.address}`,
      );
      return `${host} is still to be set up, by its own administrator (${recordFile(stack, host)} does not count: it is of ${found ?? ""}, not of ${expected ?? ""}): ${next}`;
    }
    case "change":
      return `a change is still to be carried out at ${host}, which by its report of ${remark.at} has another document: ${next}`;
    case "tool":
      return `${host} has this document by its report of ${remark.at}, and another lqptctl, ${remark.lqptctl}: ${next}`;
    case "done":
      return `${host} has this document, by its report of ${remark.at}`;
  }
}
