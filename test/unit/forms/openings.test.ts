import type { StackConfig } from "../../../config/types";
import { renderDocx } from "../../../forms/docx";
import { openingsForm } from "../../../forms/openings";
import { renderText } from "../../../forms/text";
import { sampleConfig, sampleHost, source } from "../sampleConfig";
import { linesOfForm, readBack } from "./readBack";

const SECOND = { ...sampleHost, name: "proxy-2", address: "203.0.113.11" };
const JUMP = { ...sampleHost, name: "jump-1", address: "10.30.0.2", port: 2222 };

const CONFIG: StackConfig = {
  ...sampleConfig(),
  customer: { name: "某某有限公司", creditCode: "91310000MA1FL0001X" },
  registeredIp: "203.0.113.10",
  sources: [
    source("49.4.83.185", { owner: "group (集团), prod", from: "Pulumi.prod.yaml" }),
    source("198.51.100.0/28"),
  ],
  hosts: [sampleHost, SECOND],
};

/** The rows of the table with this caption; undefined where there is none. */
const rowsOf = (config: StackConfig, caption: RegExp) =>
  openingsForm(config, "en").tables.find((table) => caption.test(table.caption))?.rows;
const notesOf = (config: StackConfig) => openingsForm(config, "en").lists.flatMap(({ items }) => items);

test.each(["zh", "en"] as const)("the application for openings, as text, in %s", (language) => {
  expect(renderText(openingsForm(CONFIG, language))).toMatchSnapshot();
});

test.each(["zh", "en"] as const)(
  "read back by another library the .docx has all of it, in %s",
  async (language) => {
    const form = openingsForm(CONFIG, language);
    expect(await readBack(await renderDocx(form))).toEqual(linesOfForm(form));
  },
);

test("every row is as long as its table's head", () => {
  for (const { head, rows } of openingsForm(CONFIG, "zh").tables) {
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
  }
});

test("a source is let through to all hosts by one row", () => {
  expect(rowsOf(CONFIG, /proxy$/)).toEqual([
    [
      "49.4.83.185",
      "group (集团), prod",
      ["203.0.113.10", "203.0.113.11"],
      ["proxy-1", "proxy-2"],
      "TCP 8864",
    ],
    ["198.51.100.0/28", "ACME", ["203.0.113.10", "203.0.113.11"], ["proxy-1", "proxy-2"], "TCP 8864"],
  ]);
});

describe("an address that two hosts share", () => {
  const own = new Map([
    ["proxy-1", "10.0.0.11"],
    ["proxy-2", "10.0.0.12"],
  ]);
  const vip = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own };

  it("is where sources lead, and the two must hear each other", () => {
    expect(rowsOf({ ...CONFIG, vip }, /proxy$/)?.map((row) => row.slice(2))).toEqual(
      Array(2).fill(["10.0.0.100", "the shared address, of proxy-1 or proxy-2", "TCP 8864"]),
    );
    expect(rowsOf({ ...CONFIG, vip }, /^Between/)).toEqual([
      ["10.0.0.11", "proxy-1", "10.0.0.12", "proxy-2", "VRRP (IP protocol 112), TCP 8864"],
      ["10.0.0.12", "proxy-2", "10.0.0.11", "proxy-1", "VRRP (IP protocol 112), TCP 8864"],
    ]);
    expect(rowsOf(CONFIG, /^Between/)).toBeUndefined();
  });

  it.each(["zh", "en"] as const)("asks for ARP, and for the registered IP on both, in %s", (language) => {
    const { lists } = openingsForm({ ...CONFIG, vip }, language);
    expect(lists.flatMap(({ items }) => items).slice(0, 5)).toMatchSnapshot();
  });
});

test("a host without DNS is let through to addresses, and the platform is named beside them", () => {
  const config = { ...CONFIG, leqi: { ...CONFIG.leqi, addresses: ["192.0.2.1", "192.0.2.2"] } };
  const [row] = rowsOf(config, /^Outbound/) ?? [];
  expect(row?.slice(2)).toEqual([
    ["192.0.2.1", "192.0.2.2"],
    "the tax bureau's Leqi platform lqpt.chinatax.gov.cn",
    "TCP 8443",
  ]);
});

test("a host that is out keeps its openings, and is said to be out", () => {
  const config = { ...CONFIG, hosts: [sampleHost, { ...SECOND, state: "out" as const }] };
  for (const caption of [/proxy$/, /SSH/]) {
    expect(rowsOf(config, caption)?.[0]?.[3]).toEqual(["proxy-1", "proxy-2 (out of service)"]);
  }
  expect(notesOf(config).join()).toContain("out of service");
  expect(notesOf(CONFIG).join()).not.toContain("out of service");
  expect(renderText(openingsForm(config, "zh"))).toContain("proxy-1、proxy-2（停用中）");
});

describe("the way of SSH", () => {
  const OPERATOR = ["the operator's egress address (please fill in)", "the operator's network"];

  it("leads from the operator to each sshd, one row for each port", () => {
    const hosts = [sampleHost, SECOND, { ...SECOND, name: "proxy-3", address: "203.0.113.12", port: 2022 }];
    expect(rowsOf({ ...CONFIG, hosts }, /SSH/)).toEqual([
      [...OPERATOR, ["203.0.113.10", "203.0.113.11"], ["proxy-1", "proxy-2"], "TCP 22"],
      [...OPERATOR, ["203.0.113.12"], ["proxy-3"], "TCP 2022"],
    ]);
  });

  it("leads to a bastion once, and from it to its hosts", () => {
    const hosts = [sampleHost, SECOND].map((host) => ({ ...host, bastion: JUMP }));
    expect(rowsOf({ ...CONFIG, hosts }, /SSH/)).toEqual([
      [...OPERATOR, "10.30.0.2", "bastion jump-1", "TCP 2222"],
      ["10.30.0.2", "bastion jump-1", ["203.0.113.10", "203.0.113.11"], ["proxy-1", "proxy-2"], "TCP 22"],
    ]);
  });

  it("is not asked for to a host that nobody dials", () => {
    const bundle = { ...SECOND, delivery: "bundle" as const };
    expect(rowsOf({ ...CONFIG, hosts: [sampleHost, bundle] }, /SSH/)?.map((row) => row[3])).toEqual([
      ["proxy-1"],
    ]);
    expect(rowsOf({ ...CONFIG, hosts: [bundle] }, /SSH/)).toBeUndefined();
    expect(notesOf({ ...CONFIG, hosts: [bundle] }).join()).not.toContain("SSH");
  });
});

test("what must be known and is not is asked for; what need not be has no row", () => {
  const form = openingsForm({ ...CONFIG, customer: undefined, registeredIp: undefined }, "zh");
  expect(form.facts).toEqual([
    ["客户名称", "（请填写）"],
    ["乐企ID", "ACME0001"],
    ["环境", "正式环境"],
    ["备案的出口IP", "（请填写）"],
    ["代理访问地址", "http://203.0.113.10:8864"],
  ]);
});
