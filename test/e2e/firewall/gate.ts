import type { Host } from "../../support/lab";
import { PORT, callLeqi } from "../../support/samples";
import type { World } from "../world";

/** What firewalld does, and what it would open if it did. */
export interface FirewalldState {
  readonly active: string;
  readonly enabled: string;
  /** Ports that it opens to everyone, by its files. */
  readonly ports: string;
}

/** As on a new machine. */
export const OFF: FirewalldState = { active: "inactive", enabled: "disabled", ports: "" };

export async function firewalldOf(host: Host): Promise<FirewalldState> {
  const { stdout } = await host.exec(
    "systemctl is-active firewalld; systemctl is-enabled firewalld; firewall-offline-cmd --list-ports",
  );
  const [active = "", enabled = "", ports = ""] = stdout.split("\n");
  return { active, enabled, ports };
}

/** How often somebody has logged in to a host. */
export async function logins(host: Host): Promise<number> {
  return Number((await host.exec("journalctl -t sshd -t sshd-session -o cat | grep -c '^Accepted'")).stdout);
}

/** Listed clients reach Leqi, a stranger gets no handshake, nobody one by IPv6, and the operator gets in. */
export async function expectServed({ host, listed, vendor, stranger }: World): Promise<void> {
  for (const client of [listed, vendor]) {
    expect(await callLeqi(client, host.address)).toMatchObject({ outcome: "answered", status: 200 });
  }
  expect(await stranger.connects(host.address, PORT)).not.toBe("open");
  // The firewall's own word: that nothing listens there would be no lock.
  for (const client of [listed, stranger]) {
    expect(await client.connects(host.address6, PORT)).toBe("filtered");
  }
  expect((await host.ssh("true")).exitCode).toBe(0);
}
