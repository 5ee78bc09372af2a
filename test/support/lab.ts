import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "./agent";
import type { RelayMethods } from "./agents/relay";
import { Authority, type Certificate } from "./certificates";
import { Client } from "./client";
import { Host, type Login } from "./host";
import type { HostOptions } from "./hostOptions";
import { type Log, image, suiteOf } from "./image";
import { FakeLeqi, LEQI_NAME, LEQI_PORT } from "./leqi";
import { Lifetime } from "./lifetime";
import { Member } from "./member";
import { Mirror } from "./mirror";
import { Network } from "./network";
import { prepareLab } from "./prepare";
import { type ProgramResult, mustRun } from "./programs";

export type { Client, Watch } from "./client";
export type { Host } from "./host";
export type { HostKind, HostOptions, User } from "./hostOptions";

const OPERATOR = "192.0.2.2";
const MIRROR = "192.0.2.3";
const LEQI = "192.0.2.4";
/** Whatever comes after these has a number above it. */
const LAST_OF_THE_LAB = 4;

export interface LabOptions {
  /** Told what takes long, an image's build above all. Default: to standard error. */
  readonly log?: Log;
}

/**
 * An isolated network with a fake Leqi, a package mirror and the operator's place on it, to which a test adds hosts and
 * those who call them. It has no way out and nothing of it is left when it stops, or when its process ends in whatever
 * way.
 *
 * @example
 * const lab = await Lab.start();
 * const host = await lab.host("proxy-1", { kind: "bookworm" });
 * const stranger = await lab.stranger();
 * expect(await stranger.connects(host.address, 8864)).toBe("refused");
 * await lab.stop();
 */
export class Lab {
  private readonly machines: Host[] = [];
  private addresses = 0;
  private strangers = 0;
  private relays = 0;

  private constructor(
    private readonly lifetime: Lifetime,
    private readonly network: Network,
    private readonly authority: Authority,
    private readonly log: Log,
    /** Where Pulumi and ssh run. */
    readonly operator: Member,
    readonly leqi: FakeLeqi,
    readonly mirror: Mirror,
  ) {}

  /** Errors: what `labUnavailable` says, or a set-up step's own words; nothing is left then either. */
  static async start({ log = console.error }: LabOptions = {}): Promise<Lab> {
    await prepareLab(log, []);
    const lifetime = await Lifetime.begin();
    try {
      return await Lab.furnish(lifetime, log);
    } catch (error) {
      await lifetime.stop();
      throw error;
    }
  }

