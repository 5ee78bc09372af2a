import * as pulumi from "@pulumi/pulumi";
import { bringing } from "./components/bringing";
import { listenerKeys } from "./components/listenerCertificate";
import { whitelistInForce, withOwners } from "./components/outputs";
import { hostKeys } from "./components/hostKeys";
import { ProxyHost } from "./components/proxyHost";
import { readRecord } from "./components/records";
import { vrrpPassword } from "./components/virtualIp";
import { loginSecrets, readStack } from "./config/fromPulumi";
import { isUntouched } from "./documents/delivery";
import { openings as openingsOf } from "./documents/openings";
import { remarksOf } from "./documents/report";

const config = readStack();
config.warnings.forEach((warning) => void pulumi.log.warn(warning));

const listener = listenerKeys(config);
const keys = hostKeys(listener, vrrpPassword(config));
const hosts: ProxyHost[] = [];
for (const host of config.hosts) {
  hosts.push(
    new ProxyHost(host.name, {
      config,
      host,
      keys,
      bringing: bringing(config, host),
      secrets: loginSecrets(host.name),
      bastionSecrets: host.bastion === undefined ? pulumi.output({}) : loginSecrets(host.bastion.name),
      record: isUntouched(host) ? readRecord(config.stack, host.name) : undefined,
      // One after the other, so that what goes wrong on one leaves the others serving.
      after: hosts.flatMap(({ done }) => done).slice(-1),
    }),
  );
}
const reports = pulumi.all(hosts.map(({ report }) => report));

reports.apply((all) => {
  all.forEach((report, index) => {
    const remarks = report === undefined ? [] : remarksOf(report, Date.now());
    remarks.forEach((remark) => void pulumi.log.warn(remark, hosts[index]));
  });
});

// A failed update keeps the outputs that were registered before: so whatever claims to be in force is made from the
// hosts' reports, and a stack that never succeeded has none.

/** What the back ends are told to use, to be entered in the Leqi console and on the development platform. */
export const leqiAddress = reports.apply(() => config.publicAddress ?? null);
/** Who may reach the port, each with its owner; of a stack without hosts, the list that others inherit. */
export const whitelist =
  hosts.length === 0
    ? withOwners(config.sources)
    : reports.apply((all) =>
        whitelistInForce(
          all.filter((_, index) => config.hosts[index]?.state === "in"),
          config.sources,
        ),
      );
/** What the customer's network team must let through. */
export const openings = openingsOf(config);
/** The CA that back ends must trust, PEM; none where the listener speaks plain http or shows the customer's own. */
export const ca = listener?.ca ?? null;
/** Each host's document in force. */
export const digests = reports.apply((all) =>
  Object.fromEntries(config.hosts.map(({ name }, index) => [name, all[index]?.digest])),
);
