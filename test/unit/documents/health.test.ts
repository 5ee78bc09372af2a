import { renderDocument } from "../../../documents/document";
import { askersOf } from "../../../documents/health";
import type { StackConfig } from "../../../config/types";
import { sampleConfig, sampleHost, sampleListen, sampleSite, source } from "../sampleConfig";

const CHECK = source("10.0.0.5", { kind: "healthcheck" });
const F5 = source("10.8.0.5", { kind: "frontend", filteredBy: "ACME network team" });
const BACKEND = source("198.51.100.7");

const render = (sources: StackConfig["sources"], rest: Partial<StackConfig> = {}) =>
  renderDocument(sampleConfig({ sources, ...rest }), sampleHost);

/** The lines that a document has beside those of another. */
const beside = (text: string, other: string): string => {
  const known = new Set(other.split("\n"));
  return text
    .split("\n")
    .filter((line) => !known.has(line))
    .join("\n");
};

describe("what a host says of its health", () => {
  it("is in no document where nobody may ask", () => {
    expect(render([BACKEND]).text).not.toContain("health");
    expect(askersOf(sampleConfig({ sources: [BACKEND] }))).toEqual([]);
  });

  it("is a section, a list and a path of its own where somebody may", () => {
    const { text } = render([CHECK, F5, BACKEND], { health: { leqi: true } });
    expect(beside(text, render([BACKEND]).text)).toMatchSnapshot();
  });

  it("names no source where load balancers alone may ask, and opens all they had", () => {
    const { text, site } = render([F5]);
    expect(text).toContain("\n[health]\nleqi no\n\n[site]\n");
    expect(/^geo .*lqpt_listed[^]*?^}/m.exec(site)?.[0]).toContain("10.8.0.5 1;");
  });

  it("opens the port to a health check, and nginx's whitelist to none", () => {
    const { text, site } = render([CHECK, BACKEND]);
    expect(text).toContain("\nallow 10.0.0.5\n");
    const lists = [...site.matchAll(/^geo \S+ (\S+) [^]*?^}/gm)].map(([list, name]) => [
      name,
      list.includes("10.0.0.5"),
    ]);
    expect(lists).toEqual([
      ["$lqpt_listed", false],
      ["$lqpt_may_ask", true],
    ]);
  });

  it("lets the host ask by the address that it listens on", () => {
    const listen = { ...sampleListen, bind: "10.0.0.2" };
    expect(render([CHECK], { listen }).site).toContain(
      "    127.0.0.1 1;\n    10.0.0.2 1;\n    10.0.0.5 1;\n",
    );
  });

  it("leads to Leqi from no path, whatever is enforced", () => {
    const { site } = render([CHECK, BACKEND], { site: { ...sampleSite, paths: ["/"], enforce: false } });
    const [, location = ""] = /location = \/lqpt-health \{([^]*?)\n {4}\}/.exec(site) ?? [];
    expect(location).not.toContain("proxy_pass");
    expect(site.indexOf("set $lqpt_asked $lqpt_asks;")).toBeLessThan(site.indexOf("if ($lqpt_passes = 0)"));
  });
});

describe("the PROXY protocol", () => {
  const listen = { ...sampleListen, proxyProtocol: true };

  it("is asked of whoever comes in from outside, told in the log, and trusted nowhere", () => {
    expect(beside(render([F5], { listen }).text, render([F5]).text)).toMatchSnapshot();
    expect(render([F5], { listen }).site).not.toMatch(/real_ip_header|proxy_protocol_addr.*lqpt_listed/);
  });

  it("is asked of no program of the host itself", () => {
    const { site } = render([F5], { listen: { ...listen, tls: "self-signed", bind: "10.0.0.2" } });
    expect(site.match(/^ {4}listen .*$/gm)).toEqual([
      "    listen 10.0.0.2:8864 ssl proxy_protocol default_server;",
      "    listen 127.0.0.1:8864 ssl default_server;",
      "    listen 127.0.0.1:8865 default_server;",
    ]);
  });
});
