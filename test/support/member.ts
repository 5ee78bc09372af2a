import type { Network, Place } from "./network";
import type { Program, ProgramOptions, ProgramResult } from "./programs";
import { run, start } from "./programs";

/** How a program is started at a place: in its network namespace, with this machine's files. */
export function inNamespace(place: Place, command: string, args: readonly string[]): [string, string[]] {
  return ["nsenter", [`--net=/run/netns/${place.namespace}`, "--", command, ...args]];
}

/** Someone on the lab's network, with an address of its own. */
export class Member {
  protected constructor(
    readonly name: string,
    protected place: Place,
  ) {}

  static async join(network: Network, name: string, address: string): Promise<Member> {
    return new Member(name, await network.join(name, address));
  }

  /** IPv4, as a reader writes it: `203.0.113.9`. */
  get address(): string {
    return this.place.address;
  }

  get address6(): string {
    return this.place.address6;
  }

  /** For `ip netns exec`. */
  get namespace(): string {
    return this.place.namespace;
  }

  /** The words that start a program of this machine here, for somebody who starts programs himself. */
  words(command: string): [string, ...string[]] {
    const [first, more] = inNamespace(this.place, command, []);
    return [first, ...more];
  }

  /**
   * Runs a program of this machine here, to its end.
   *
   * @example
   * const { exitCode, all } = await lab.operator.run("pulumi", ["up", "--yes"], { cwd, env });
   */
  async run(
    command: string,
    args: readonly string[] = [],
    options: ProgramOptions = {},
  ): Promise<ProgramResult> {
    return run(...inNamespace(this.place, command, args), options);
  }

  /** Starts a program of this machine here; it can be killed and waited for. */
  start(command: string, args: readonly string[] = [], options: ProgramOptions = {}): Program {
    return start(...inNamespace(this.place, command, args), options);
  }
}
