import { parseArgs } from "node:util";
import { quoteWord } from "../documents/toolCalls";
import { type Toolchain, toolchain } from "../tools/toolchain";
import { type Client, type Host, Lab } from "./support/lab";
import { assertNothingLeft } from "./support/lifetime";
import { labUnavailable, prepareLab } from "./support/prepare";
import { ADDRESSES, LEQI_ANSWER, PORT, callLeqi, sampleSecrets, sampleValues } from "./support/samples";
import { type PulumiRun, Stack } from "./support/stack";
import { untilTold } from "./support/untilTold";

const USAGE = `npm run demo            the whole job before your eyes, on two VM-like hosts, then tidied up
npm run demo -- --keep  the same, left standing until you press Ctrl-C, with how to look around

It ends with 0 where every client got what it should at every step, else with 1; with 130 after Ctrl-C.`;

const FIRST = ADDRESSES.listed;
const SECOND = ADDRESSES.stranger;

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
  const log = (line: string): void => console.log(line);
  const tools = await toolchain({ log });
  await prepareLab(log);

  tell(
    "Two machines are booted: systemd, sshd, no nginx, firewalld off. Beside them a Leqi, an apt mirror, two clients.",
  );
  const started = Date.now();
  const told = untilTold();
  const lab = await Lab.start();
  const story = tellStory(lab, tools);
  let interrupted: boolean;
  try {
    interrupted = await Promise.race([story.then(() => false), told.then(() => true)]);
    if (interrupted) {
      tell("Interrupted: everything is taken away.");
    } else if (values.keep === true) {
      explain(lab, await story);
      await told;
    }
  } finally {
    await lab.stop();
    // An interrupted story ends here, because whatever it drove is gone.
    const stack = await story.catch(() => undefined);
    stack?.dispose();
  }
  await assertNothingLeft(lab.name);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  tell(`Tidied up: no process, mount or network of it is left. ${seconds} s in all.`);
  return interrupted ? 130 : 0;
}

/** The stack as the story leaves it; where the story fails there is none. */
async function tellStory(lab: Lab, tools: Toolchain): Promise<Stack> {
  const [one, two, first, second] = await Promise.all([
    lab.host("proxy-1"),
    lab.host("proxy-2", { kind: "trixie" }),
    lab.client(FIRST),
    lab.client(SECOND),
  ]);
  const stack = await Stack.create({
    runner: lab.operator,
    toolchain: tools,
    values: sampleValues(one, two),
    secrets: sampleSecrets(lab.operatorKey, one, two),
  });
  try {
    const check = (expected: Expected): Promise<void> => checkFortunes([one, two], [first, second], expected);

    tell(`The stack's file, ${stack.file}:`);
    console.log(stack.readText().replace(/secure: .*/g, "secure: …"));
    tell("Before anything is done:");
    await check({ [FIRST]: "nothing", [SECOND]: "nothing" });

    tell("pulumi up: both machines are made what the file says.");
    printUp(await stack.up());
    await check({ [FIRST]: "Leqi", [SECOND]: "nothing" });

    tell(`In the file ${FIRST} is replaced by ${SECOND}. pulumi preview shows what that means:`);
    stack.change({ allow: { [SECOND]: "ACME new back office" } });
    printPreview(await stack.preview());
    tell("pulumi up:");
    printUp(await stack.up());
    await check({ [FIRST]: "nothing", [SECOND]: "Leqi" });

    tell("pulumi up once more: nothing is left to do.");
    const last = await stack.up();
    printUp(last);
    if (last.steps.length > 0) {
      throw new Error(`expected nothing to be left to do, found: ${last.steps.join(", ")}`);
    }

    tell("What came out, read back from the machines:");
    console.log(JSON.stringify(await stack.outputs(), null, 2));
    return stack;
  } catch (error) {
    stack.dispose();
    throw error;
  }
}

/** What each client, by its address, is to get on every host: Leqi's answer, or not even a TCP connection. */
type Expected = Readonly<Record<string, "Leqi" | "nothing">>;

