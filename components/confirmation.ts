import * as pulumi from "@pulumi/pulumi";
import { asksForASecondDial } from "../documents/report";

let binding: pulumi.ResourceHookBinding | undefined;

/**
 * What happens where a dial fails. Where firewalld was off, the first dial starts it, armed, and ends with E_CONFIRM; the
 * second is the new SSH connection that proves nobody is locked out. One Command dials both times, so it succeeds or
 * fails as a unit: whatever happened in between, the next `up` begins again
 * (docs/decisions/0012-confirming-a-firewall.md).
 *
 * @returns one hook for all hosts, since the engine knows them by name; none in a preview, which dials nobody and would
 * wait a twentieth of its time for the hook's server
 */
export function confirmation(): pulumi.ResourceHookBinding {
  if (pulumi.runtime.isDryRun()) return {};
  binding ??= {
    onError: [new pulumi.ErrorHook("lqpt-confirm-firewall", ({ errors }) => asksForASecondDial(errors))],
  };
  return binding;
}
