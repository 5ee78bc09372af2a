import { isAddress } from "./addresses";
import { fullWidthProblem, type Misspelling } from "./spelling";

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
// The last label of a name begins with a letter, as every top-level domain does (RFC 1123, RFC 3696): what ends in
// something else is a mistyped address, and would be looked up, with whatever answers to it.
const DNS_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)*(?=[A-Za-z])${LABEL}$`);

/** True for one IPv4 address and for a DNS name. */
export function isHostAddress(text: string): boolean {
  return isAddress(text) || (DNS_NAME.test(text) && !isNearlyAddress(text));
}

/** Why a text is neither, where that can be told. */
export function hostAddressProblem(text: string): Misspelling | undefined {
  const isNear = isNearlyAddress(text) || /^\d{1,3}(?:\.\d{1,3}){2,}/.test(text);
  const problem = isNear ? "this is nearly an IPv4 address, and no name" : lastLabelProblem(text);
  return (
    fullWidthProblem(text, isHostAddress) ??
    (problem === undefined ? undefined : { problem, next: "compare it with where it was written first" })
  );
}

/** Letters that are taken for digits. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: "0", o: "0", l: "1", I: "1" };

function isNearlyAddress(text: string): boolean {
  const digits = text.replace(/[OolI]/g, (letter) => LOOKALIKES[letter] ?? letter);
  return !isAddress(text) && isAddress(digits);
}

function lastLabelProblem(text: string): string | undefined {
  return /(?:^|\.)\d[A-Za-z0-9-]*$/.test(text)
    ? "its last part begins with a digit, as that of no name does"
    : undefined;
}
