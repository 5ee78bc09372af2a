import { parseArgs } from "node:util";
import { toolchain } from "../tools/toolchain";
import { Lab, type Client } from "./support/lab";
import { labUnavailable, prepareLab } from "./support/prepare";
import { Stack } from "./support/stack";

const USAGE = `npm run demo            the whole job before your eyes, on two VM-like hosts, then tidied up
npm run demo -- --keep  the same, left standing until you press Ctrl-C, with how to look around`;

const PORT = 8864;
const FIRST = "203.0.113.9";
const SECOND = "198.51.100.66";

/** Tells what happens, so that the output reads as a story. */
function tell(text: string): void {
  console.log(`\n\x1b[1m${text}\x1b[0m`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const reason = labUnavailable();
  if (reason !== undefined) {
    console.error(`the demo needs VM-like hosts, and this machine cannot have them: ${reason}`);
    return 1;
  }
  const log = (line: string): void => {
    console.log(line);
  };
  const tools = await toolchain({ log });
  await prepareLab(log);

  tell(
    "Two machines are booted: systemd, sshd, no nginx, firewalld off. Beside them a Leqi, an apt mirror, two clients.",
  );
  const started = Date.now();
  const lab = await Lab.start();
  try {
    await story(lab, tools, values.keep === true);
  } finally {
    await lab.stop();
  }
  tell(
    `Tidied up: no process, mount or network of it is left. ${((Date.now() - started) / 1000).toFixed(0)} s in all.`,
  );
  return 0;
}

async function story(lab: Lab, tools: Awaited<ReturnType<typeof toolchain>>, keep: boolean): Promise<void> {
  const [one, two, first, second] = await Promise.all([
    lab.host("proxy-1"),
    lab.host("proxy-2", { kind: "trixie" }),
    lab.client(FIRST),
    lab.client(SECOND),
  ]);
  const entry = (host: typeof one) => ({
    address: host.address,
    user: "root",
    auth: "key",
    hostKey: host.hostKey("ed25519"),
  });
  const stack = await Stack.create({
    runner: lab.operator,
    toolchain: tools,
    values: {
      id: "acme-7f3a",
      environments: ["prod"],
      topology: "public-cloud",
      leqiId: "ACME0001",
      allow: { [FIRST]: "ACME back office" },
      hosts: { "proxy-1": entry(one), "proxy-2": entry(two) },
      listen: { tls: "none" },
    },
    secrets: { "proxy-1.privateKey": lab.operatorKey, "proxy-2.privateKey": lab.operatorKey },
  });
  try {
    const fortunes = async (): Promise<void> => {
      for (const host of [one, two]) {
        for (const client of [first, second]) {
          console.log(
            `  ${client.address.padEnd(14)} → ${host.name}: ${await fortune(client, host.address)}`,
          );
        }
      }
    };

    tell(`The stack's file, ${stack.file}:`);
    console.log(stack.readText().replace(/secure: .*/g, "secure: …"));
    tell("Before anything is done:");
    await fortunes();

    tell("pulumi up: both machines are made what the file says.");
    show(await stack.up(), /^\s+[+~-] /);
    await fortunes();

    tell(`In the file ${FIRST} is replaced by ${SECOND}. pulumi preview shows what that means:`);
    stack.change({ allow: { [SECOND]: "ACME new back office" } });
    show(await stack.preview(), /^\s+[+~-] /);
    tell("pulumi up:");
    show(await stack.up(), /^\s+[+~-] |Resources:|changed|created|updated|deleted/);
    await fortunes();

    tell("pulumi up once more: nothing is left to do.");
    show(await stack.up(), /unchanged/);
    tell("What came out, read back from the machines:");
    console.log(JSON.stringify(await stack.outputs(), null, 2));
    if (keep) {
      await leaveStanding(lab, stack);
    }
  } finally {
    stack.dispose();
  }
}

/** What a client gets, in a person's words. */
async function fortune(client: Client, address: string): Promise<string> {
  const answer = await client.post(`http://${address}:${String(PORT)}/access/v2/invoke/202007/CXKYSL`, {
    headers: { "Content-Type": "application/json", jrdwptbh: "ACME0001", sydwptbh: "ACME0001" },
  });
  return answer.outcome === "answered"
    ? `through to Leqi and back: ${String(answer.status)} ${answer.body}`
    : `nothing, not even a handshake (${answer.outcome})`;
}

function show(run: { exitCode: number; all: string }, wanted: RegExp): void {
  if (run.exitCode !== 0) {
    throw new Error(`pulumi ended with ${String(run.exitCode)}:\n${run.all}`);
  }
  console.log(
    run.all
      .split("\n")
      .filter((line) => wanted.test(line))
      .join("\n"),
  );
}

async function leaveStanding(lab: Lab, stack: Stack): Promise<void> {
  tell("It is left standing. To look around, in another terminal:");
  const exports = Object.entries(stack.env).map(([key, value]) => `export ${key}='${value}'`);
  console.log(
    [
      `ip netns exec ${lab.operator.namespace} bash      # the place from which the machines are reached; there:`,
      `  cd ${stack.folder}`,
      ...exports.map((line) => `  ${line}`),
      `  pulumi preview --stack ${stack.name}`,
      `  ssh -i ${lab.operatorKeyFile} root@${lab.hosts[0]?.address ?? ""} lqptctl status`,
      "",
      "Ctrl-C here tidies up.",
    ].join("\n"),
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
    const alive = setInterval(() => undefined, 60_000);
    alive.unref();
    process.stdin.resume();
  });
}

void main().then(
  (status) => {
    process.exit(status);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