/** Prints what each client gets on each host. Errors: a list of those who got something else than expected. */
async function checkFortunes(
  hosts: readonly Host[],
  clients: readonly Client[],
  expected: Expected,
): Promise<void> {
  const wrong: string[] = [];
  for (const host of hosts) {
    for (const client of clients) {
      const { got, words } = await fortune(client, host.address);
      const line = `${client.address.padEnd(14)} → ${host.name}: ${words}`;
      console.log(`  ${line}`);
      const wanted = expected[client.address];
      if (got !== wanted) {
        wrong.push(`  ${line}; expected ${wanted === "Leqi" ? "Leqi's answer" : "nothing"}`);
      }
    }
  }
  if (wrong.length > 0) {
    throw new Error(`not every client got what it should:\n${wrong.join("\n")}`);
  }
}

/** What a client gets, for the check and in a person's words. */
async function fortune(
  client: Client,
  address: string,
): Promise<{ readonly got: "Leqi" | "nothing" | "something else"; readonly words: string }> {
  const answer = await callLeqi(client, address);
  if (answer.outcome === "answered") {
    const isLeqi = answer.status === LEQI_ANSWER.status && answer.body.includes(LEQI_ANSWER.says);
    const words = `${answer.status} ${answer.body}`;
    return isLeqi
      ? { got: "Leqi", words: `through to Leqi and back: ${words}` }
      : { got: "something else", words: `an answer that is not Leqi's: ${words}` };
  }
  // A request can also fail on an open connection, which is more than nothing.
  const connection = await client.connects(address, PORT);
  return connection === "open"
    ? { got: "something else", words: `a handshake, and then no answer (${answer.outcome})` }
    : { got: "nothing", words: `nothing, not even a handshake (${connection})` };
}

function printPreview(run: PulumiRun): void {
  printLines(run, (line) => (/^\s+[+~-] /.test(line) ? line : undefined));
}

/** What was finished, what lqptctl said meanwhile, and how much was done. */
function printUp(run: PulumiRun): void {
  const said = new Set<string>();
  printLines(run, (line) => {
    const [, sign = "", resource = "", verb = "", time = "", rest = ""] =
      /^ ([+~-]+) +\S+ (\S+) (\w+) \((\d+)s\) ?(.*)$/.exec(line) ?? [];
    if (verb.endsWith("ed")) {
      return ` ${sign} ${resource} ${verb} (${time} s)`;
    }
    const words = /lqptctl: .*/.exec(rest)?.[0];
    const saying = `   ${resource}: ${words ?? ""}`;
    if (words !== undefined && !said.has(saying)) {
      said.add(saying);
      return saying;
    }
    return /^ {4}([+~-] )?\d+ /.test(line) ? line : undefined;
  });
}

/** Prints a run's lines as `shown` has them. Errors: all that the run printed, where it failed. */
function printLines(run: PulumiRun, shown: (line: string) => string | undefined): void {
  if (run.exitCode !== 0) {
    throw new Error(`pulumi ended with ${run.exitCode}, expected 0:\n${run.all}`);
  }
  const lines = run.all.split("\n").flatMap((line) => shown(line) ?? []);
  console.log(lines.join("\n"));
}

function explain(lab: Lab, stack: Stack): void {
  tell("It is left standing. To look around, in another terminal:");
  const exports = Object.entries(stack.env).map(([name, value]) => `export ${name}=${quoteWord(value)}`);
  console.log(
    [
      `ip netns exec ${lab.operator.namespace} bash      # the place from which the machines are reached; there:`,
      `  cd ${quoteWord(stack.folder)}`,
      ...exports.map((line) => `  ${line}`),
      `  pulumi preview --stack ${stack.name}`,
      `  ssh -i ${quoteWord(lab.operatorKeyFile)} root@${lab.hosts[0]?.address ?? ""} lqptctl status`,
      "",
      "Ctrl-C here tidies up.",
    ].join("\n"),
  );
}

void main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
