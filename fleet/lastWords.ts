/** Characters that are told at most: a host may say as much as it likes. */
const MOST = 1000;

/** The last lines of what a program said, on one: where it failed, they tell why. */
export function lastWords(output: string): string {
  return output.trim().split("\n").slice(-3).join("; ").slice(-MOST) || "it said nothing";
}
