import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client, Host, Lab } from "../../support/lab";
import { bringProgram } from "../../support/prepare";
import type { Program } from "../../support/programs";
import { PORT } from "../../support/samples";
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

/** @param how what stands behind each server: `send-proxy`, say */
function haproxyConf(address: string, hosts: readonly Host[], how: string): string {
  const servers = hosts.map(({ name, address: to }) => `    server ${name} ${to}:${PORT} check ${how}\n`);
  return `defaults
    mode http
    timeout client 130s
    timeout server 130s
    timeout connect 1s
    timeout check 1s
    # What was sent is never sent again; what could not be is sent to the other.
    retries 2
    option redispatch 1
    retry-on conn-failure
    option http-server-close
    default-server inter 1s fall 2 rise 2
frontend leqi
    bind ${address}:${PORT}
    default_backend pair
backend pair
    balance roundrobin
    option httpchk GET /lqpt-health
    http-check expect status 200
${servers.join("")}frontend stats
    bind ${address}:${STATS}
    stats enable
    stats uri /
`;
}
