# What keepalived asks of this host once a second, by a script of ours under a user of its own; and what orders its start
# and its end.

# Where SELinux's policy lets keepalived run what it likes.
VIP_CHECK=/usr/libexec/keepalived/lqpt-check
VIP_USER=lqpt-vip
KEEPALIVED_DROP_IN=/etc/systemd/system/keepalived.service.d/lqpt.conf

# check_script: it fails where nginx gives no sign of life on the port; and, until the peer was heard to speak as this
# host does, where another has the address. Without that, two hosts of which one was changed and the other not yet would
# both take it.
check_script() {
	cat <<SCRIPT
#!/bin/sh
# Managed by lqpt: do not edit. May this host hold $vip_address? keepalived asks once a second.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
answers() {
	timeout 1 curl -q -sk -o /dev/null --noproxy '*' "\$1"
	# Any status is a sign of life, and so is an nginx that closes.
	case \$? in
	0 | 35 | 52 | 56) ;;
	*) return 1 ;;
	esac
}
holds() {
	ip -4 -o address show dev $vip_interface | grep -Fq ' inet $vip_address/'
}
[ -e $VIP_FOLDER/joined ] || holds || ! answers $vip_scheme://$vip_address:$vip_port/lqpt-health || exit 1
answers $vip_scheme://127.0.0.1:$vip_port/lqpt-health
SCRIPT
}

# check_drop_in: keepalived ends before nginx does, and lets go of the address as gently as can be.
check_drop_in() {
	printf '# Managed by lqpt: do not edit.\n[Unit]\nAfter=network-online.target firewalld.service %s.service\nWants=network-online.target\n[Service]\nExecStartPre=-%s vip-start\nExecStop=-%s vip-stop\nExecStopPost=-%s vip-stopped\nTimeoutStopSec=30\n' \
		"${nginx_unit:-nginx}" "$TOOL" "$TOOL" "$TOOL"
}

# has_check: after read_vip: is all of that as it is to be?
has_check() {
	check_script >"$WORK/check-script" && check_drop_in >"$WORK/check-drop-in" && join_unit >"$WORK/join-unit" &&
		cmp -s "$WORK/check-script" "$VIP_CHECK" && [ -x "$VIP_CHECK" ] &&
		cmp -s "$WORK/check-drop-in" "$KEEPALIVED_DROP_IN" && cmp -s "$WORK/join-unit" "$JOIN_UNIT_FILE" && id "$VIP_USER" >/dev/null 2>&1
}

put_check() {
	! has_check || return 0
	id "$VIP_USER" >/dev/null 2>&1 || useradd -r -M -d / -s "$(command -v nologin || echo /sbin/nologin)" -c "keepalived check of lqpt" "$VIP_USER" || return 1
	(
		umask 022
		mkdir -p "${VIP_CHECK%/*}" "${KEEPALIVED_DROP_IN%/*}" "$VIP_FOLDER" && cat "$WORK/check-script" >"$VIP_CHECK.new" &&
			chmod 0755 "$VIP_CHECK.new" && mv -f "$VIP_CHECK.new" "$VIP_CHECK" && cat "$WORK/check-drop-in" >"$KEEPALIVED_DROP_IN" && cat "$WORK/join-unit" >"$JOIN_UNIT_FILE"
	) || return 1
	! command -v restorecon >/dev/null 2>&1 || restorecon "$VIP_CHECK" >/dev/null 2>&1
	flush "$VIP_CHECK" "$KEEPALIVED_DROP_IN" "$JOIN_UNIT_FILE" && systemctl daemon-reload
}

forget_check() {
	rm -f "$VIP_CHECK" "$KEEPALIVED_DROP_IN" "$JOIN_UNIT_FILE" "$VIP_FOLDER/joined"
	rmdir "${VIP_CHECK%/*}" "${KEEPALIVED_DROP_IN%/*}" 2>/dev/null
	systemctl daemon-reload
	! id "$VIP_USER" >/dev/null 2>&1 || userdel "$VIP_USER" >/dev/null 2>&1
}
