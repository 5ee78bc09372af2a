import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolchain } from "../../tools/toolchain";
import { type Client, type Host, Lab } from "../support/lab";
import { LEQI_NAME } from "../support/leqi";
import { bringProgram, labUnavailable, prepareLab } from "../support/prepare";
import { ADDRESSES, LEQI_PATH, PORT, sampleSecrets, sampleValues } from "../support/samples";
import { Stack } from "../support/stack";
import type { Outcome } from "./support/outcome";
import { median } from "./support/stopwatch";

export const about = "wrk through our site, through a plain proxy_pass and directly, Leqi being 20 ms away";

const ROUND_TRIP_MS = 20;
const ROUNDS = 3;
const SECONDS = 6;
/** Few, where each call waits for the distance alone; many, where the machine's two cores are what limits. */
const LOADS = { few: 8, many: 128 } as const;
type Load = keyof typeof LOADS;
/** One client stands for all that there are. */
const UNLIMITED = { requestsPerSecond: 10_000, burst: 10_000 };
/** At least three times the throughput. */
const LEAST_GAIN = 1 / 3;

/** What the vendor's document leaves whoever follows it with: nginx's defaults. */
const PLAIN = `server {
    listen ${PORT};
    location / {
        proxy_pass https://${LEQI_NAME}:8443;
        proxy_ssl_server_name on;
    }
}
`;

const LUA = `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
`;

interface Measured {
  readonly perSecond: number;
  readonly medianMs: number;
}

export async function run(): Promise<Outcome> {
  const reason = labUnavailable();
  if (reason !== undefined) throw new Error(`this machine cannot have VM-like hosts: ${reason}`);
  await bringProgram(console.error, "wrk");
  await toolchain();
  await prepareLab(console.error, ["bookworm"]);
  const lab = await Lab.start();
  let stack: Stack | undefined;
  try {
    const [ours, plain, client] = await Promise.all([
      lab.host("proxy-1", { kind: "bookworm" }),
      lab.host("proxy-2", { kind: "bookworm" }),
      lab.client(ADDRESSES.listed),
    ]);
    const relay = await lab.relay(ROUND_TRIP_MS);
    await Promise.all([ours, plain].map(async (host) => goThere(host, relay)));
    stack = await Stack.create({
      ...{
        runner: lab.operator,
        toolchain: await toolchain(),
        values: { ...sampleValues(ours), site: { limits: UNLIMITED } },
      },
      secrets: sampleSecrets(lab.operatorKey, ours),
    });
    const { exitCode, all } = await stack.up();
    if (exitCode !== 0) throw new Error(`pulumi up ended with ${String(exitCode)}, expected 0:\n${all}`);
    await setUpPlain(plain);
    return await compare(lab, client, {
      ours: `http://${ours.address}:${PORT}${LEQI_PATH}`,
      plain: `http://${plain.address}:${PORT}${LEQI_PATH}`,
      direct: `https://${relay}:8443${LEQI_PATH}`,
    });
  } finally {
    stack?.dispose();
    await lab.stop();
  }
}

async function goThere(host: Host, relay: string): Promise<void> {
  await host.mustExec(
    `sed '/${LEQI_NAME}/d' /etc/hosts >/run/hosts && echo '${relay} ${LEQI_NAME}' >>/run/hosts && cat /run/hosts >/etc/hosts`,
  );
}

async function setUpPlain(host: Host): Promise<void> {
  await host.mustExec(
    "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends nginx",
    { timeoutMs: 300_000 },
  );
  await host.write("/etc/nginx/conf.d/lqpt.conf", PLAIN);
  await host.mustExec("nginx -t && systemctl restart nginx");
}

/** What is measured, with whether Leqi takes up TLS sessions again: only whoever connects anew for each call feels it. */
const SIDES = { ours: true, plain: false, "plain, sessions resumed": true, direct: true } as const;
type Side = keyof typeof SIDES;

type Found = Record<Load, Record<Side, Measured[]>>;

