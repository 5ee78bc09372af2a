import * as pulumi from "@pulumi/pulumi";
import { asksForASecondDial } from "./report";

let hook: pulumi.ErrorHook | undefined;

/**
 * Where firewalld was off, the first dial starts it, armed, and ends with E_CONFIRM; the second is the new SSH connection
 * that proves nobody is locked out. One Command dials both times, so it succeeds or fails as a unit: whatever happened in
 * between, the next `up` begins again (docs/decisions/0012-confirming-a-firewall.md).
 *
 * @returns one hook for all hosts: the engine knows them by name
 */
export function confirmation(): pulumi.ErrorHook {
  hook ??= new pulumi.ErrorHook("lqpt-confirm-firewall", ({ errors }) => asksForASecondDial(errors));
  return hook;
}
