import type { Command } from "commander";
import type { HostConfig, StackConfig } from "../config/types";
import type { HostStatus, StatusInForce } from "../documents/statusReport";
import type { Answer } from "../fleet/askHosts";
import { askStatus } from "../fleet/askStatus";
import { findingsOf, spentRemovals } from "../fleet/findings";
import { remarkOn } from "../fleet/remarks";
import { loginSecretsOf } from "../fleet/loginSecrets";
import { chosenHosts, Progress } from "./hosts";
import { columns, EXIT, printJson, project, strong } from "./output";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description(
      "what each host of a stack says of itself: who may reach it, and what is not as the file says",
    )
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("[hosts...]", "names of hosts; default: all")
    .option("--json", "for programs: what each host said, and what is to be found in it")
    .addHelpText(
      "after",
      "\nDials the hosts over SSH and changes nothing there. Ends with 1 where a host does not answer, or is not as the\nfile says. Secrets are decrypted by Pulumi, where reaching a host takes any.",
    )
    .action(async (stack: string, names: readonly string[], { json }: { readonly json?: true }) => {
      const folder = project();
      const { config, dialled, untouched } = chosenHosts(folder, stack, names);
      const secrets = await loginSecretsOf(folder.path, stack, dialled);
      const progress = new Progress("lqptctl status", dialled.length);
      progress.start();
      const answers = (await askStatus(dialled, secrets, progress.told)).map(judged(config));
      const remarks = untouched.map((host) => remarkOn(folder, config, host));
      if (json) printJson([...answers.map(forPrograms), ...remarks]);
      else
        console.log([...answers.map((one) => renderHost(config, one)), ...remarks.map(textOf)].join("\n\n"));
      const found = answers.some(({ findings }) => findings.length > 0);
      // Only who knows all of the stack, and finds nothing, knows what nothing needs any more.
      if (!found && dialled.length === config.hosts.length) {
        const statuses = answers.flatMap(({ status }) => status ?? []);
        spentRemovals(config, statuses).forEach((text) => console.error(`note: ${text}`));
      }
      if (found || remarks.some(({ outstanding }) => outstanding)) process.exitCode = EXIT.found;
    });
}

interface Judged {
  readonly host: HostConfig;
  /** Undefined where it did not answer; then that is what was found. */
  readonly status: HostStatus | undefined;
  readonly findings: readonly string[];
}

function judged(config: StackConfig): (answer: Answer<HostStatus>) => Judged {
  return ({ host, said, problem }) =>
    said === undefined
      ? { host, status: undefined, findings: [problem] }
      : { host, status: said, findings: findingsOf(config, host, said) };
}

function forPrograms({ host, status, findings }: Judged): object {
  return { host: host.name, address: host.address, findings, status: status ?? null };
}

function textOf({ host, text }: ReturnType<typeof remarkOn>): string {
  return `${host}: not dialled\n  ${text}`;
}

function renderHost(config: StackConfig, { host, status, findings }: Judged): string {
  const title = `${host.name} (${host.address})`;
  const head =
    findings.length === 0 ? `${title}: as the file says` : strong(`${title}: not as the file says`);
  const lines = findings.map((finding) => strong(`  ! ${finding}`));
  const rest = status === undefined || status.owner === null ? [] : facts(config, status);
  return [head, ...lines, ...rest].join("\n");
}

function facts(config: StackConfig, status: StatusInForce): string[] {
  const { digest, nginx, refusedByNginx, wouldRefuse } = status;
  return [
    `  document ${digest}; lqptctl ${status.lqptctl}; nginx ${nginx.version ?? "unknown"}; Leqi at ${nginx.leqi.join(", ") || "no known address"}`,
    ...(nginx.certificateUntil === null
      ? []
      : [`  the listener's certificate ends ${nginx.certificateUntil}`]),
    ...whitelist(config, status).map((line) => `  ${line}`),
    ...refusedByNginx.map(
      ({ peer, requests, lastSeen }) => `  refused by nginx: ${peer}, ${requests} times, last ${lastSeen}`,
    ),
    ...wouldRefuse.map(
      ({ method, path, requests }) => `  site.enforce would refuse: ${method} ${path}, ${requests} times`,
    ),
  ];
}

function whitelist(config: StackConfig, { whitelist: sources }: StatusInForce): string[] {
  const owners = new Map(config.sources.map(({ cidr, owner }) => [cidr, owner]));
  return columns([
    ["SOURCE", "SINCE", "FIRST SEEN", "LAST SEEN", "CALLS", "OWNER"],
    ...sources.map(({ source, since, until, firstSeen, lastSeen, requests }) => [
      ...[source, since ?? "-", firstSeen ?? "-", lastSeen ?? "-", String(requests)],
      until === null
        ? (owners.get(source) ?? "nobody in the file")
        : `at the console, until ${new Date(until * 1000).toISOString()}`,
    ]),
  ]);
}
