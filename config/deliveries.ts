import { recordFile, type StackInput } from "./input";
import type { Place } from "./read";
import type { HostConfig } from "./types";

/**
 * A record is of the time in which nobody dialled a host. Where it stayed while `up` went on changing the host, it would
 * count again on the day the host cannot be dialled any more.
 */
export function checkRecords(hosts: readonly HostConfig[], input: StackInput, place: Place): void {
  for (const { name, delivery, state } of hosts) {
    const file = recordFile(input.stack, name);
    if (delivery !== "ssh" || state === "out" || input.fileAt(file) === undefined) continue;
    place.at("hosts", name, "delivery").wrong(delivery, {
      problem: `${file} is of the time when nobody dialled this host, and would count again later`,
      allowed: "a record only of a host with delivery: bundle",
      next: `git rm ${file}; pulumi up then reads from the host itself what is in force there`,
    });
  }
}
