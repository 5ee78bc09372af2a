import fc from "fast-check";
import { ConfigError } from "../../../config/errors";
import { parse, refusal, SMALL, type Values } from "./stacks";

const PRIVATE: Values = { ...SMALL, topology: "private-cloud" };
const OWN = "Pulumi.acme-prod.yaml";

test("a private cloud needs no environment's file", () => {
  const bases = (): never => {
    throw new Error("read");
  };
  const values = { ...PRIVATE, allow: { "10.8.0.5": "ERP" } };
  expect(parse(values, { bases, others: () => undefined }).warnings).toEqual([]);
});

test("of an address in both lists the stack's own owner holds, and both are told", () => {
  const { sources, warnings } = parse({ ...SMALL, allow: { "49.4.83.185": "group, as ACME sees it" } });
  expect(sources[0]).toMatchObject({ owner: "group, as ACME sees it", from: OWN });
  expect(sources).toHaveLength(4);
  expect(warnings).toEqual([
    `${OWN}, lqpt:allow["49.4.83.185"]: 49.4.83.185 (group, as ACME sees it) is inherited from Pulumi.prod.yaml (group (集团), prod) as well; one rule serves both, with this file's owner`,
  ]);
});

test("an address inside an allowed network is served by its rule, and that is told", () => {
  const allow = { "10.8.0.0/24": "office", "10.8.0.9": "printer", "10.8.0.7": { owner: "ERP" } };
  const { sources, warnings } = parse({ ...PRIVATE, allow });
  expect(sources.map(({ cidr, owner }) => [cidr, owner])).toEqual([["10.8.0.0/24", "office; ERP; printer"]]);
  expect(warnings).toEqual([
    `${OWN}, lqpt:allow["10.8.0.7"]: 10.8.0.7 (ERP) is allowed by 10.8.0.0/24 (office) already; one rule serves both`,
    `${OWN}, lqpt:allow["10.8.0.9"]: 10.8.0.9 (printer) is allowed by 10.8.0.0/24 (office) already; one rule serves both`,
  ]);
});

test("one address written in two ways is one source, and that is told", () => {
  const { sources, warnings } = parse({ ...PRIVATE, allow: { "10.8.0.5": "ERP", "10.8.0.5/32": "till" } });
  expect(sources.map(({ cidr, owner }) => [cidr, owner])).toEqual([["10.8.0.5", "ERP; till"]]);
  expect(warnings).toEqual([
    `${OWN}, lqpt:allow["10.8.0.5/32"]: 10.8.0.5 (till) is allowed by 10.8.0.5 (ERP) already; one rule serves both`,
  ]);
});

test("the owners of many collapsed entries stay one readable line", () => {
  const inside = Array.from(
    { length: 100 },
    (_, index) => [`10.8.0.${index + 1}`, `back end ${index}`] as const,
  );
  const allow = { "10.8.0.0/24": "office", ...Object.fromEntries(inside) };
  expect(parse({ ...PRIVATE, allow }).sources[0]?.owner).toBe("office; and 100 more");
});

test("256 sources are accepted, counted after collapsing", () => {
  const allow = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`10.0.${index}.1`, "ERP"]));
  expect(parse({ ...PRIVATE, allow: { ...allow, "10.0.7.1/32": "again" } }).sources).toHaveLength(256);
});

test.each([
  ["the widest network of a public cloud", { ...SMALL, allow: { "8.8.4.0/24": "office" } }],
  ["the widest network of a private cloud", { ...PRIVATE, allow: { "10.8.0.0/16": "office" } }],
  [
    "a wider one by the stack's own word",
    { ...PRIVATE, allow: { "10.0.0.0/8": "all" }, firewall: { widest: 8 } },
  ],
  ["addresses behind a carrier's NAT in a private cloud", { ...PRIVATE, allow: { "100.64.0.9": "F5" } }],
  [
    "private addresses of a frontend in a public cloud",
    { ...SMALL, allow: { "100.125.0.0/24": { owner: "ELB", kind: "frontend", filteredBy: "ACME" } } },
  ],
  [
    "private addresses of a health check in a public cloud",
    { ...SMALL, allow: { "100.125.0.9": { owner: "ELB's checks", kind: "healthcheck" } } },
  ],
  [
    "both environments' addresses where one machine serves both",
    { ...SMALL, environments: ["sandbox", "prod"] },
  ],
] satisfies [string, Values][])("%s: accepted without a warning", (_, values) => {
  expect(parse(values).warnings).toEqual([]);
});

test("addresses of documentation are one warning a stack, which names them", () => {
  const allow = { "203.0.113.9": "ERP", "8.8.4.4": "office", "192.0.2.0/28": "tills" };
  expect(parse({ ...SMALL, allow }).warnings).toEqual([
    `${OWN}, lqpt:allow: 203.0.113.9, 192.0.2.0/28: of the networks kept for documentation (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24), where no back end is`,
  ]);
});

