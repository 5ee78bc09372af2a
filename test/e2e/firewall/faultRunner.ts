import { describeLab } from "../../support/prepare";
import { callLeqi, leqiUrl } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { guarded, inside, outside, silent } from "./direct";
import type { Fault } from "./faults";
import { AFTER, BEFORE, Standing } from "./standing";
import { LQPTCTL } from "./tool";

/**
 * A test for each fault, judged from outside, on hosts that stand.
 *
 * @param prepare a line of shell, run once before the first of them
 */
export function describeFaults(what: string, faults: readonly Fault[], prepare = "true"): void {
  describeLab.each(kindsOf("bookworm"))(`${what} of a %s host while its list changes`, (kind) => {
    let standing: Standing;
    beforeAll(async () => {
      standing = await Standing.start(kind);
      await standing.host.mustExec(prepare);
    });
    afterAll(() => standing.stop());

    it.each(
      faults.filter(({ slow }) => slow === undefined || FULL).map((fault) => [fault.name, fault] as const),
    )(
      "%s: strangers stay out, SSH stays, it is told by its code, and mended, the next apply converges",
      async (_, fault) => {
        const { host, tool, gone, listed, stranger } = standing;
        expect((await tool.converge(BEFORE)).exitCode).toBe(0);
        const url = leqiUrl(host.address);
        const expected = fault.on?.[kind] ?? fault;
        const watches = [
          fault.stranger === undefined ? outside(stranger, host) : silent(stranger, url),
          ...(expected.listed === undefined ? [inside(listed, url)] : []),
        ];
        const wrong = await guarded(watches, async () => {
          await (typeof fault.inject === "string" ? host.mustExec(fault.inject) : fault.inject(tool));
          const status = await host.exec(`${LQPTCTL} status`, { timeoutMs: 200_000 });
          const reached = await standing.reaches(stranger);
          const { exitCode, all } = await tool.dial(AFTER);
          const ssh = await host.ssh("true");
          return [
            ...(fault.status === undefined || fault.status.test(status.all) ? [] : [`status: ${status.all}`]),
            ...(reached === (fault.stranger !== undefined)
              ? []
              : [`the stranger ${reached ? "gets" : "does not get"} a handshake`]),
            ...(exitCode === expected.exit ? [] : [`ended with ${String(exitCode)}`]),
            ...expected.says
              .filter((words) => !all.includes(words))
              .map((words) => `"${words}" is not in ${all}`),
            ...(ssh.exitCode === 0 ? [] : [`SSH: ${ssh.all}`]),
          ];
        });
        const cut = fault.gone === undefined || !(await standing.reaches(gone));
        await host.mustExec(fault.mend);
        const again = await tool.converge(AFTER);
        expect([
          ...wrong,
          ...(cut ? [] : ["whoever was to go still gets in"]),
          ...(again.exitCode === 0 ? [] : [`mended: ${again.all}`]),
          ...(await tool.deviations(AFTER)),
        ]).toEqual([]);
        expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
        expect(await standing.reaches(stranger)).toBe(false);
      },
    );
  });
}
