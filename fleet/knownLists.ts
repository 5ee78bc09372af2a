import { parseNetwork } from "../config/addresses";
import { stackInputFromFile } from "../config/fromYaml";
import { stackFile } from "../config/input";
import { strangers } from "../config/lists";
import { parseStack } from "../config/parse";
import type { ProjectFolder } from "../config/projectFolder";
import type { StackConfig } from "../config/types";
import type { Known } from "./takeOver";

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
  return {
    inherited: config.sources
      .filter(({ from }) => from !== stackFile(config.stack))
      .flatMap(({ cidr }) => parseNetwork(cidr).network ?? []),
    unwanted: strangers(environments, topology)
      .filter((environment) => folder.content(stackFile(environment)) !== undefined)
      .flatMap((environment) =>
        parseStack(stackInputFromFile(folder, environment)).sources.flatMap(({ cidr, owner }) => {
          const { network } = parseNetwork(cidr);
          return network === undefined ? [] : [{ network, environment, owner }];
        }),
      ),
  };
}
