import type { HostConfig } from "../config/types";
import type { HostDocument } from "./document";
import type { HostRecord } from "./record";

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

/** What a run says of such a host, so that nobody takes a change for made. */
export function remarkOfDelivery(
  stack: string,
  { name, state }: Pick<HostConfig, "name" | "state">,
  { digest }: Pick<HostDocument, "digest">,
  record: HostRecord | undefined,
): DeliveryRemark {
  if (state === "out") {
    return {
      text: `${name} is out: nothing is done there. Whoever it let in it lets in still, if it runs; lqptctl close on its console ends that`,
      outstanding: true,
    };
  }
  const next = `lqpt bundle ${stack}, have the file for ${name} run there as root, then lqpt record ${stack}`;
  if (record === undefined) {
    return {
      text: `${name} is still to be set up, by its own administrator: ${next}`,
      outstanding: true,
    };
  }
  return record.digest === digest
    ? { text: `${name} has this document, as recorded on ${record.recorded}`, outstanding: false }
    : {
        text: `a change is still to be carried out at ${name}, which by the record of ${record.recorded} has an older document: ${next}`,
        outstanding: true,
      };
}