test("an inherited list is guarded as well, under its own file's name", () => {
  const bases = (): { file: string; values: Values } => ({
    file: "Pulumi.prod.yaml",
    values: {
      environments: ["prod"],
      allow: { "49.4.80.61": "pasted", "10.0.0.5": "ERP", "8.0.0.0/8": "group" },
    },
  });
  expect(refusal(SMALL, { bases })).toMatchSnapshot();
});

test("an environment's own stack must not hold the other's addresses", () => {
  const values = { environments: ["prod"], allow: { "49.4.80.61": "group" } };
  expect(refusal(values, { stack: "prod", file: "Pulumi.prod.yaml" })).toMatchSnapshot();
});

test("another environment's list that cannot be read is a warning: it is not this stack's", () => {
  const others = (): never => {
    const issue = { file: "Pulumi.sandbox.yaml", path: "line 3", found: "[", allowed: "YAML 1.2" };
    throw new ConfigError([issue]);
  };
  expect(parse(SMALL, { others }).warnings).toEqual([
    expect.stringMatching(/^the list of sandbox could not be read, .*Pulumi\.sandbox\.yaml, line 3/),
  ]);
});

test("another environment's list with a mistake still guards by the rest of it", () => {
  const others = (): { file: string; values: Values } => ({
    file: "Pulumi.sandbox.yaml",
    values: { environments: ["prod"], allow: { "1.2.3.4/8": "group", "8.8.4.4": "group, sandbox" } },
  });
  expect(refusal({ ...SMALL, allow: { "8.8.4.0/24": "ERP" } }, { others })).toContain(
    "it holds 8.8.4.4, the vendor's egress IP for sandbox (in Pulumi.sandbox.yaml: group, sandbox)",
  );
});

// What is written, as ranges of numbers worked out apart from the code under test.
type Range = readonly [first: number, last: number];

const ALL = 2 ** 32;
const network = (top: number, shortest: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: 0, max: top - 1 }), fc.integer({ min: shortest, max: 32 }))
    .map(([address, prefix]) => `${dotted(address - (address % 2 ** (32 - prefix)))}/${prefix}`);
// Many of them where the guards are, and some so near to each other that they nest.
const anywhere = fc.oneof(
  network(ALL, 8),
  network(256, 24).map((cidr) => cidr.replace(/^0\.0\.0/, "8.8.4")),
  fc
    .tuple(
      fc.constantFrom(
        "0",
        "8",
        "9",
        "10",
        "11",
        "100",
        "127",
        "169",
        "172",
        "192",
        "223",
        "224",
        "239",
        "255",
      ),
      network(2 ** 24, 9),
    )
    .map(([first, cidr]) => cidr.replace(/^0\./, `${first}.`)),
);
const lists = fc.dictionary(anywhere, fc.constant("ERP"), { minKeys: 1, maxKeys: 8 });

test("no accepted list admits an address outside what was written, nor leaves one out", () => {
  let accepted = 0;
  fc.assert(
    fc.property(lists, (allow) => {
      const sources = accept({ ...PRIVATE, allow, firewall: { widest: 8 } });
      if (sources === undefined) return;
      accepted++;
      expect(union(sources)).toEqual(union(Object.keys(allow)));
    }),
    { numRuns: 300 },
  );
  expect(accepted).toBeGreaterThan(30);
});

test("no accepted list admits an address that no back end comes from", () => {
  const never = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];
  const inner = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];
  fc.assert(
    fc.property(lists, fc.constantFrom("public-cloud", "private-cloud"), (allow, topology) => {
      const sources = accept({ ...SMALL, topology, allow, firewall: { widest: 8 } }) ?? [];
      const refused = [...never, ...(topology === "public-cloud" ? inner : [])].map(rangeOf);
      for (const [first, last] of sources.map(rangeOf)) {
        expect(refused.filter((range) => range[0] <= last && first <= range[1])).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

/** The sources of a stack, or undefined where it is refused. */
function accept(values: Values): string[] | undefined {
  try {
    const bases = (): { file: string; values: Values } => ({
      file: "Pulumi.prod.yaml",
      values: { environments: ["prod"], allow: {} },
    });
    return parse(values, { bases, others: () => undefined }).sources.map(({ cidr }) => cidr);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function union(cidrs: readonly string[]): Range[] {
  const joined: Range[] = [];
  for (const [first, last] of cidrs.map(rangeOf).sort((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1)
      joined[joined.length - 1] = [before[0], Math.max(before[1], last)];
    else joined.push([first, last]);
  }
  return joined;
}

function rangeOf(cidr: string): Range {
  const [address = "", prefix = "32"] = cidr.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
