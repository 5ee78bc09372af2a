# The address goes to the peer before anything that could interrupt whoever calls: what is under way ends, and new calls
# wait for the moment that it takes (a dropped SYN is sent again after a second).

# The table that holds new connections to the address.
HOLDS=lqpt_holds
STAND_BY_UNIT=lqpt-stand-by
# Seconds that a call under way may take before the address goes.
DRAIN_SECONDS=10
handed_over=no

# vip_stop: called as keepalived is told to stop, whoever does that: a person, a restart of the machine, an upgrade, an
# apply. Called by itself it would drop calls to an address that stays.
vip_stop() {
	need_root
	if [ "$(systemctl is-active keepalived 2>/dev/null)" != deactivating ]; then
		say "keepalived is not being stopped; to give the address away: systemctl stop keepalived"
		return
	fi
	read_vip_in_force && holds_vip || return 0
	find_own_nginx
	hold_new
	# Its old workers close what is idle, and end when they have answered what is under way.
	! lg_master=$(nginx_master) || kill -HUP "$lg_master"
	wait_until "$DRAIN_SECONDS" drained || say "calls to $vip_address were still under way after $DRAIN_SECONDS s; they are cut off"
}

# vip_stopped: called once keepalived has ended, however it did. Who waits finds the peer.
vip_stopped() {
	need_root
	drop_address
	release_new
}

# vip_start: called before keepalived starts. While it was stopped the peer may have been changed, so whether they hear each
# other is not known. A run that starts it knows better.
vip_start() {
	vip_stopped
	[ ! -e "$STATE/pending" ] && [ ! -e "$STATE/keepalived-next" ] || return 0
	part_from_peer
	systemctl --no-block start "$JOIN_UNIT" >/dev/null 2>&1
}

# drop_address: one that was killed leaves the address behind, which the peer has by now.
drop_address() {
	! read_vip_in_force || ! holds_vip || ip address del "$vip" dev "$vip_interface" >/dev/null 2>&1
}

# hold_new: new connections to the address are dropped, and not refused. The peer's are not: while it finds nobody there it
# may take the address.
hold_new() {
	kernel_change "add table ip $HOLDS
add chain ip $HOLDS new { type filter hook prerouting priority -400; policy accept; }
add rule ip $HOLDS new ip saddr != $vip_peer ip daddr $vip_address tcp dport $vip_port tcp flags & (syn|ack) == syn drop" ||
		iptables -w -I INPUT ! -s "$vip_peer" -d "$vip_address" -p tcp --dport "$vip_port" --syn -m comment --comment "$HOLDS" -j DROP >/dev/null 2>&1
}

release_new() {
	kernel_change "delete table ip $HOLDS" && return 0
	! read_vip_in_force || iptables -w -D INPUT ! -s "$vip_peer" -d "$vip_address" -p tcp --dport "$vip_port" --syn -m comment --comment "$HOLDS" -j DROP >/dev/null 2>&1
	return 0
}

# drained: nobody but the peer is connected to the port at the address.
drained() {
	! ss -tn state connected "src $vip_address" "sport = :$vip_port" 2>/dev/null |
		awk -v peer="$vip_peer:" '$1 ~ /^(ESTAB|SYN-RECV|CLOSE-WAIT|FIN-WAIT-1|LAST-ACK|CLOSING)$/ && index($5, peer) != 1 { hit = 1 } END { exit !hit }'
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
	# One that closes without a word serves, by a document in which this host is not its peer.
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
