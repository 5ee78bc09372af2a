import type { StackConfig } from "../../config/types";
import { isUntouched } from "../../documents/delivery";
import type { LoginRefusal } from "../dialErrors";
import type { StackRead } from "./readBack";

/** How often it may be unknown whether a password is right, until its account counts as not let in. */
const DOUBTS = 2;

/** In how many stacks an account is tried at once after one whose hosts did not answer at all, which says nothing of it. */
const AFTER_SILENCE = 2;

/**
 * Reads stacks back so that a wrong password costs one failure and not one a host: no account that takes a password is tried
 * in many stacks before one of them has been let in, and where it is not let in, its others are not tried. Where that is not
 * known a second stack decides: neither a directory that is slow once nor one machine's own rules of sudo must hold up a
 * fleet.
 *
 * @param accounts by stack, those that it is reached by with a password; the same name is taken for the same account
 * @param read reads some of them back
 * @returns those that were tried, by their names
 */
export async function readCarefully(
  stacks: readonly string[],
  accounts: ReadonlyMap<string, readonly string[]>,
  read: (stacks: readonly string[]) => Promise<readonly StackRead[]>,
): Promise<ReadonlyMap<string, StackRead>> {
  const of = (stack: string): readonly string[] => accounts.get(stack) ?? [];
  const reads = new Map<string, StackRead>();
  const doubts = new Map<string, number>();
  const letIn = new Set<string>();
  const unanswered = new Set<string>();
  const isShutOut = (account: string): boolean => (doubts.get(account) ?? 0) >= DOUBTS;
  const left = (): string[] => stacks.filter((stack) => !reads.has(stack) && !of(stack).some(isShutOut));
  const readThese = async (some: readonly string[]): Promise<void> => {
    for (const found of await read(some)) {
      reads.set(found.stack, found);
      const isLetIn = found.hosts.some(({ how }) => how === "asked");
      of(found.stack).forEach((account) => (isLetIn ? letIn : unanswered).add(account));
      for (const [account, weight] of doubtsOf(found)) {
        doubts.set(account, (doubts.get(account) ?? 0) + weight);
        letIn.delete(account);
        unanswered.delete(account);
      }
    }
  };
  for (;;) {
    const some = withoutCommon(
      left(),
      (stack) => of(stack).filter((account) => !letIn.has(account)),
      (account) => (unanswered.has(account) ? AFTER_SILENCE : 1),
    );
    if (some.length === 0) break;
    await readThese(some);
  }
  await readThese(left());
  return reads;
}

/** By account. However many hosts a stack has, it is one stack that doubts. */
function doubtsOf({ hosts }: StackRead): Map<string, number> {
  const weightOf = ({ kind }: LoginRefusal): number => (kind === "refused" ? DOUBTS : 1);
  const weights = new Map<string, number>();
  for (const refusal of hosts.flatMap((host) => host.refusal ?? []))
    weights.set(refusal.account, Math.max(weights.get(refusal.account) ?? 0, weightOf(refusal)));
  return weights;
}

/** As many stacks as can be had with no account in more of them than it may be tried in at once. */
function withoutCommon(
  stacks: readonly string[],
  accounts: (stack: string) => readonly string[],
  most: (account: string) => number,
): string[] {
  const taken = new Map<string, number>();
  const uses = (account: string): number => taken.get(account) ?? 0;
  return stacks.filter((stack) => {
    const own = accounts(stack);
    if (own.length === 0 || own.some((account) => uses(account) >= most(account))) return false;
    own.forEach((account) => taken.set(account, uses(account) + 1));
    return true;
  });
}

/** By what is a password tried, of a login or of sudo: the same name is taken for the same account. */
export function passwordAccounts({ hosts }: Pick<StackConfig, "hosts">): string[] {
  const dialled = hosts.filter((host) => !isUntouched(host));
  const bastions = dialled.flatMap(({ bastion }) => bastion ?? []);
  const tried = [
    ...dialled.filter(({ auth, sudo }) => auth === "password" || sudo === "password"),
    ...bastions.filter(({ auth }) => auth === "password"),
  ];
  return [...new Set(tried.map(({ user }) => user))];
}
