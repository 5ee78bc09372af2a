import type { Client, Host } from "./lab";

/** The port that a host serves where its stack does not say otherwise. */
export const PORT = 8864;
export const LEQI_PATH = "/access/v2/invoke/202007/CXKYSL";

/** What Leqi answers to a call without a body: that the JSON is wrong, and so that it was reached. */
export const LEQI_ANSWER = { status: 200, says: "json数据格式不正确" } as const;

/** A customer's own back end, listed in the stack; two of the vendor's addresses, one of them of the sandbox; nobody. */
export const ADDRESSES = {
  listed: "203.0.113.9",
  vendor: "49.4.83.185",
  sandbox: "49.4.80.61",
  stranger: "198.51.100.66",
} as const;

const LEQI_ID = "ACME0001";

/** A public-cloud prod stack for these hosts, each reached as root with a key, that lists `ADDRESSES.listed`. */
export function sampleValues(...hosts: readonly Host[]) {
  return {
    id: "acme-7f3a",
    environments: ["prod"],
    topology: "public-cloud",
    leqiId: LEQI_ID,
    allow: { [ADDRESSES.listed]: "ACME back office" },
    hosts: Object.fromEntries(hosts.map((host) => [host.name, entry(host)])),
    listen: { tls: "none" },
  };
}

/** What such a stack needs to reach its hosts: the operator's key for each. */
export function sampleSecrets(operatorKey: string, ...hosts: readonly Host[]): Record<string, string> {
  return Object.fromEntries(hosts.map(({ name }) => [`${name}.privateKey`, operatorKey]));
}

/** Where a back end sends its calls to Leqi. */
export function leqiUrl(address: string, port = PORT): string {
  return `http://${address}:${port}${LEQI_PATH}`;
}

/** One call as a back end makes it, with no body: `LEQI_ANSWER` is what it gets where it is let through. */
export function callLeqi(client: Client, address: string) {
  return client.post(leqiUrl(address), {
    headers: { "Content-Type": "application/json", jrdwptbh: LEQI_ID, sydwptbh: LEQI_ID },
  });
}

function entry(host: Host) {
  return { address: host.address, user: "root", auth: "key", hostKey: host.hostKey("ed25519") };
}
