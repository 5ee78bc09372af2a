import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client, Host, Lab } from "../../support/lab";
import { bringProgram } from "../../support/prepare";
import type { Program } from "../../support/programs";
import { ADDRESSES, PORT } from "../../support/samples";
import { PROJECT } from "../../support/stack";
import { until } from "../../support/until";

const STATS = 8404;

/** A real HAProxy before a pair, as docs/guides/load-balancer.md has it. */
export class Balancer {
  private constructor(
    readonly client: Client,
    private readonly program: Program,
    private readonly hosts: readonly Host[],
  ) {}

  static async start(lab: Lab, address: string, hosts: readonly Host[], how = ""): Promise<Balancer> {
    await bringProgram(console.error, "haproxy");
    const client = await lab.client(address);
    const file = join(lab.folder, `haproxy-${address}.cfg`);
    writeFileSync(file, haproxyConf(address, hosts, how));
    return new Balancer(client, client.start("haproxy", ["-db", "-f", file]), hosts);
  }

  get address(): string {
    return this.client.address;
  }

  /** Whether it takes each of these for fit, and each of the others for unfit. */
  async finds(...fit: readonly Host[]): Promise<boolean> {
    const { body = "" } = await this.client.post(`http://${this.address}:${STATS}/;csv`, { method: "GET" });
    return this.hosts.every((host) => {
      const line = body.split("\n").find((one) => one.startsWith(`pair,${host.name},`)) ?? "";
      // One that it is just changing its mind on is neither.
      return line.split(",").includes(fit.includes(host) ? "UP" : "DOWN");
    });
  }

  async untilItFinds(...fit: readonly Host[]): Promise<void> {
    await until(`HAProxy finds ${fit.map(({ name }) => name).join(" and ")} fit`, () => this.finds(...fit));
  }

  async stop(): Promise<void> {
    await this.program.kill();
  }
}

/**
 * What the docs say that a load balancer is set to, with the lab's addresses.
 *
 * @param how what stands behind each server: `send-proxy`, say
 */
function haproxyConf(address: string, hosts: readonly Host[], how: string): string {
  const page = readFileSync(join(PROJECT, "docs", "guides", "load-balancer.md"), "utf8");
  const [, example] = /```text\n(defaults\n[^`]*)```/.exec(page) ?? [];
  if (example === undefined) throw new Error("docs/guides/load-balancer.md has no example for HAProxy");
  const conf = [
    ["10.8.0.5", address],
    ["10.8.0.21 10.8.0.22", ADDRESSES.listed],
    ...hosts.map(({ address: to }, index) => [
      `10.30.0.1${index + 1}:8864 check`,
      `${to}:${PORT} check ${how}`,
    ]),
  ].reduce((text, [from = "", to = ""]) => text.replace(from, to), example);
  return `${conf}frontend stats\n    bind ${address}:${STATS}\n    stats enable\n    stats uri /\n`;
}
