import type { SharedAddress } from "./vip";

/** Run by keepalived as `VIP_USER`: it succeeds where nginx answers on the port. The host tool writes it, and makes the user. */
const CHECK = "/usr/libexec/keepalived/lqpt-check";
const VIP_USER = "lqpt-vip";

/** Seconds between two adverts: the least that VRRP's version 2 knows, so a host that is lost is missed after three to four. */
const ADVERT_SECONDS = 1;

/** Who of two hosts goes first where both want the address: as high as can be, for who waits the shortest takes over first. */
const PRIORITIES = { first: 254, second: 253 } as const;

/**
 * keepalived.conf of one host, whole and without a condition: every word in it is known to 1.3.5 (CentOS 7) as to 2.3.
 * `{{auth-pass}}` is filled in on the host, which alone has the password.
 *
 * What is left out on purpose:
 *
 * - `track_interface`: an instance's own interface is tracked by itself, and 2.3 calls a second time a mistake
 * - `init_fail`: a check that did not run yet counts as not passed without it
 * - `vrrp_strict`: it forbids both unicast and a password
 *
 * @param id the stack's mark
 * @param host the host's name
 */
export function renderKeepalived(id: string, host: string, vip: SharedAddress): string {
  return `# Managed by lqpt for ${id}: do not edit. A change made here by hand stops the next one, which names this file.
global_defs {
    router_id ${host}
    vrrp_version 2
    # Only the peer is listened to, whoever else sends.
    vrrp_check_unicast_src
    # After the two were parted: whoever keeps the address says so once more, to every switch.
    vrrp_higher_prio_send_advert
    vrrp_garp_master_refresh 60
    script_user ${VIP_USER}
    enable_script_security
}

vrrp_script lqpt_nginx {
    script "${CHECK}"
    interval 1
    timeout 3
    fall 2
    rise 2
}

# Neither takes the address back from the other while that one serves.
vrrp_instance lqpt {
    state BACKUP
    nopreempt
    interface ${vip.interface}
    virtual_router_id ${vip.routerId}
    priority ${PRIORITIES[vip.rank]}
    advert_int ${ADVERT_SECONDS}
    unicast_src_ip ${vip.own}
    unicast_peer {
        ${vip.peer}
    }
    authentication {
        auth_type PASS
        auth_pass {{auth-pass}}
    }
    virtual_ipaddress {
        ${vip.address} dev ${vip.interface}
    }
    track_script {
        lqpt_nginx
    }
}
`;
}
