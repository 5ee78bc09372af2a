import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { renderBundle, REPORT_BEGIN, REPORT_END, reportIn } from "../../../documents/bundle";
import { renderDocument } from "../../../documents/document";
import { lqptctl } from "../../../documents/tool";
import { sampleConfig, sampleHost } from "../sampleConfig";

const CONFIG = sampleConfig();
const HOST = { ...sampleHost, delivery: "bundle" } as const;
const bundle = renderBundle(CONFIG, HOST);

/** The bundle with another last line. */
const runInstead = (line: string) =>
  spawnSync("sh", ["-s"], { input: bundle.text.replace(/main "\$@"\n$/, `${line}\n`), encoding: "utf8" });

test("it is named after stack and host, and its digest is that of its bytes", () => {
  expect(bundle.file).toBe(`lqpt-${CONFIG.stack}-${HOST.name}-${bundle.sha256.slice(0, 8)}.sh`);
  expect(bundle.sha256).toBe(createHash("sha256").update(bundle.text).digest("hex"));
});

test("it is the same whenever it is made", () => {
  expect(renderBundle(CONFIG, HOST)).toEqual(bundle);
});

test("it holds the document and lqptctl, byte for byte", () => {
  expect(runInstead("write_document").stdout).toBe(renderDocument(CONFIG, HOST).text);
  expect(runInstead("write_tool").stdout).toBe(lqptctl().text);
});

test("what an administrator reads first, and what runs", () => {
  const head = bundle.text.slice(0, bundle.text.indexOf("write_document()"));
  const main = bundle.text.slice(bundle.text.indexOf("\nmain() {"));
  expect(`${head}\n…\n${main}`.replaceAll(lqptctl().version, "VERSION")).toMatchSnapshot();
});

test("with keys it says first that it is secret, and brings them after lqptctl and before the document", () => {
  const pem = "-----BEGIN CERTIFICATE-----\n";
  const { text } = renderBundle({ ...CONFIG, listen: { ...CONFIG.listen, tls: "self-signed" } }, HOST, pem);
  expect(text.split("\n")[2]).toBe("#");
  expect(text.split("\n")[3]).toMatch(/^# SECRET: /);
  expect(text).not.toContain("Nothing in this file is secret");
  const order = [" install --owner", "write_keys | /usr/local/sbin/lqptctl keys", "lqptctl apply"];
  const main = text.slice(text.indexOf("\nmain() {"));
  expect(order.map((words) => main.indexOf(words))).toEqual(
    order.map((words) => main.indexOf(words)).sort((one, other) => one - other),
  );
  expect(main).toContain("write_keys |");
  expect(
    spawnSync("sh", ["-s"], { input: text.replace(/main "\$@"\n$/, "write_keys\n"), encoding: "utf8" })
      .stdout,
  ).toBe(pem);
});

test("of a file that was cut short nothing runs", () => {
  const lines = bundle.text.trimEnd().split("\n");
  for (const count of [lines.length - 1, lines.length - 5, 300, 30]) {
    const { stdout } = spawnSync("sh", ["-s"], { input: lines.slice(0, count).join("\n"), encoding: "utf8" });
    expect(stdout).toBe("");
  }
});

const REPORT =
  '{"digest":"sha256:aa","whitelist":["203.0.113.9"],"temporary":{},"warnings":["logrotate\\u0020is\\u0020missing"]}';

test.each([
  ["as it was printed", `lqpt: 2 of 2\n${REPORT_BEGIN}\n${REPORT}\n${REPORT_END}\n`],
  [
    "from a mail with Windows line ends",
    `Hello,\r\n\r\n  ${REPORT_BEGIN}\r\n  ${REPORT}\r\n  ${REPORT_END}\r\nBye\r\n`,
  ],
  [
    "broken into lines by the mail",
    `${REPORT_BEGIN}\n${REPORT.slice(0, 30)}\n${REPORT.slice(30)}\n${REPORT_END}`,
  ],
  ["twice", `${REPORT_BEGIN}\n${REPORT}\n${REPORT_END}\n> ${REPORT_BEGIN}\n> ${REPORT}\n> ${REPORT_END}\n`],
  ["the line alone", `${REPORT}\n`],
])("the report is found in what was sent back: %s", (_, sent) => {
  expect(reportIn(sent)).toBe(REPORT);
});

test("where there are two, neither is taken for the last", () => {
  const older = `${REPORT_BEGIN}\n{}\n${REPORT_END}\n`;
  expect(() => reportIn(`${REPORT_BEGIN}\n${REPORT}\n${REPORT_END}\n\n> ${older}`)).toThrow(
    "there are 2 different reports in it",
  );
  expect(() => reportIn(`{}\n${REPORT}\n`)).toThrow("there are 2 different reports in it");
});

test("where there is none, that is said", () => {
  expect(() => reportIn("it did not work\n")).toThrow("there is no report in it");
});

test("with a shared address it says which secret is in it, and brings the password as lqptctl reads it", () => {
  const own = new Map([
    ["proxy-1", "10.0.0.11"],
    ["proxy-2", "10.0.0.12"],
  ]);
  const vip = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own };
  const keys = "vrrp-password Abcd1234\n";
  const { text } = renderBundle({ ...CONFIG, vip }, HOST, keys);
  expect(text.split("\n")[3]).toMatch(/^# SECRET: the password of the shared address is in it\./);
  expect(
    spawnSync("sh", ["-s"], { input: text.replace(/main "\$@"\n$/, "write_keys\n"), encoding: "utf8" })
      .stdout,
  ).toBe(keys);
  const https = renderBundle(
    { ...CONFIG, vip, listen: { ...CONFIG.listen, tls: "self-signed" } },
    HOST,
    keys,
  );
  expect(https.text.split("\n")[3]).toMatch(
    /^# SECRET: the private key of the listener, with the password of the shared address, is in it\./,
  );
});
