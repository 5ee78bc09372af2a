import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StatusInForce } from "../../../documents/statusReport";
import { renderPage } from "../../../fleet/drift/page";
import type { HostRead, StackRead } from "../../../fleet/drift/readBack";
import { bringProgram, describeLab } from "../../support/prepare";
import { run } from "../../support/programs";
import { sampleConfig, source } from "../../unit/sampleConfig";

const HOSTILE = "</script><img src=x onerror=alert(1)><b>${x}\u001b[31m";

function host(stack: string, sources: readonly string[], more: Partial<HostRead> = {}): StackRead {
  const whitelist = sources.map((one) => ({
    ...{
      source: one,
      since: null,
      until: null,
      firstSeen: null,
      lastSeen: "2026-11-25T08:00:00Z",
      requests: 1,
    },
  }));
  return {
    ...{ stack, problem: undefined, others: new Map() },
    config: sampleConfig({
      stack,
      customer: { name: "某某有限公司", creditCode: undefined },
      sources: [source("203.0.113.0/28", { owner: "ACME 财务" })],
    }),
    hosts: [
      {
        ...{ host: "proxy-1", address: "203.0.113.10", how: "asked", findings: [], remark: undefined },
        ...{ problem: undefined, refusal: undefined, record: undefined, kept: undefined },
        status: { whitelist } as unknown as StatusInForce,
        ...more,
      },
    ],
  };
}

const READS: readonly StackRead[] = [
  host("a-prod", ["203.0.113.0/28", "198.51.100.7"]),
  host("b-prod", ["198.51.100.8"], {
    findings: [{ kind: "exposed", detail: "EXPOSED: firewalld does not filter" }],
  }),
  host("c-prod", [], { how: "silent", problem: HOSTILE, status: undefined }),
];

// A browser is brought as the lab's programs are.
describeLab("the fleet as a page, in a browser", () => {
  let folder: string;
  beforeAll(async () => {
    await bringProgram(console.error, "chromium");
    folder = mkdtempSync(join(tmpdir(), "lqpt-page-"));
    writeFileSync(join(folder, "en.html"), renderPage(READS, "en", Date.parse("2026-11-26T00:00:00Z")));
    writeFileSync(join(folder, "zh.html"), renderPage(READS, "zh", Date.parse("2026-11-26T00:00:00Z")));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What stands in the page's table once its script has run: the cells of each row. */
  async function rows(page: string, asked: Readonly<Record<string, string>> = {}): Promise<string[][]> {
    const url = `file://${join(folder, page)}#${String(new URLSearchParams(asked))}`;
    const { stdout } = await run(
      "chromium",
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${join(folder, "profile")}`,
        "--dump-dom",
        url,
      ],
      { timeoutMs: 60_000 },
    );
    const [, body = ""] = /<tbody id="rows">([^]*?)<\/tbody>/.exec(stdout) ?? [];
    return body
      .split("<tr>")
      .slice(1)
      .map((row) => row.split("<td").map((cell) => cell.replace(/^[^>]*>/, "")));
  }
  const stacks = async (asked: Readonly<Record<string, string>>): Promise<string[]> =>
    (await rows("en.html", asked)).map(([, stack = ""]) => stack.replace(/\n?某某有限公司|<\/td>/g, ""));

  it("shows every host, and text of a host stays text", async () => {
    const all = await rows("zh.html");
    expect(all.map((cells) => cells[3]?.replace("</td>", ""))).toEqual(["与栈一致", "暴露", "没有应答"]);
    expect(all[2]?.[4]).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;");
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["an address that a network has", { q: "203.0.113.9" }, ["a-prod"]],
    ["a network, with the addresses in it", { q: "198.51.100.0/24" }, ["a-prod", "b-prod"]],
    ["an address that nobody has", { q: "192.0.2.1" }, []],
    ["an owner's name", { q: "财务" }, ["a-prod"]],
    ["a stack", { q: "C-PROD" }, ["c-prod"]],
    ["what is wrong", { wrong: "1" }, ["b-prod", "c-prod"]],
    ["what is wrong where an address gets in", { wrong: "1", q: "198.51.100.8" }, ["b-prod"]],
  ])("finds %s", async (_, asked, expected) => {
    expect(await stacks(asked)).toEqual(expected);
  });
});
