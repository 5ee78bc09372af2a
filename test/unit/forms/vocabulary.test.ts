import { beijingDay, beijingTime } from "../../../forms/beijingTime";
import { environmentNames, ownerName } from "../../../forms/vocabulary";
import { source } from "../sampleConfig";

describe("the owner of a source", () => {
  const inherited = { from: "Pulumi.prod.yaml" };

  it.each([
    ["group (集团), prod", "集团（正式环境）"],
    ["invoice cloud (发票云), sandbox", "发票云（沙箱环境）"],
    ["group (集团)", "集团"],
    ["group (集团), prod; invoice cloud (发票云), prod", "集团（正式环境）；发票云（正式环境）"],
    ["health checks", "health checks"],
    ["group (shared), prod", "group (shared), prod"],
  ])("of a base file, %s, is %s in a Chinese form", (owner, chinese) => {
    expect(ownerName(source("203.0.113.9", { owner, ...inherited }), "zh")).toBe(chinese);
    expect(ownerName(source("203.0.113.9", { owner, ...inherited }), "en")).toBe(owner);
  });

  it("is in a stack's own file what the customer wrote, whatever it looks like", () => {
    expect(ownerName(source("203.0.113.9", { owner: "SAP (财务), prod" }), "zh")).toBe("SAP (财务), prod");
  });
});

test("environments are listed as each language lists", () => {
  expect(environmentNames(["sandbox", "prod"], "zh")).toBe("沙箱环境、正式环境");
  expect(environmentNames(["sandbox", "prod"], "en")).toBe("sandbox, prod");
});

test("times are those of Beijing, which may be of the next day", () => {
  expect(beijingTime("2026-12-31T16:30:40Z")).toBe("2027-01-01 00:30:40");
  expect(beijingDay(new Date("2026-12-31T16:30:40Z"), "zh")).toBe("2027年1月1日");
  expect(beijingDay(new Date("2026-12-31T15:59:59Z"), "en")).toBe("2026-12-31");
});

test.each(["", "yesterday", "1", "2026-13-01T00:00:00Z", "2026-11-26T10:30:40+08:00"])(
  "what is no time of a host, %j, stands as it is",
  (time) => {
    expect(beijingTime(time)).toBe(time);
  },
);
