import { whitelistInForce } from "../../../components/outputs";
import { parseReport } from "../../../components/report";
import { source } from "../sampleConfig";

const report = { digest: "sha256:ab", whitelist: ["1.2.3.4"], warnings: [] };

describe("a host's report", () => {
  it("is the last line of what lqptctl printed", () => {
    expect(parseReport(`Welcome to proxy-1!\n${JSON.stringify({ ...report, changed: true })}\n`)).toEqual(
      report,
    );
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
