import { parseNetwork } from "../config/addresses";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { parseStack } from "../config/parse";
import type { ProjectFolder } from "../config/projectFolder";
import type { Environment, StackConfig } from "../config/types";
import type { FoundMachine } from "../documents/doctorReport";
import { isServed } from "./foundHost";
import type { Known } from "./takeOver";

const ENVIRONMENTS: readonly Environment[] = ["sandbox", "prod"];

/**
 * What the environments' files say of a new stack's list: what it inherits, and which of the vendor's addresses it must not
 * have.
 *
 * @param config the new stack, as far as it is known
 */
export function knownLists(
  folder: ProjectFolder,
  config: StackConfig,
): Pick<Known, "inherited" | "unwanted"> {
  const { environments, topology } = config;
  const strange = ENVIRONMENTS.filter((one) => topology === "private-cloud" || !environments.includes(one));
  return {
    inherited: config.sources
      .filter(({ from }) => from !== stackFile(config.stack))
      .flatMap(({ cidr }) => parseNetwork(cidr).network ?? []),
    unwanted: strange
      .filter((environment) => folder.content(stackFile(environment)) !== undefined)
      .flatMap((environment) =>
        parseStack(stackInputFromFile(folder, environment)).sources.flatMap(({ cidr, owner }) => {
          const { network } = parseNetwork(cidr);
          return network === undefined ? [] : [{ network, environment, owner }];
        }),
      ),
  };
}

/**
 * A wrong port would make a file that is sound, and whose first `up` makes a second proxy beside the one that runs.
 *
 * @param machines what was found, by host
 * @throws Error where none of them has anything to do with the port.
 */
export function refuseNothing(machines: ReadonlyMap<string, FoundMachine>, port: number): void {
  const all = [...machines];
  const isThere = all.some(
    ([, { proxy, listeners }]) =>
      isServed(port, listeners) ||
      proxy.servesTls !== null ||
      proxy.sources.length > 0 ||
      proxy.openings.length > 0,
  );
  if (isThere) return;
  const others = all.map(([host, { listeners }]) => `${host}: ${listeners.join(", ") || "nothing"}`);
  throw new Error(
    `nothing listens on port ${port} there, no nginx serves it and no rule of firewalld opens it; expected the port of the proxy that runs (--listen-port). What listens: ${others.join("; ")}. For a machine that is new: lqpt new. Nothing was written`,
  );
}
