import { toolchain } from "../../tools/toolchain";
import { Lab } from "../support/lab";
import { describeLab } from "../support/prepare";
import { type Agent, startAgent } from "./agent";
import type { Context, Row } from "./context";
import { COPIES } from "./rows/copies";
import { copyThrough } from "./rows/copiesRuns";
import { COPY_FAILURES, failToCopy } from "./rows/copyFailures";
import { FAILURES, fail } from "./rows/failures";
import { GENERATED, generate } from "./rows/generated";
import { LIFECYCLE } from "./rows/lifecycle";
import { liveThrough } from "./rows/lifecycleRuns";
import { LOGINS, logIn } from "./rows/logins";
import { startSshds } from "./sshd";

/**
 * What the real Pulumi engine does with the provider plugins and a real sshd. The same table holds for the stand-ins
 * and, with LQPT_PLUGINS, for the official plugins: what is written here is what the product may rely on.
 */
describeLab("the provider plugins", () => {
  let lab: Lab | undefined;
  let agent: Agent | undefined;
  let runs: Promise<Runs> | undefined;

  beforeAll(async () => {
    lab = await Lab.start();
    const [host, chain] = await Promise.all([lab.host("sshd"), toolchain()]);
    const keys = await startSshds(host);
    agent = await startAgent(keys.user, lab.folder);
    runs = runAll({ chain, runner: lab.operator, host, keys, folder: lab.folder, agent: agent.socket });
    // Each part's rows report its failure; here it would only be reported as unhandled.
    await runs.catch(() => undefined);
  }, 300_000);

  afterAll(async () => {
    agent?.stop();
    await lab?.stop();
  });

  const table = <Part extends keyof Runs>(part: Part, rows: readonly Row<Runs[Part]>[]): void => {
    it.each(rows.map((row) => [...row] as [string, Row<Runs[Part]>[1]]))("%s", async (_, check) => {
      if (runs === undefined) {
        throw new Error("the runs that this row looks at did not come about; see the error above");
      }
      check((await runs)[part]);
    });
  };

  describe("remote.Command through its life", () => table("lifecycle", LIFECYCLE));
  describe("remote.Command's ways to log in", () => table("logins", LOGINS));
  describe("remote.Command when it fails", () => table("failures", FAILURES));
  describe("remote.CopyToRemote through its life", () => table("copies", COPIES));
  describe("remote.CopyToRemote when it fails", () => table("copyFailures", COPY_FAILURES));
  describe("random and tls", () => table("generated", GENERATED));
});

interface Runs {
  readonly lifecycle: Awaited<ReturnType<typeof liveThrough>>;
  readonly logins: Awaited<ReturnType<typeof logIn>>;
  readonly failures: Awaited<ReturnType<typeof fail>>;
  readonly copies: Awaited<ReturnType<typeof copyThrough>>;
  readonly copyFailures: Awaited<ReturnType<typeof failToCopy>>;
  readonly generated: Awaited<ReturnType<typeof generate>>;
}

/** Two stacks at a time, and beside them the logins, which wait far more than they work. */
async function runAll(context: Context): Promise<Runs> {
  const [logins, [lifecycle, copyFailures], [failures, generated, copies]] = await Promise.all([
    logIn(context),
    liveThrough(context).then(async (lifecycle) => [lifecycle, await failToCopy(context)] as const),
    fail(context).then(
      async (failures) => [failures, await generate(context), await copyThrough(context)] as const,
    ),
  ]);
  return { lifecycle, logins, failures, copies, copyFailures, generated };
}
