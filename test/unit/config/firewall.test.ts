import { parsePorts, portsMeet } from "../../../config/ports";
import { parse, SMALL } from "./stacks";

const EXTERNAL =
  "Pulumi.acme-prod.yaml, lqpt:firewall.mode: external: no firewall of a host is touched, and nginx's own list is the only lock on the port; whoever filters in front of the hosts must let in the sources and nobody else";

test("a stack that says nothing of its firewall has firewalld, five minutes to go back, and its topology's width", () => {
  const { firewall } = parse(SMALL);
  const defaults = { mode: "firewalld", keepOpen: [], closes: [], rollbackSeconds: 300, widest: 24 };
  expect(firewall).toEqual({ ...defaults, zone: undefined });
  const allow = { "10.8.0.5": "ERP" };
  expect(parse({ ...SMALL, topology: "private-cloud", allow }).firewall.widest).toBe(16);
});

test.each([
  [{ mode: "external" }, ""],
  [{ mode: "external", zone: "public", keepOpen: ["443/tcp"] }, "; zone, keepOpen beside it: without effect"],
])("that somebody else filters is told on every run: %j", (firewall, rest) => {
  expect(parse({ ...SMALL, firewall }).warnings).toEqual([EXTERNAL + rest]);
});

test("the proxy's port by another protocol, and ports beside sshd's, are the machine's own", () => {
  const firewall = { keepOpen: ["8864/udp", "8000-8863/tcp"], closes: ["1-21/tcp", "22/udp", "23/tcp"] };
  expect(parse({ ...SMALL, firewall }).warnings).toEqual([]);
});

test.each(["", "443", "tcp", "443/TCP", "443/sctp", "0/tcp", "080/tcp", "65536/tcp", "80-80/tcp", " 80/tcp"])(
  "%j is no port",
  (text) => {
    expect(parsePorts(text)).toBeUndefined();
  },
);

test.each([
  ["80/tcp", "80/tcp", true],
  ["80/tcp", "80/udp", false],
  ["80/tcp", "70-80/tcp", true],
  ["80-90/tcp", "90-99/tcp", true],
  ["80-90/tcp", "91-99/tcp", false],
])("%s and %s have a port in common: %j", (a, b, expected) => {
  const [one, other] = [parsePorts(a), parsePorts(b)];
  expect(one && other && portsMeet(one, other)).toBe(expected);
});
