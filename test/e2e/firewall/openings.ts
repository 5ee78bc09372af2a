import { nft } from "../../support/nft";
import type { Fault } from "./faults";

/** A service whose port is ours, known to firewalld and in no zone yet. */
export const MAKE_SERVICE =
  "firewall-cmd -q --permanent --new-service=leqi && firewall-cmd -q --permanent --service=leqi --add-port=8864/tcp && firewall-cmd -q --reload";

/** Since firewalld 2.1 nobody else may touch its table unless it is told so, and a kernel that lost the rules is a case all the same. */
export const SHARE_TABLE =
  "sed -i 's/^NftablesTableOwner=yes/NftablesTableOwner=no/' /etc/firewalld/firewalld.conf";

/** A line of shell that does it to the runtime and to the permanent configuration. */
export const both = (option: string): string =>
  `firewall-cmd -q ${option} && firewall-cmd -q --permanent ${option}`;

/** Where lab.stranger() is. */
const STRANGERS = "198.51.100.192/26";
const DIRECT = "ipv4 filter INPUT 0 -p tcp --dport 8864 -j ACCEPT";
const CUSTOM = nft("delete table inet custom");

/** The port opened in a way that is not ours to close. A stranger who gets a handshake gets not one byte. */
export const OPENINGS: readonly Fault[] = [
  {
    name: "a service that contains the port",
    inject: both("--add-service=leqi"),
    mend: both("--remove-service=leqi"),
    exit: 10,
    says: ["E_FOREIGN_OPENING", "zone public has service leqi, which contains port 8864"],
    status: /EXPOSED: .*8864/,
    stranger: "handshake",
  },
  {
    name: "a range of ports that contains it",
    inject: both("--add-port=8800-8900/tcp"),
    mend: both("--remove-port=8800-8900/tcp"),
    exit: 10,
    says: ["E_FOREIGN_OPENING", "zone public opens port 8800-8900/tcp to everyone"],
    status: /EXPOSED: .*8800-8900/,
    stranger: "handshake",
  },
  {
    name: "a port that is forwarded to it",
    inject: both("--add-forward-port=port=80:proto=tcp:toport=8864"),
    mend: both("--remove-forward-port=port=80:proto=tcp:toport=8864"),
    exit: 10,
    says: ["E_FOREIGN_OPENING", "8864"],
    status: /EXPOSED: .*8864/,
  },
  {
    name: "a zone of the stranger's network that accepts everything",
    inject: both(`--zone=trusted --add-source=${STRANGERS}`),
    // The kernel keeps the chains of a zone that was entered once until firewalld is reloaded.
    mend: `${both(`--zone=trusted --remove-source=${STRANGERS}`)} && firewall-cmd -q --reload`,
    exit: 10,
    says: ["E_FOREIGN_OPENING", "zone trusted accepts everything (target ACCEPT)"],
    status: /EXPOSED: .*trusted/,
    stranger: "handshake",
  },
  {
    name: "a direct rule that accepts it",
    inject: `firewall-cmd -q --permanent --direct --add-rule ${DIRECT}`,
    mend: `firewall-cmd -q --permanent --direct --remove-rule ${DIRECT}`,
    exit: 10,
    says: ["E_FOREIGN_OPENING", "firewalld has the direct rule"],
    status: /EXPOSED: firewalld has the direct rule/,
  },
  {
    name: "somebody's own nftables that accept it and drop the rest",
    inject: nft(`
add table inet custom
add chain inet custom input { type filter hook input priority 10; policy drop; }
add rule inet custom input iifname "lo" accept
add rule inet custom input ct state established,related accept
add rule inet custom input tcp dport { 22, 8864 } accept`),
    mend: CUSTOM,
    exit: 10,
    says: ["E_FOREIGN_OPENING", "table inet custom, chain input: tcp dport { 22, 8864 } accept"],
    status: /EXPOSED: the kernel has, in table inet custom/,
  },
  {
    name: "somebody's own nftables that redirect another port to it",
    inject: nft(`
add table inet custom
add chain inet custom prerouting { type nat hook prerouting priority -100; }
add rule inet custom prerouting tcp dport 80 redirect to :8864`),
    mend: CUSTOM,
    exit: 10,
    says: ["E_FOREIGN_OPENING", "tcp dport 80 redirect to :8864"],
    status: /EXPOSED: .*redirect to :8864/,
  },
  {
    name: "a container that Docker publishes on it",
    inject: nft(`
add table ip nat
add chain ip nat DOCKER
add chain ip nat PREROUTING { type nat hook prerouting priority -100; policy accept; }
add rule ip nat PREROUTING fib daddr type local counter jump DOCKER
add rule ip nat DOCKER iifname != "docker0" tcp dport 8864 counter dnat to 172.17.0.2:80`),
    mend: nft("delete table ip nat"),
    exit: 10,
    says: ["E_FOREIGN_OPENING", "chain DOCKER", "dnat to 172.17.0.2:80"],
    status: /EXPOSED: .*dnat to 172/,
    listed: "cut off",
  },
  {
    name: "firewalld running, and the kernel without its rules",
    inject: `if iptables -S INPUT 2>/dev/null | grep -q INPUT_ZONES; then iptables -F INPUT; else ${nft("flush table inet firewalld")}; fi`,
    mend: "firewall-cmd -q --reload",
    exit: 10,
    says: ["E_FIREWALLD", "firewalld runs here and does not filter"],
    status: /EXPOSED: firewalld does not filter/,
    stranger: "handshake",
  },
];
