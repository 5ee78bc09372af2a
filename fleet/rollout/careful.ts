import type { LoginRefusal } from "../dialErrors";
import type { StackRead } from "../drift/readBack";

/** How often nobody may have said whether a password lets in, until its account counts as not let in. */
const DOUBTS = 2;

/**
 * Reads stacks back so that a wrong password costs one failure and not one a host: no account that takes a password is tried
 * in two stacks before one of them has been let in, and where it is not let in, its others are not tried. Where nobody said
 * so in time a second stack decides: a directory that is slow once must not hold up a fleet.
 *
 * @param accounts by stack, those that it is reached by with a password; the same name is taken for the same account
 * @param read reads some of them back
 * @returns those that were tried
 */
export async function readCarefully(
  stacks: readonly string[],
  accounts: ReadonlyMap<string, readonly string[]>,
  read: (stacks: readonly string[]) => Promise<readonly StackRead[]>,
): Promise<StackRead[]> {
  const of = (stack: string): readonly string[] => accounts.get(stack) ?? [];
  const reads: StackRead[] = [];
  const doubts = new Map<string, number>();
  const tried = new Set<string>();
  const isShutOut = (account: string): boolean => (doubts.get(account) ?? 0) >= DOUBTS;
  const left = (): string[] =>
    stacks.filter((stack) => !reads.some((one) => one.stack === stack) && !of(stack).some(isShutOut));
  const readThese = async (some: readonly string[]): Promise<void> => {
    const found = await read(some);
    reads.push(...found);
    some.flatMap(of).forEach((account) => tried.add(account));
    for (const { account, kind } of found.flatMap(refusalsOf)) {
      doubts.set(account, (doubts.get(account) ?? 0) + (kind === "refused" ? DOUBTS : 1));
      tried.delete(account);
    }
  };
  for (;;) {
    const some = withoutCommon(left(), (stack) => of(stack).filter((account) => !tried.has(account)));
    if (some.length === 0) break;
    await readThese(some);
  }
  await readThese(left());
  return reads;
}

function refusalsOf({ hosts }: StackRead): LoginRefusal[] {
  return hosts.flatMap(({ refusal }) => refusal ?? []);
}

/** As many stacks as have accounts, and none of them in common. */
function withoutCommon(stacks: readonly string[], accounts: (stack: string) => readonly string[]): string[] {
  const taken = new Set<string>();
  return stacks.filter((stack) => {
    const own = accounts(stack);
    if (own.length === 0 || own.some((account) => taken.has(account))) return false;
    own.forEach((account) => taken.add(account));
    return true;
  });
}
