import { whitelistInForce, withOwners } from "../../../components/outputs";
import { source } from "../sampleConfig";

describe("the whitelist in a stack's outputs", () => {
  it("of a stack without hosts is nobody's, whatever the config says", () => {
    expect(whitelistInForce([], [source("1.2.3.4")])).toEqual({});
  });

  it("tells of a source that a host has and the config does not", () => {
    const report = { digest: "sha256:ab", whitelist: ["1.2.3.4"], temporary: {}, warnings: [] };
    expect(whitelistInForce([report], [])).toEqual({ "1.2.3.4": "named by nobody" });
  });

  it("is written by address, with the owner", () => {
    expect(withOwners([source("1.2.3.4"), source("10.0.0.0/24", { owner: "group" })])).toEqual({
      "1.2.3.4": "ACME",
      "10.0.0.0/24": "group",
    });
  });
});
