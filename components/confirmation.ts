import * as pulumi from "@pulumi/pulumi";

/**
 * Where firewalld was off, the first dial starts it, armed, and ends with E_CONFIRM; the second is the new SSH connection
 * that proves nobody is locked out. One Command dials both times, so it succeeds or fails as a unit: whatever happened in
 * between, the next `up` begins again (docs/decisions/0012-confirming-a-firewall.md).
 */
export const CONFIRM = new pulumi.ErrorHook("lqpt-confirm-firewall", ({ errors }) =>
  asksForASecondDial(errors),
);

/** Once only: a host that asks again was reached by no new connection, and a third would change nothing. */
export function asksForASecondDial(errors: readonly string[]): boolean {
  return errors.length === 1 && errors[0]?.includes("[E_CONFIRM]") === true;
}
