import { renderDocument } from "../../../documents/document";
import { openings } from "../../../documents/openings";
import { sampleConfig, sampleFirewall, sampleHost, sampleListen, sampleSite, source } from "../sampleConfig";

const render = (rest: Parameters<typeof sampleConfig>[0] = {}) =>
  renderDocument(sampleConfig(rest), sampleHost);

describe("a host's document", () => {
  it("reads as a person would want it", () => {
    expect(render().text).toMatchSnapshot();
  });

  it("carries owners, consent, timing and the ticket beside what is enforced, in one line each", () => {
    const { text, digest } = render({
      ticket: "CHG-1",
      firewall: {
        ...sampleFirewall,
        keepOpen: ["443/tcp", "8000-8010/udp"],
        closes: ["3306/tcp", "ufw"],
        rollbackSeconds: 120,
      },
      sources: [source("10.8.0.5", { owner: "F5", kind: "frontend", filteredBy: "ACME network team" })],
      removals: [{ what: "49.4.80.61", why: "sandbox address, never ours", from: "Pulumi.acme-prod.yaml" }],
    });
    expect(text.slice(text.indexOf("[notes]"))).toBe(
      "[notes]\nticket CHG-1\nkeep-open 443/tcp\nkeep-open 8000-8010/udp\ncloses 3306/tcp\ncloses ufw\nrollback-seconds 120\nsource 10.8.0.5 frontend: F5, filtered by ACME network team\nremove 49.4.80.61 sandbox address, never ours\n\n[end]\n",
    );
    expect(digest).toBe(
      render({ sources: [source("10.8.0.5", { owner: "somebody else", kind: "frontend" })] }).digest,
    );
  });

  it.each([
    ["a source", { sources: [source("49.4.83.186")] }],
    ["the port", { listen: { ...sampleListen, port: 8865 } }],
    ["who filters", { firewall: { ...sampleFirewall, mode: "external" as const } }],
    ["the zone", { firewall: { ...sampleFirewall, zone: "dmz" } }],
    ["the owner's id", { id: "acme-0000" }],
    ["a path", { site: { ...sampleSite, paths: ["/"] } }],
    ["Leqi's address", { leqi: { ...sampleConfig().leqi, addresses: ["192.0.2.1"] } }],
  ])("has another digest when %s changes", (_, rest) => {
    expect(render(rest).digest).not.toBe(render().digest);
  });

  it("does not depend on the stack's name, so that a renamed stack changes nothing", () => {
    expect(render({ stack: "acme-renamed" })).toEqual(render());
  });

  it("changes by one line in the list and one in the site where one source is added", () => {
    const added = render({ sources: [...sampleConfig().sources, source("203.0.113.9")] });
    const before = new Set(render().text.split("\n"));
    expect(added.text.split("\n").filter((line) => !before.has(line))).toEqual([
      "allow 203.0.113.9",
      "      203.0.113.9 1;",
      "source 203.0.113.9 ACME",
    ]);
  });
});

describe("the openings that the network team makes", () => {
  it("are one line each, inbound by source and outbound by host", () => {
    expect(openings(sampleConfig({ registeredIp: "203.0.113.10" }))).toMatchSnapshot();
  });
});
