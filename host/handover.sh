# The address goes to the peer before anything that could interrupt whoever calls: what is under way ends, and new calls
# wait for the moment that it takes (a dropped SYN is sent again after a second).

# The table that holds new connections to the address.
HOLDS=lqpt_holds
STAND_BY_UNIT=lqpt-stand-by
# Seconds that a call under way may take before the address goes.
DRAIN_SECONDS=10
handed_over=no

# let_go: called as keepalived is told to stop, whoever does that: a person, a restart of the machine, an upgrade, an apply.
let_go() {
	need_root
	read_vip_in_force && holds_vip || return 0
	find_own_nginx
	hold_new
	# Its old workers close what is idle, and end when they have answered what is under way.
	! lg_master=$(nginx_master) || kill -HUP "$lg_master"
	wait_until "$DRAIN_SECONDS" drained || say "calls to $vip_address were still under way after $DRAIN_SECONDS s; they are cut off"
}

# let_in: called once keepalived has ended. Who waits finds the peer.
let_in() {
	need_root
	release_new
}

# hold_new: new connections to the address are dropped, and not refused.
hold_new() {
	kernel_change "add table ip $HOLDS
add chain ip $HOLDS new { type filter hook prerouting priority -400; policy accept; }
add rule ip $HOLDS new ip daddr $vip_address tcp dport $vip_port tcp flags & (syn|ack) == syn drop" ||
		iptables -w -I INPUT -d "$vip_address" -p tcp --dport "$vip_port" --syn -m comment --comment "$HOLDS" -j DROP >/dev/null 2>&1
}

release_new() {
	kernel_change "delete table ip $HOLDS" && return 0
	! read_vip_in_force || iptables -w -D INPUT -d "$vip_address" -p tcp --dport "$vip_port" --syn -m comment --comment "$HOLDS" -j DROP >/dev/null 2>&1
	return 0
}

# drained: nobody is connected to the port at the address.
drained() {
	! ss -tn state connected "src $vip_address" "sport = :$vip_port" 2>/dev/null | grep -E '^(ESTAB|SYN-RECV|CLOSE-WAIT|FIN-WAIT-1|LAST-ACK|CLOSING)' >/dev/null
}

# peer_health: healthy, unreachable, or what it answered.
peer_health() {
	ph_status=$(timeout 5 curl -q -sk -o /dev/null -w '%{http_code}' --noproxy '*' --connect-timeout 2 "$vip_scheme://$vip_peer:$vip_port/lqpt-health" </dev/null)
	case $?,$ph_status in
	0,200) echo healthy ;;
	0,*) echo "status $ph_status" ;;
	52,* | 56,* | 35,*) echo closes ;;
	*) echo unreachable ;;
	esac
}

# hand_over: before what could interrupt. A run that dies leaves keepalived stopped for two minutes at most.
hand_over() {
	! read_vip_in_force || ! holds_vip || hand_over_now
	[ ! -e "$WORK/vip-address" ] || read_vip
}

hand_over_now() {
	ho_peer=$(peer_health)
	if [ "$ho_peer" != healthy ] && [ "$ho_peer" != closes ]; then
		warn "this host has $vip_address and its peer $vip_peer is not ready to take it ($ho_peer), so calls may be interrupted for as long as nginx needs"
		return 0
	fi
	systemctl stop "$STAND_BY_UNIT.timer" >/dev/null 2>&1
	systemd-run --unit="$STAND_BY_UNIT" --on-active=120 systemctl start keepalived 9>&- >/dev/null 2>&1
	systemctl stop keepalived 9>&-
	handed_over=yes
	wait_until 3 vip_answers || warn "the peer $vip_peer did not take $vip_address within 3 s"
	step "$vip_address is the peer's"
}

# stand_by: whatever became of it, this host stands in for its peer again.
stand_by() {
	[ "$handed_over" = yes ] || return 0
	handed_over=no
	systemctl stop "$STAND_BY_UNIT.timer" >/dev/null 2>&1
	keepalived_active || systemctl start keepalived 9>&- >/dev/null 2>&1 || warn "keepalived could not be started again, so this host does not stand in for its peer; see 'systemctl status keepalived'"
}
