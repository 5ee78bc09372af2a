/** A suite, or `old`: the one nearest to CentOS 7. bullseye with firewalld on iptables, zone drifting, sh = bash, LANG=C. */
export const KINDS = ["bullseye", "bookworm", "trixie", "old"] as const;
export type HostKind = (typeof KINDS)[number];

export interface User {
  /** `root` is there already and is only given the password. */
  readonly name: string;
  /** Default: none, so no login by password. */
  readonly password?: string;
  /** `none`, `nopasswd`, `password`, or lines for sudoers as they are. Default `none`. */
  readonly sudo?: string;
  /** Whether the operator's key opens the account. Default true. */
  readonly key?: boolean;
}

export interface HostOptions {
  /** Default `bookworm`. */
  readonly kind?: HostKind;
  /** Default: the next of 203.0.113.10, .11, … */
  readonly address?: string;
  /** Default `off`, as on a new VM: installed, not enabled, not running. */
  readonly firewalld?: "off" | "running";
  /** Default: as many as this machine has. */
  readonly cores?: 1;
  /** What /proc/meminfo says. Default: this machine's. */
  readonly memoryMiB?: number;
  /** Accounts beside root, which the operator's key opens. */
  readonly users?: readonly User[];
  readonly sshd?: {
    /** Default 22. */
    readonly port?: number;
    /** Go before all others, so they win. */
    readonly lines?: readonly string[];
  };
}
