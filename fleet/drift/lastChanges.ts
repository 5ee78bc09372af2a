import type { ProjectFolder } from "../../config/projectFolder";
import { askHistory } from "../askStatus";
import { loginSecretsOf } from "../loginSecrets";
import { pooled } from "../pool";
import type { StackRead } from "./readBack";
import type { LastChanges } from "./report";

const STACKS = 4;
const SECONDS = 60;

/** Who changed last, by their own history, those hosts that have another document than was left there, or are closed. */
export async function lastChanges(folder: ProjectFolder, reads: readonly StackRead[]): Promise<LastChanges> {
  const told = await pooled(reads, STACKS, async ({ stack, config, hosts }) => {
    const odd = hosts.filter(({ findings }) =>
      findings.some(({ kind }) => kind === "other" || kind === "closed"),
    );
    const dialled = (config?.hosts ?? []).filter(({ name }) => odd.some(({ host }) => host === name));
    const secrets = await loginSecretsOf(folder.path, stack, dialled);
    const answers = await askHistory(dialled, secrets, SECONDS);
    return answers.flatMap(({ host, said }) => {
      const last = said?.at(-1);
      return last === undefined ? [] : [[`${stack} ${host.name}`, last] as const];
    });
  });
  return new Map(told.flat());
}
