import { whitelistInForce } from "../../../components/outputs";
import { parseReport, remarksOf } from "../../../documents/report";
import { source } from "../sampleConfig";

const report = { digest: `sha256:${"ab".repeat(32)}`, whitelist: ["1.2.3.4"], temporary: {}, warnings: [] };

describe("a host's report", () => {
  it("is the last line of what lqptctl printed", () => {
    expect(parseReport(`Welcome to proxy-1!\n${JSON.stringify({ ...report, changed: true })}\n`)).toEqual(
      report,
    );
  });

  it("tells its warnings, and who was let in for a while as long as he is", () => {
    const told = remarksOf(
      { ...report, warnings: ["logrotate is missing"], temporary: { "1.2.3.5": "2026-11-24T10:00:00Z" } },
      Date.parse("2026-11-24T09:59:59Z"),
    );
    expect(told).toEqual([
      "logrotate is missing",
      "1.2.3.5 was let in at the console until 2026-11-24T10:00:00Z; no lqpt:allow names it",
    ]);
    const later = { ...report, temporary: { "1.2.3.5": "2026-11-24T10:00:00Z" } };
    expect(remarksOf(later, Date.parse("2026-11-24T10:00:01Z"))).toEqual([]);
  });

  it.each([[""], ["Last login: today"], ["{}"], ['{"digest":1,"whitelist":[],"warnings":[]}'], ["null"]])(
    "is not %j",
    (stdout) => {
      expect(() => parseReport(stdout)).toThrow("no report of lqptctl");
    },
  );
});

describe("the whitelist of a stack", () => {
  it("is what every host has in force, with the owners of the config", () => {
    const reports = [
      { ...report, whitelist: ["1.2.3.4", "1.2.3.5"] },
      { ...report, whitelist: ["1.2.3.4"] },
    ];
    expect(whitelistInForce(reports, [source("1.2.3.4"), source("1.2.3.5")])).toEqual({ "1.2.3.4": "ACME" });
  });
});
