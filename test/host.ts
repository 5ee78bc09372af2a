import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quoteWord } from "../documents/toolCalls";
import { toolchain } from "../tools/toolchain";
import type { HostKind } from "./support/hostOptions";
import { type Log, SUITES, type Suite } from "./support/image";
import { type Host, Lab } from "./support/lab";
import type { Member } from "./support/member";
import { labUnavailable, prepareLab } from "./support/prepare";
import { ADDRESSES, leqiUrl, sampleSecrets, sampleValues } from "./support/samples";
import { Stack } from "./support/stack";
import { untilTold } from "./support/untilTold";

const USAGE = `npm run host [-- OPTIONS]    a VM-like host to play with, until Enter, Ctrl-C or SIGTERM

  --suite bullseye|bookworm|trixie    the Debian release; default bookworm
  --old                               the host nearest to CentOS 7: bullseye, firewalld on iptables, zone drifting,
                                      sh = bash, LANG=C
  --firewalld off|running             default off, as on a new VM
  --help

Beside it are a Leqi that answers as the real one does, a listed client, a stranger, and a stack file for the host.`;

const NAME = "proxy-1";

interface Wishes {
  readonly kind: HostKind;
  readonly firewalld: "off" | "running";
}

async function main(): Promise<number> {
  const wishes = readArguments();
  if (typeof wishes === "number") {
    return wishes;
  }
  const reason = labUnavailable();
  if (reason !== undefined) {
    console.error(`this machine cannot have VM-like hosts: ${reason}`);
    return 1;
  }
  const log: Log = (line) => {
    console.error(line);
  };
  const tools = await toolchain({ log });
  await prepareLab(log, [wishes.kind === "old" ? "bullseye" : wishes.kind]);
  const lab = await Lab.start({ log });
  let stack: Stack | undefined;
  try {
    const [host, client, stranger] = await Promise.all([
      lab.host(NAME, wishes),
      lab.client(ADDRESSES.listed),
      lab.stranger(),
    ]);
    stack = await Stack.create({
      runner: lab.operator,
      toolchain: tools,
      values: sampleValues(host),
      secrets: sampleSecrets(lab.operatorKey, host),
    });
    const environment = { ...stack.env, LQPT_HOST: host.address };
    const enter = {
      host: doorOfHost(lab, host),
      operator: doorway(lab, "operator", lab.operator, { cwd: stack.folder, environment }),
      client: doorway(lab, "client", client),
      stranger: doorway(lab, "stranger", stranger),
    };
    console.log(description(lab, host, stack, wishes, enter));
    await untilTold({ enter: true });
  } finally {
    stack?.dispose();
    await lab.stop();
  }
  console.log("Tidied up: nothing of it is left.");
  return 0;
}

/** What is wished for, or the exit code where that is all. */
function readArguments(): Wishes | number {
  const choices = {
    suite: { type: "string" },
    old: { type: "boolean" },
    firewalld: { type: "string" },
  } as const;
  try {
    const { values } = parseArgs({ options: { ...choices, help: { type: "boolean" } } });
    if (values.help === true) {
      console.log(USAGE);
      return 0;
    }
    if (values.old === true && values.suite !== undefined) {
      throw new Error("found --old and --suite; --old is a bullseye host, so give one of the two");
    }
    const suite = oneOf<Suite>("--suite", values.suite ?? "bookworm", SUITES);
    const firewalld = oneOf("--firewalld", values.firewalld ?? "off", ["off", "running"] as const);
    return { kind: values.old === true ? "old" : suite, firewalld };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 64;
  }
}

function oneOf<T extends string>(option: string, found: string, allowed: readonly T[]): T {
  const match = allowed.find((value) => value === found);
  if (match === undefined) {
    throw new Error(`found ${option} ${JSON.stringify(found)}, expected one of ${allowed.join(", ")}`);
  }
  return match;
}

/** A command that runs another at a member's place, a shell without one. */
function doorway(
  lab: Lab,
  name: string,
  member: Member,
  {
    cwd,
    environment = {},
  }: { readonly cwd?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): string {
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=${quoteWord(value)}`);
  const place = cwd === undefined ? [] : [`cd ${quoteWord(cwd)}`];
  return script(lab, name, [
    ...[...exports, ...place, `PS1='${name} \\w # '`, "export PS1", "[ $# -gt 0 ] || set -- bash --norc"],
    `exec nsenter --net=/run/netns/${member.namespace} -- "$@"`,
  ]);
}

/** A root shell on the host that needs no network, as a VM's console does not. */
function doorOfHost(lab: Lab, host: Host): string {
  return script(lab, "host", [
    "[ $# -gt 0 ] || set -- bash --login",
    `for pid in $(ip netns pids ${host.namespace}); do`,
    "\tif grep -q '^NSpid:.*[[:space:]]1$' \"/proc/$pid/status\"; then",
    '\t\texec nsenter --target "$pid" --all env -i -C /root HOME=/root TERM="${TERM-dumb}" \\',
    '\t\t\tPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"',
    "\tfi",
    "done",
    'echo "the host is powered off" >&2',
    "exit 1",
  ]);
}

function script(lab: Lab, name: string, lines: readonly string[]): string {
  const path = join(lab.folder, name);
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755, flag: "wx" });
  return path;
}

type Entrances = Readonly<Record<"host" | "operator" | "client" | "stranger", string>>;

function description(
  lab: Lab,
  host: Host,
  stack: Stack,
  { kind, firewalld }: Wishes,
  enter: Entrances,
): string {
  const url = leqiUrl(host.address);
  return `
A ${kind} host stands, firewalld ${firewalld}.

  address      ${host.address}
  host key     ${host.hostKey()}
  SSH key      ${lab.operatorKeyFile}   (root; answers only at the operator's place)
  stack file   ${stack.file}
  Leqi         ${lab.leqi.address}:8443, known to the host as lqpt.chinatax.gov.cn
  mirror       http://${lab.mirror.address}/, the only place from which the host can install anything

From another terminal, as root:

  ${enter.host}                       # a root shell on the host, as at its console
  ${enter.operator}                   # a shell at the operator's place, in the stack's folder; or one command:
  ${enter.operator} pulumi preview --stack ${stack.name}
  ${enter.operator} pulumi up --stack ${stack.name}
  ${enter.operator} ssh -i ${lab.operatorKeyFile} -o UserKnownHostsFile=${knownHosts(lab, host)} root@${host.address}
  ${enter.client} curl -sS -m 5 -X POST ${url}      # from ${ADDRESSES.listed}, which the stack lists
  ${enter.stranger} curl -sS -m 5 -X POST ${url}    # from an address that nothing lists

Enter or Ctrl-C here takes it all away.`;
}

function knownHosts(lab: Lab, host: Host): string {
  const path = join(lab.folder, "known_hosts");
  writeFileSync(path, `${host.address} ${host.hostKey()}\n`);
  return path;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
