import { describeLab } from "../../support/prepare";
import type { Host, HostKind } from "../../support/lab";
import { nft } from "../../support/nft";
import { ADDRESSES, PORT, sampleValues } from "../../support/samples";
import { kindsOf } from "../kinds";
import { makeWorld, must, type World } from "../world";
import { ruleOf } from "./direct";
import { OFF, expectServed, firewalldOf, logins } from "./gate";
import type { StackValues } from "../../support/stack";

/** Something of a machine that a start of firewalld would harm, refused until the stack decides on it. */
interface Decision {
  readonly name: string;
  readonly kind?: HostKind;
  /** A line of shell that makes it. */
  readonly make: string;
  readonly says: readonly string[];
  /** What is decided. */
  readonly decided: StackValues;
  /** What is so once the host stands. */
  readonly then: (world: World) => Promise<void>;
}

const SERVICE =
  "systemd-run -q --unit=other python3 -m http.server 9400 && until ss -ltn | grep -q :9400; do sleep 0.1; done";
const TABLE = `
add table inet custom
add chain inet custom input { type filter hook input priority 10; }
add rule inet custom input tcp dport 25 drop`;

const DECISIONS: readonly Decision[] = [
  {
    name: "a service that keepOpen names is reachable afterwards",
    make: SERVICE,
    says: ["E_LISTENERS", "python3 on tcp 9400", "9400/tcp"],
    decided: { firewall: { keepOpen: ["9400/tcp"] } },
    then: async ({ host, stranger }) => {
      expect(await stranger.connects(host.address, 9400)).toBe("open");
    },
  },
  {
    name: "a service that closes names is not reachable afterwards",
    make: SERVICE,
    says: ["E_LISTENERS", "python3 on tcp 9400", "9400/tcp"],
    decided: { firewall: { closes: ["9400/tcp"] } },
    then: async ({ host, stranger }) => {
      expect(await stranger.connects(host.address, 9400)).not.toBe("open");
    },
  },
  {
    name: "somebody's own nftables stand beside firewalld afterwards",
    make: nft(TABLE),
    says: ["E_RULESET", "nftables"],
    decided: { firewall: { closes: ["nftables"] } },
    then: async ({ host }) => {
      expect(await host.mustExec(nft("list table inet custom"))).toContain("tcp dport 25 drop");
    },
  },
  {
    name: "somebody's own iptables are given up where closes names them",
    kind: "old",
    make: "iptables -A INPUT -p tcp --dport 25 -j DROP",
    says: ["E_RULESET", "iptables"],
    decided: { firewall: { closes: ["iptables"] } },
    then: async ({ host }) => {
      expect(await host.mustExec("iptables -S INPUT")).not.toContain("--dport 25");
    },
  },
  {
    name: "a rule that firewalld's files hold is gone where remove names it",
    make: `firewall-offline-cmd -q --add-rich-rule='${ruleOf(ADDRESSES.stranger)}'`,
    says: ["E_FOREIGN_SOURCE", ADDRESSES.stranger],
    decided: { remove: { [ADDRESSES.stranger]: "left over" } },
    then: async ({ host }) => {
      expect(await host.mustExec("firewall-cmd --permanent --list-rich-rules")).not.toContain(
        ADDRESSES.stranger,
      );
    },
  },
  {
    name: "the port that firewalld's files open to everyone is closed where remove names that",
    make: `firewall-offline-cmd -q --add-port=${String(PORT)}/tcp`,
    says: ["E_FOREIGN_OPENING", `${String(PORT)}/tcp`],
    decided: { remove: { everyone: "left over" } },
    then: async ({ host }) => {
      expect(await host.mustExec("firewall-cmd --permanent --list-ports")).not.toContain(String(PORT));
    },
  },
];

describeLab.each(kindsOf("trixie"))("a %s host that firewalld is off on", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind, sshd: { port: 2222 } });
    const { hosts } = sampleValues(world.host);
    world.stack.change({ hosts: { "proxy-1": { ...hosts["proxy-1"], port: 2222 } } });
  });
  afterAll(() => world.stop());

  it("converges by one `pulumi up`, which dials twice for its state, and keeps sshd on its own port", async () => {
    const { stack, host } = world;
    expect(await firewalldOf(host)).toEqual(OFF);
    const { all } = await must(stack.up());
    expect(all).toContain("E_CONFIRM");
    // One for the tool, two for the state.
    expect(await logins(host)).toBe(3);
    expect(await firewalldOf(host)).toMatchObject({ active: "active", enabled: "enabled" });
    expect((await host.mustExec("firewall-cmd --permanent --list-ports")).trim()).toBe("2222/tcp");
    await expectServed(world);
  });

  it("is dialled once for a change of its list when firewalld runs", async () => {
    const { stack, host } = world;
    const before = await logins(host);
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.55": "ACME second site" } });
    await must(stack.up());
    expect(await logins(host)).toBe(before + 1);
  });

  it("has its sshd reachable, and firewalld filtering, after a reboot", async () => {
    const { host } = world;
    await host.reboot();
    await expectServed(world);
  });
});

describeLab.each(DECISIONS)(
  "a start of firewalld",
  ({ name, kind = "bookworm", make, says, decided, then }) => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld({ kind });
      await world.host.mustExec(make);
    });
    afterAll(() => world.stop());

    it(`is refused until somebody decided; then: ${name}`, async () => {
      const { stack, host } = world;
      const before = await listening(host);
      const off = await firewalldOf(host);
      expect(off).toMatchObject({ active: OFF.active, enabled: OFF.enabled });
      const { exitCode, all } = await stack.up();
      expect(exitCode).not.toBe(0);
      for (const words of [...says, "nothing on this host was changed"]) {
        expect(all).toContain(words);
      }
      expect(await firewalldOf(host)).toEqual(off);
      expect(await listening(host)).toBe(before);
      stack.change(decided);
      await must(stack.up());
      await expectServed(world);
      await then(world);
    });
  },
);

function listening(host: Host): Promise<string> {
  return host.mustExec("ss -ltunH | awk '{ print $1, $5 }' | sort");
}
