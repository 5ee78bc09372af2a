/** Characters that are told at most, of the end and of the beginning: a host may say as much as it likes. */
const MOST = 1000;
const MOST_OF_BEGINNING = 300;

/** The last lines of what a program said, on one: where it failed, they tell why. */
export function lastWords(output: string): string {
  return output.trim().split("\n").slice(-3).join("; ").slice(-MOST) || "it said nothing";
}

/** The beginning of what a host says, where one line of many is its own. */
export function shortened(text: string): string {
  return text.length <= MOST_OF_BEGINNING ? text : `${text.slice(0, MOST_OF_BEGINNING)}…`;
}
