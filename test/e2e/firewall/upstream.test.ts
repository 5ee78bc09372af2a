import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { callLeqi, leqiUrl } from "../../support/samples";
import { kindsOf } from "../kinds";
import { ARMED, Tool, type Wanted } from "./direct";

const LISTED = "203.0.113.9";
const WANTED: Wanted = { allow: [LISTED] };
/** Longer than Leqi here keeps a connection that nobody uses. */
const IDLE_MS = 7000;

describeLab.each(kindsOf("bookworm"))("nginx's connections to Leqi on a %s host", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  beforeAll(async () => {
    lab = await Lab.start();
    [host, listed] = await Promise.all([lab.host("proxy-1", { kind }), lab.client(LISTED)]);
    tool = new Tool(host);
    expect(await tool.install()).toMatchObject({ exitCode: 0 });
    expect(await tool.dial({ ...WANTED, mode: "external" })).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  it("are opened anew when firewalld is started under them, so that no later call fails by a dead one", async () => {
    const calls = await listed.watch({ url: leqiUrl(host.address), perSecond: 50 });
    expect(await tool.dial(WANTED)).toMatchObject({ exitCode: ARMED });
    expect((await calls.stop()).succeeded).toBeGreaterThan(10);
    await sleep(IDLE_MS);
    expect(await tool.dial(WANTED)).toMatchObject({ exitCode: 0 });
    const later = await Promise.all(Array.from({ length: 20 }, () => callLeqi(listed, host.address)));
    expect(later.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
