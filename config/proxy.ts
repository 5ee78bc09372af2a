import * as v from "valibot";
import type { Place } from "./read";
import { DEFAULT_PORT, stackSchema, type StackValues } from "./schema";
import type { HostConfig, StackConfig } from "./types";

/** The rules between what is said of the site, of Leqi and of the check. */
export function checkProxy(values: StackValues, hosts: readonly HostConfig[], stack: Place): void {
  checkCa(values, hosts, stack.at("leqi"));
  const { check, listen, site } = values;
  if (check?.port === (listen?.port ?? DEFAULT_PORT)) {
    stack.at("check", "port").wrong(check.port, {
      problem: "this is the proxy's own port, and the check must go another way in",
      allowed: "a port of 127.0.0.1 that nothing else listens on",
    });
  }
  if (site?.enforce === false && hosts.length > 0) {
    stack
      .at("site", "enforce")
      .warn(
        "false: a call with another path or method is passed on to Leqi too, and counted in lqptctl status",
      );
  }
}

/** A certificate that is not verified lets anybody on the way pose as Leqi: never in silence. */
function checkCa({ leqi }: StackValues, hosts: readonly HostConfig[], place: Place): void {
  if (leqi?.verify === "pinned" && leqi.ca === undefined) {
    place.at("ca").wrong(undefined, {
      problem: "lqpt:leqi.verify is pinned",
      allowed: "PEM text of the CA, or of the certificate, that Leqi is known by",
      next: "`lqptctl check` on a host shows the chain that Leqi sends, with fingerprints to compare",
    });
  } else if (leqi?.ca !== undefined && leqi.verify !== "pinned") {
    place.at("ca").wrong(leqi.ca, {
      problem: `lqpt:leqi.verify is ${leqi.verify}, so nothing uses it`,
      allowed: "verify: pinned beside it",
    });
  }
  if (leqi?.verify === "off" && hosts.length > 0) {
    place
      .at("verify")
      .warn(
        "off: nobody checks that it is Leqi who answers; whoever is on the way can read and change invoices",
      );
  }
}

/** `lqpt:site`, `leqi` and `check`, for what has no mistake: then each is there, with its defaults. */
export function toProxy(values: StackValues): Pick<StackConfig, "site" | "leqi" | "check"> {
  const { entries } = stackSchema;
  const { endpoint, ...leqi } = values.leqi ?? v.parse(entries.leqi, undefined);
  const { hostname, port } = new URL(endpoint);
  const { reflector, ...check } = values.check ?? v.parse(entries.check, undefined);
  return {
    site: values.site ?? v.parse(entries.site, undefined),
    leqi: { host: hostname, port: port === "" ? 443 : Number(port), ca: undefined, ...leqi },
    check: { ...check, reflector },
  };
}
