import type { Command } from "commander";
import type { HostConfig, StackConfig } from "../config/types";
import type { DeliveryRemark } from "../documents/delivery";
import type { HostStatus, StatusInForce } from "../documents/statusReport";
import type { Answer } from "../fleet/askHosts";
import { askStatus } from "../fleet/askStatus";
import { type FileFinding, findingsOf, spentRemovals } from "../fleet/findings";
import { holderFindings } from "../fleet/holders";
import { remarkOn } from "../fleet/remarks";
import { loginSecretsOf } from "../fleet/loginSecrets";
import { chosenHosts, Progress, saidOfNoHosts } from "./hosts";
import type { Language } from "../words/language";
import { STATUS_WORDS, type StatusWords } from "../words/status";
import { columns, EXIT, languageOption, printJson, project, strong } from "./output";

interface Options {
  readonly json?: true;
  readonly lang: Language;
}

export function addStatus(program: Command): void {
  program
    .command("status")
    .description(
      "what each host of a stack says of itself: who may reach it, and what is not as the file says",
    )
    .argument("<stack>", "its name: acme-prod for Pulumi.acme-prod.yaml")
    .argument("[hosts...]", "names of hosts; default: all")
    .option("--json", "for programs: what each host said, and what is to be found in it")
    .addOption(languageOption("of the report"))
    .addHelpText(
      "after",
      "\nDials the hosts over SSH and changes nothing there. Ends with 1 where a host does not answer, is not as the file\nsays, or tells health checks that it is not to be called. Secrets are decrypted by Pulumi, where reaching a host takes any.",
    )
    .action(async (stack: string, names: readonly string[], { json, lang }: Options) => {
      const folder = project();
      const { config, dialled, untouched } = chosenHosts(folder, stack, names);
      const secrets = await loginSecretsOf(folder.path, stack, dialled);
      const progress = new Progress(lang, "lqptctl status", dialled.length);
      progress.start();
      const answers = withHolders(
        config,
        (await askStatus(dialled, secrets, progress.told)).map(judged(config)),
      );
      const remarks = untouched.map((host) => ({ host, remark: remarkOn(folder, config, host) }));
      const found = answers.some(({ findings }) => findings.length > 0);
      // Only who knows all of the stack, and finds nothing, knows what nothing needs any more.
      const isAll = !found && dialled.length === config.hosts.length;
      const statuses = answers.flatMap(({ status }) => status ?? []);
      const spent = isAll ? spentRemovals(config, statuses) : [];
      if (json) printJson({ stack, hosts: [...answers, ...remarks].map(forPrograms), spent });
      else {
        const nobody = saidOfNoHosts(config, lang);
        if (nobody !== undefined) console.log(nobody);
        else print(config, answers, remarks, spent, STATUS_WORDS[lang]);
      }
      if (found || remarks.some(({ remark }) => remark.outstanding)) process.exitCode = EXIT.found;
    });
}

interface Judged {
  readonly host: HostConfig;
  /** Null where it did not answer; then that is what was found. */
  readonly status: HostStatus | null;
  readonly findings: readonly FileFinding[];
}

function judged(config: StackConfig): (answer: Answer<HostStatus>) => Judged {
  return ({ host, said, problem }) =>
    said === undefined
      ? { host, status: null, findings: [{ kind: "silent", detail: problem }] }
      : { host, status: said, findings: findingsOf(config, host, said) };
}

/** With what only both hosts of a pair together can tell. */
function withHolders(config: StackConfig, answers: readonly Judged[]): Judged[] {
  const found = holderFindings(
    config,
    answers.map(({ host, status }) => ({ host: host.name, status })),
  );
  return answers.map((one) => ({ ...one, findings: [...one.findings, ...found] }));
}

/** One that nobody dials. */
interface Untouched {
  readonly host: HostConfig;
  readonly remark: DeliveryRemark;
}

function forPrograms({ host, ...known }: Judged | Untouched): object {
  const nothing = { findings: [], status: null, remark: null };
  return { host: host.name, address: host.address, ...nothing, ...known };
}

function print(
  config: StackConfig,
  answers: readonly Judged[],
  untouched: readonly Untouched[],
  spent: ReturnType<typeof spentRemovals>,
  words: StatusWords,
): void {
  const asked = answers.map((one) => renderHost(config, one, words));
  const others = untouched.map(
    ({ host, remark }) => `${words.notDialled(host.name)}\n  ${words.remark(remark)}`,
  );
  console.log([...asked, ...others].join("\n\n"));
  spent.forEach(({ from, what }) => console.error(words.spent(from, what)));
}

function renderHost(config: StackConfig, { host, status, findings }: Judged, words: StatusWords): string {
  const title = `${host.name} (${host.address})`;
  const head = findings.length === 0 ? words.asFile(title) : strong(words.notAsFile(title));
  const lines = findings.map((finding) => strong(`  ! ${words.findings[finding.kind](finding)}`));
  const rest = status === null || status.owner === null ? [] : facts(config, status, words);
  return [head, ...lines, ...rest.map((line) => `  ${line}`)].join("\n");
}

function facts(config: StackConfig, status: StatusInForce, words: StatusWords): string[] {
  const { digest, lqptctl, nginx, refusedByNginx, vip, wouldRefuse } = status;
  return [
    words.document(digest, lqptctl, nginx.version, nginx.leqi.join(", ")),
    ...(nginx.certificateUntil === null ? [] : [words.certificate(nginx.certificateUntil)]),
    ...(vip === null ? [] : [words.vip(vip)]),
    ...whitelist(config, status, words),
    ...refusedByNginx.map(({ peer, requests, lastSeen }) => words.refused(peer, requests, lastSeen)),
    ...wouldRefuse.map(({ method, path, requests }) => words.wouldRefuse(`${method} ${path}`, requests)),
  ];
}

function whitelist(config: StackConfig, { whitelist: sources }: StatusInForce, words: StatusWords): string[] {
  const owners = new Map(config.sources.map(({ cidr, owner }) => [cidr, owner]));
  return columns([
    words.head,
    ...sources.map(({ source, since, until, firstSeen, lastSeen, requests }) => [
      ...[source, since ?? "-", firstSeen ?? "-", lastSeen ?? "-", String(requests)],
      until === null
        ? (owners.get(source) ?? words.nobody)
        : words.temporary(new Date(until * 1000).toISOString()),
    ]),
  ]);
}
