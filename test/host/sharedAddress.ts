import { runWithTool, type ShellResult } from "./shell";

/** The document of one of two hosts that share an address. */
const DOCUMENT = `lqpt-document 2
owner acme-7f3a proxy-1

[listen]
bind 0.0.0.0
port 8864
tls none

[firewall]
mode firewalld
zone auto
allow 203.0.113.9

[nginx]
source package

[leqi]
name lqpt.chinatax.gov.cn
port 8443
verify system

[check]
leqi-id ACME0001
environment prod /access/v2/invoke/202007/CXKYSL
after never
port 8865

[vip]
address 10.0.0.100/24
interface eth0
own 10.0.0.11
peer 10.0.0.12
router-id 100

[keepalived]
  global_defs {
      vrrp_version 2
      script_user lqpt-vip
  }
  vrrp_instance lqpt {
      interface eth0
      virtual_router_id 100
      priority 254
      advert_int 1
      unicast_src_ip 10.0.0.11
      unicast_peer {
          10.0.0.12
      }
      authentication {
          auth_type PASS
          auth_pass {{auth-pass}}
      }
      virtual_ipaddress {
          10.0.0.100/24 dev eth0
      }
  }

[site]
  #

[notes]
rollback-seconds 300

[end]
`;

const READ = `cat >"$WORK/document"; read_document; read_words; read_vip; mkdir -p "$STATE" "$DIR/etc"
KEEPALIVED_CONF="$DIR/etc/keepalived.conf"; VRRP_PASSWORD="$DIR/vrrp-pass"; VIP_FOLDER="$DIR/run"; VIP_CHECK="$DIR/libexec/lqpt-check"
KEEPALIVED_DROP_IN="$DIR/etc/drop-in.conf"; JOIN_UNIT_FILE="$DIR/etc/lqpt-join.service"
`;

/** Runs a piece of shell once that document was read, with what it names below `$DIR`. */
export function withSharedAddress(
  shell: readonly string[],
  script: string,
  { files = {}, commands = {} }: { files?: Record<string, string>; commands?: Record<string, string> } = {},
): ShellResult {
  return runWithTool({
    ...{ shell, stdin: DOCUMENT, script: `${READ}${script}`, commands },
    files: { "vrrp-pass": "secret12\n", ...files },
  });
}