  private static async furnish(lifetime: Lifetime, log: Log): Promise<Lab> {
    const network = new Network(lifetime.name);
    const keyFile = join(lifetime.folder, "operator-key");
    const [authority] = await Promise.all([
      Authority.create(lifetime.folder),
      network.create(),
      mustRun("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", keyFile]),
    ]);
    const certificate = await authority.issue(LEQI_NAME);
    // First: the others make themselves known to it.
    const operator = await Member.join(network, "operator", OPERATOR);
    const [leqi, mirror] = await Promise.all([
      FakeLeqi.open(network, LEQI, certificate),
      Mirror.open(network, MIRROR),
    ]);
    return new Lab(lifetime, network, authority, log, operator, leqi, mirror);
  }

  /** Part of the name of all that belongs to this lab. */
  get name(): string {
    return this.lifetime.name;
  }

  /** Where its files are, and a test's own may be; gone when it stops. */
  get folder(): string {
    return this.lifetime.folder;
  }

  /** The operator's private SSH key, which opens root and every other account on the hosts. */
  get operatorKey(): string {
    return readFileSync(this.operatorKeyFile, "utf8");
  }

  get operatorKeyFile(): string {
    return join(this.folder, "operator-key");
  }

  /** PEM of the authority behind the fake Leqi's certificate; the hosts trust it. */
  get ca(): string {
    return this.authority.pem;
  }

  /** A certificate for Leqi, by the lab's authority or by one that nobody trusts. */
  async leqiCertificate({ name = LEQI_NAME, days = 30, trusted = true } = {}): Promise<Certificate> {
    const file = `leqi-${String(Date.now())}`;
    const folder = join(this.folder, file);
    mkdirSync(folder);
    const authority = trusted ? this.authority : await Authority.create(folder);
    return authority.issue(name, { file, days });
  }

  /** A new machine, booted and ready for SSH. Several at once boot side by side. */
  async host(name: string, options: HostOptions = {}): Promise<Host> {
    this.addresses += 1;
    const address = options.address ?? `203.0.113.${String(9 + this.addresses)}`;
    const { kind = "bookworm" } = options;
    const suite = suiteOf(kind);
    const base = await image(suite, this.log);
    await this.mirror.offer(suite, base.packages);
    const folder = join(this.folder, "hosts", name);
    mkdirSync(join(folder, ".."), { recursive: true });
    const around = {
      name,
      address,
      leqiAddress: this.leqi.address,
      mirrorUrl: `http://${this.mirror.address}/${suite}`,
      ca: this.ca,
      operatorKey: readFileSync(`${this.operatorKeyFile}.pub`, "utf8").trim(),
    };
    const host = await Host.create(this.network, folder, base, around, options, async (line, login) =>
      this.ssh(line, login),
    );
    this.machines.push(host);
    return host;
  }

  /** Cuts the wire between two hosts, or mends it; everybody else reaches both. */
  async part(one: Host, other: Host, apart: boolean): Promise<void> {
    await this.network.part([one.name, other.name], apart);
  }

  /** In the order in which they were ready. */
  get hosts(): readonly Host[] {
    return this.machines;
  }

  /** Somebody with this address: the vendor's real egress addresses, say. */
  async client(address: string): Promise<Client> {
    return Client.join(this.network, `client-${address}`, address);
  }

  /** Somebody whom no list names. */
  async stranger(): Promise<Client> {
    this.strangers += 1;
    const address = `198.51.100.${String(200 + this.strangers)}`;
    return Client.join(this.network, `stranger-${String(this.strangers)}`, address);
  }

  /** A place on the way to Leqi, by which it is so many milliseconds away; its address. */
  async relay(roundTripMs: number): Promise<string> {
    return this.onTheWay(this.leqi.address, LEQI_PORT, roundTripMs);
  }

  /** The same on the operator's way to a host's sshd: the address to dial instead of the host's. */
  async relayTo(host: Host, roundTripMs: number): Promise<string> {
    return this.onTheWay(host.address, 22, roundTripMs);
  }

  private async onTheWay(to: string, port: number, roundTripMs: number): Promise<string> {
    this.relays += 1;
    const address = `192.0.2.${String(LAST_OF_THE_LAB + this.relays)}`;
    const place = await this.network.join(`relay-${String(this.relays)}`, address);
    const agent = Agent.start<RelayMethods>(place, "relay.ts");
    await agent.call("relay", { host: address, port, to, roundTripMs });
    return address;
  }

  /** Runs a line of shell over SSH, from the operator's place and with the operator's key. */
  private async ssh(line: string, { user, address, port, hostKey }: Login): Promise<ProgramResult> {
    const knownHosts = join(this.folder, "known-hosts", `${address}-${String(port)}`);
    mkdirSync(join(knownHosts, ".."), { recursive: true });
    writeFileSync(knownHosts, `${port === 22 ? address : `[${address}]:${String(port)}`} ${hostKey}\n`);
    return this.operator.run("ssh", [
      ...[
        "-F",
        "none",
        "-i",
        this.operatorKeyFile,
        "-p",
        String(port),
        "-o",
        `UserKnownHostsFile=${knownHosts}`,
      ],
      ...["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", `${user}@${address}`, line],
    ]);
  }

  /** Takes everything away and returns when nothing is left. Errors: a list of what would not go. */
  async stop(): Promise<void> {
    await this.lifetime.stop();
  }
}
