import { recordFile } from "../config/input";
import type { HostConfig, StackConfig } from "../config/types";
import type { HostDocument } from "./document";
import { type HostRecord, strangerIn } from "./record";
import { lqptctl } from "./tool";

/** What a run says of a host that it does not touch. */
export interface DeliveryRemark {
  readonly text: string;
  /** Whether something is still to be done there. */
  readonly outstanding: boolean;
}

/** Whether no `up` reaches a host: it is out, or somebody else carries out what is to be done there. */
export function isUntouched({ delivery, state }: Pick<HostConfig, "delivery" | "state">): boolean {
  return delivery === "bundle" || state === "out";
}

/**
 * What a run says of such a host, so that nobody takes a change for made.
 *
 * @param record what is recorded of it; one that is of another machine or another owner counts for nothing, and is told
 */
export function remarkOfDelivery(
  { stack, id }: Pick<StackConfig, "stack" | "id">,
  host: Pick<HostConfig, "name" | "state" | "address">,
  { digest }: Pick<HostDocument, "digest">,
  record: HostRecord | undefined,
): DeliveryRemark {
  const { name, state } = host;
  if (state === "out") {
    return {
      text: `${name} is out: nothing is done there. Whoever it let in it lets in still, if it runs; lqptctl close on its console ends that`,
      outstanding: true,
    };
  }
  const next = `lqpt bundle ${stack}, have the file for ${name} run there as root, then lqpt record ${stack}`;
  const stranger = record && strangerIn(record, { id }, host);
  if (record === undefined || stranger !== undefined) {
    const why = stranger === undefined ? "" : ` (${recordFile(stack, name)} does not count: ${stranger})`;
    return {
      text: `${name} is still to be set up, by its own administrator${why}: ${next}`,
      outstanding: true,
    };
  }
  if (record.digest !== digest) {
    return {
      text: `a change is still to be carried out at ${name}, which by its report of ${record.at} has another document: ${next}`,
      outstanding: true,
    };
  }
  if (record.lqptctl !== lqptctl().version) {
    return {
      text: `${name} has this document by its report of ${record.at}, and another lqptctl, ${record.lqptctl}: ${next}`,
      outstanding: true,
    };
  }
  return { text: `${name} has this document, by its report of ${record.at}`, outstanding: false };
}
