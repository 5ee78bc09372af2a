import { recordFile, type StackInput } from "./input";
import type { Place } from "./read";
import type { StackValues } from "./schema";
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

/** A host that nobody can dial must be one that a file can be made for. */
export function checkBundles(
  hosts: readonly HostConfig[],
  { nginx }: Pick<StackValues, "nginx">,
  place: Place,
): void {
  const problem = bundleProblem(nginx?.source ?? "package");
  if (problem === undefined) return;
  for (const { name } of hosts.filter(({ delivery }) => delivery === "bundle")) {
    place.at("hosts", name, "delivery").wrong("bundle", problem);
  }
}

function bundleProblem(source: string): { readonly problem: string; readonly allowed: string } | undefined {
  if (source === "files" || source === "vendor") {
    return {
      problem: `lqpt:nginx.source is ${source}, and this version makes no bundle with files in it`,
      allowed: "bundle with nginx from package or existing; ssh otherwise",
    };
  }
  return undefined;
}