/** By turns, so that what else the machine does falls on all alike. */
async function compare(
  lab: Lab,
  client: Client,
  urls: Readonly<Record<"ours" | "plain" | "direct", string>>,
): Promise<Outcome> {
  const found: Found = { few: noneYet(), many: noneYet() };
  const all = { ...urls, "plain, sessions resumed": urls.plain };
  let reused = 1;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [load, name] of TURNS) {
      await lab.leqi.resume(SIDES[name]);
      await lab.leqi.clear();
      const measured = await drive(client, all[name], LOADS[load]);
      console.error(
        `round ${round} of ${ROUNDS}, ${LOADS[load]} connections: ${name} ${measured.perSecond.toFixed(0)}/s, median ${measured.medianMs.toFixed(1)} ms`,
      );
      // The first warms everything up.
      if (round === 0) continue;
      found[load][name].push(measured);
      if (name === "ours") {
        reused = Math.min(reused, 1 - (await lab.leqi.connections()) / (await lab.leqi.requests()).length);
      }
    }
  }
  return outcome(found, reused);
}

const TURNS = (Object.keys(LOADS) as Load[]).flatMap((load) =>
  (Object.keys(SIDES) as Side[]).map((side) => [load, side] as const),
);

function noneYet(): Record<Side, Measured[]> {
  return { ours: [], plain: [], "plain, sessions resumed": [], direct: [] };
}

function outcome(found: Readonly<Found>, reused: number): Outcome {
  const middle = (load: Load, side: Side, key: keyof Measured): number =>
    median(found[load][side].map((measured) => measured[key]));
  const to = (load: Load, side: Side): number =>
    middle(load, side, "perSecond") / middle(load, "ours", "perSecond");
  const aboveDirect = middle("few", "ours", "medianMs") - middle("few", "direct", "medianMs");
  return {
    figures: [
      ...TURNS.map(
        ([load, side]) =>
          `${LOADS[load]} connections: ${side} ${middle(load, side, "perSecond").toFixed(0)}/s ${middle(load, side, "medianMs").toFixed(1)} ms`,
      ),
      `connections used again ${(reused * 100).toFixed(2)} %`,
    ],
    ratios: [
      { name: "plain's throughput to ours", value: to("few", "plain"), goal: LEAST_GAIN },
      // Of a handshake that is resumed three round trips are left to one of ours: no more than 3 is to be had.
      {
        name: "with sessions resumed",
        value: to("few", "plain, sessions resumed"),
        goal: LEAST_GAIN,
      },
      { name: "of many, plain's", value: to("many", "plain"), goal: LEAST_GAIN },
      {
        name: "of many, with sessions resumed",
        value: to("many", "plain, sessions resumed"),
        goal: LEAST_GAIN,
      },
      { name: "ms above direct", value: aboveDirect, goal: 1 },
      { name: "new connections to calls", value: 1 - reused, goal: 0.01 },
    ],
  };
}

async function drive(client: Client, url: string, connections: number): Promise<Measured> {
  const script = join(tmpdir(), "lqpt-bench-post.lua");
  writeFileSync(script, LUA);
  const { exitCode, all } = await client.run(
    "wrk",
    [`-t1`, `-c${connections}`, `-d${SECONDS}s`, "--latency", "-s", script, url],
    { timeoutMs: 60_000 },
  );
  const [, perSecond] = /Requests\/sec: +([\d.]+)/.exec(all) ?? [];
  const [, latency, unit] = /50% +([\d.]+)(us|ms|s)/.exec(all) ?? [];
  if (
    exitCode !== 0 ||
    perSecond === undefined ||
    latency === undefined ||
    /Non-2xx|Socket errors/.test(all)
  ) {
    throw new Error(`wrk at ${url} ended with ${String(exitCode)}, expected figures and no error:\n${all}`);
  }
  return {
    perSecond: Number(perSecond),
    medianMs: Number(latency) * { us: 0.001, ms: 1, s: 1000 }[unit as "ms"],
  };
}
