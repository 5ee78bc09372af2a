import type { Client, Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { PORT, callLeqi } from "../../support/samples";
import { kindsOf } from "../kinds";
import type { Tool } from "./direct";
import { installed } from "./installed";

const LISTED = "203.0.113.9";
const OTHERS = ["49.4.83.185", "82.157.180.203"];

// Since firewalld 2 the kernel has no rules of a zone that no traffic enters any more.
describeLab.each(kindsOf("trixie"))("a %s host whose traffic enters by another zone than before", (kind) => {
  let lab: Lab;
  let host: Host;
  let tool: Tool;
  let listed: Client;
  let stranger: Client;
  beforeAll(async () => {
    ({ lab, host, tool, listed, stranger } = await installed(kind, LISTED));
    expect(await tool.converge({ allow: [LISTED, ...OTHERS] })).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => lab.stop());

  it.each(["internal", "public"])(
    "%s: the next apply serves whoever is listed, and nobody else",
    async (zone) => {
      await host.mustExec(`firewall-cmd -q --set-default-zone=${zone}`);
      expect(await tool.apply({ allow: [LISTED, ...OTHERS] })).toMatchObject({ exitCode: 0 });
      expect(await callLeqi(listed, host.address)).toMatchObject({ status: 200 });
      expect(await stranger.connects(host.address, PORT)).not.toBe("open");
      expect(await host.mustExec(`firewall-cmd --zone=${zone} --list-rich-rules`)).toContain(LISTED);
    },
  );
});
