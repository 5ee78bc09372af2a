import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi, leqiUrl } from "../../support/samples";
import { FULL, kindsOf } from "../kinds";
import { Tool, guarded, inside, outside, silent } from "./direct";
import { AFTER, BEFORE, FAULTS, GONE, LISTED, TOOL } from "./faults";

describeLab.each(kindsOf("bookworm"))("a fault of a %s host while its list changes", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let gone: Client;
  let stranger: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed, gone, stranger] = await Promise.all([
      lab.host("proxy-1", { kind, firewalld: "running" }),
      lab.client(LISTED),
      lab.client(GONE),
      lab.stranger(),
    ]);
    tool = new Tool(host);
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  it.each(
    FAULTS.filter(({ slow }) => slow === undefined || FULL).map((fault) => [fault.name, fault] as const),
  )(
    "%s: strangers stay out, SSH stays, it is told by its code, and mended, the next apply converges",
    async (_, fault) => {
      expect((await tool.converge(BEFORE)).exitCode).toBe(0);
      const url = leqiUrl(host.address);
      const watches = [
        fault.stranger === undefined ? outside(stranger, host) : silent(stranger, url),
        ...(fault.listed === undefined ? [inside(listed, url)] : []),
      ];
      const wrong = await guarded(watches, async () => {
        await (typeof fault.inject === "string" ? host.mustExec(fault.inject) : fault.inject(tool));
        const status = await host.exec(`${TOOL} status`, { timeoutMs: 200_000 });
        const seen = await stranger.connects(host.address, PORT);
        const { exitCode, all } = await tool.dial(AFTER);
        const ssh = await host.ssh("true");
        return [
          ...(fault.status === undefined || fault.status.test(status.all) ? [] : [`status: ${status.all}`]),
          ...((seen === "open") === (fault.stranger !== undefined) ? [] : [`the stranger: ${seen}`]),
          ...(exitCode === fault.exit ? [] : [`ended with ${String(exitCode)}`]),
          ...fault.says.filter((words) => !all.includes(words)).map((words) => `"${words}" is not in ${all}`),
          ...(ssh.exitCode === 0 ? [] : [`SSH: ${ssh.all}`]),
        ];
      });
      const cut = fault.gone === undefined || (await gone.connects(host.address, PORT)) !== "open";
      await host.mustExec(fault.mend);
      const again = await tool.converge(AFTER);
      expect([
        ...wrong,
        ...(cut ? [] : ["whoever was to go still gets in"]),
        ...(again.exitCode === 0 ? [] : [`mended: ${again.all}`]),
        ...(await tool.deviations(AFTER)),
      ]).toEqual([]);
      expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
    },
  );
});
