/** The last lines of what a program said, on one: where it failed, they tell why. */
export function lastWords(output: string): string {
  return output.trim().split("\n").slice(-3).join("; ") || "it said nothing";
}
