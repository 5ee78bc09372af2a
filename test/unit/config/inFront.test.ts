import { parse, SMALL } from "./stacks";

const F5 = { owner: "ACME F5", kind: "frontend", filteredBy: "ACME network team" };

test("with the PROXY protocol everybody who is no load balancer is named, since he must speak it too", () => {
  const { warnings, listen } = parse({
    ...{ ...SMALL, topology: "private-cloud", listen: { proxyProtocol: true } },
    allow: { "10.8.0.5": F5, "10.8.0.7": "ERP", "10.8.0.9": { owner: "checks", kind: "healthcheck" } },
  });
  expect(listen.proxyProtocol).toBe(true);
  expect(warnings).toEqual([
    "Pulumi.acme-prod.yaml, lqpt:listen.proxyProtocol: true: a call without a PROXY header is refused, whoever makes it; these are no load balancer and must speak it too: 10.8.0.7 (ERP), 10.8.0.9 (checks)",
  ]);
});

test("a load balancer may ask for the health, so health may be said beside it", () => {
  expect(parse({ ...SMALL, allow: { "10.8.0.5": F5 }, health: { leqi: true } }).health).toEqual({
    leqi: true,
  });
});
