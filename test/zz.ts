import { Lab } from "./support/lab";
import { prepareLab } from "./support/prepare";
async function main() {
  await prepareLab(() => undefined);
  const lab = await Lab.start();
  try {
    const host = await lab.host("proxy-1", { kind: "bookworm", firewalld: "running" });
    for (const line of [
      "python3 -v -c 'import firewall.client' 2>&1 | grep -c 'wrote\\|could not\\|stale'",
      "time (for i in 1 2 3 4 5; do firewall-cmd --list-all-zones >/dev/null; done)",
      "time (for i in 1 2 3 4 5; do firewall-cmd --permanent --list-all-zones >/dev/null; done)",
      "time (for i in 1 2 3 4 5; do firewall-cmd --version >/dev/null; done)",
      "time (for i in 1 2 3 4 5; do python3 -c 'import firewall.client'; done)",
      "time (for i in 1 2 3 4 5; do python3 -c 'import dbus'; done)",
      "time (for i in 1 2 3 4 5; do python3 -c 'import gi'; done)",
      "time (for i in 1 2 3 4 5; do python3 -c 'pass'; done)",
      "time (for i in 1 2 3 4 5; do busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 org.fedoraproject.FirewallD1.zone getZones >/dev/null; done)",
      "time (for i in 1 2 3 4 5; do busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 org.fedoraproject.FirewallD1.zone getZoneSettings2 s public >/dev/null; done)",
      "python3 -X importtime /usr/bin/firewall-cmd --state 2>&1 | sort -t'|' -k2 -n | tail -25",
      "grep -E '^(utime|)' /proc/$(pgrep -f sbin/firewalld)/stat | cut -d' ' -f14,15; cut -d' ' -f14,15 /proc/$(pgrep -x polkitd)/stat /proc/$(pgrep -x dbus-daemon)/stat;  for i in 1 2 3 4 5; do firewall-cmd --permanent --list-all-zones >/dev/null; done; cut -d' ' -f14,15 /proc/$(pgrep -f sbin/firewalld)/stat /proc/$(pgrep -x polkitd)/stat /proc/$(pgrep -x dbus-daemon)/stat",
    ]) console.log("$ " + line + "\n" + (await host.exec(`bash -c ${JSON.stringify(line).replaceAll("$","\\$")}`)).all);
  } finally {
    await lab.stop();
  }
}
void main().then(() => process.exit(0));
