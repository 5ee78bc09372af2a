import { parseStatus } from "../../../documents/statusReport";
import { holderFindings } from "../../../fleet/holders";
import { sampleConfig, sampleHost } from "../sampleConfig";

const NAMES = ["proxy-1", "proxy-2"] as const;
const own = new Map(NAMES.map((name, index) => [name, `10.0.0.1${index + 1}`]));
const vip = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own };
const PAIR = sampleConfig({ vip, hosts: NAMES.map((name) => ({ ...sampleHost, name })) });

const statusOf = (host: string, holds: boolean | null, address = "10.0.0.100/24") =>
  parseStatus(
    JSON.stringify({
      ...{ lqptctl: "0.1.0+1", owner: "acme", host, digest: "sha256:1", equal: true, closed: null },
      ...{ deviations: [], whitelist: [], refusedByNginx: [], wouldRefuse: [] },
      ...(holds === null
        ? {}
        : { vip: { address, holds, peer: "10.0.0.12", keepalived: "active", own: "x" } }),
      nginx: { version: "1.22.1", leftOut: [], certificateUntil: null, leqi: [] },
    }),
  );
const found = (first: boolean | null, second: boolean | null | undefined, config = PAIR) =>
  holderFindings(config, [
    { host: "proxy-1", status: statusOf("proxy-1", first) },
    { host: "proxy-2", status: second === undefined ? undefined : statusOf("proxy-2", second) },
  ]);

test("one of the two has the address, and that is as it should be", () => {
  expect(found(true, false)).toEqual([]);
  expect(found(false, true)).toEqual([]);
});

test("both, or neither, is something that no host can tell alone", () => {
  expect(found(true, true)).toEqual([{ kind: "vip", detail: "proxy-1, proxy-2" }]);
  expect(found(false, false)).toEqual([{ kind: "vip", detail: "" }]);
});

test("nothing is said while one did not answer, has another document, or its lqptctl is older", () => {
  expect(found(true, undefined)).toEqual([]);
  expect(found(true, null)).toEqual([]);
  const status = statusOf("proxy-2", true, "10.0.0.101/24");
  expect(
    holderFindings(PAIR, [
      { host: "proxy-1", status: statusOf("proxy-1", true) },
      { host: "proxy-2", status },
    ]),
  ).toEqual([]);
});

test("where one is out the other must have it", () => {
  const [first = sampleHost, second = sampleHost] = PAIR.hosts;
  const config = { ...PAIR, hosts: [first, { ...second, state: "out" as const }] };
  expect(found(true, undefined, config)).toEqual([]);
  expect(found(false, undefined, config)).toEqual([{ kind: "vip", detail: "" }]);
});

test("a stack without a shared address is not judged by it", () => {
  expect(found(null, null, sampleConfig())).toEqual([]);
});
