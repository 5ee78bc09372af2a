import type { LoginRefusal } from "../dialErrors";
import type { StackRead } from "../drift/readBack";

/** How often nobody may have said whether a password lets in, until its account counts as not let in. */
const DOUBTS = 2;

/**
 * Reads stacks back so that a wrong password costs one failure and not one a host: one stack of each account that takes a
 * password goes first, and where the account is not let in, its others are not tried. Where nobody said so in time a second
 * stack decides: a directory that is slow once must not hold up a fleet.
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
  const isShutOut = (account: string): boolean => (doubts.get(account) ?? 0) >= DOUBTS;
  const left = (): string[] =>
    stacks.filter((stack) => !reads.some((one) => one.stack === stack) && !of(stack).some(isShutOut));
  const readThese = async (some: readonly string[]): Promise<void> => {
    const found = await read(some);
    reads.push(...found);
    for (const { account, kind } of found.flatMap(refusalsOf)) {
      doubts.set(account, (doubts.get(account) ?? 0) + (kind === "refused" ? DOUBTS : 1));
    }
  };
  await readThese(oneOfEach(left(), of));
  // Again where only silence came back.
  await readThese(oneOfEach(left(), (stack) => of(stack).filter((account) => doubts.has(account))));
  await readThese(left());
  return reads;
}

function refusalsOf({ hosts }: StackRead): LoginRefusal[] {
  return hosts.flatMap(({ refusal }) => refusal ?? []);
}

/** Stacks that have an account which none before them has. */
function oneOfEach(stacks: readonly string[], accounts: (stack: string) => readonly string[]): string[] {
  const seen = new Set<string>();
  return stacks.filter((stack) => {
    const own = accounts(stack);
    const isFirst = own.some((account) => !seen.has(account));
    own.forEach((account) => seen.add(account));
    return isFirst;
  });
}
