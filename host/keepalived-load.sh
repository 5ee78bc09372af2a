# keepalived told to read its configuration, and seen to stand by it: with as little interruption as can be.

# load_keepalived FILE: FILE becomes its configuration, and it is seen to run by it. Why it failed goes to
# $WORK/keepalived-error. One that the peer need not follow is read in place, and the address stays where it is.
load_keepalived() {
	: >"$WORK/keepalived-error"
	if ! keepalived_active; then
		part_from_peer && put_conf "$1" && start_keepalived || return 1
	elif [ "$(sharers <"$KEEPALIVED_CONF")" = "$(sharers <"$1")" ]; then
		put_conf "$1" && systemctl reload keepalived 9>&- 2>"$WORK/keepalived-error" || return 1
	elif holds_vip; then
		change_holder "$1" || return 1
	else
		part_from_peer && put_conf "$1" && systemctl restart keepalived 9>&- 2>"$WORK/keepalived-error" || return 1
	fi
	systemctl is-enabled keepalived >/dev/null 2>&1 || systemctl enable keepalived >/dev/null 2>&1
	prove_keepalived
}

start_keepalived() {
	systemctl reset-failed keepalived >/dev/null 2>&1
	systemctl start keepalived 9>&- 2>"$WORK/keepalived-error"
}

# change_holder FILE: a change that the peer must follow, on the host that has the address. The peer takes it by what they
# have in common still; where it does not, since it is gone or was changed before, this host takes it again at once.
change_holder() {
	systemctl stop keepalived 9>&-
	if vip_answers || vip_answers; then
		part_from_peer && put_conf "$1" && start_keepalived
		return
	fi
	say "the peer does not take $vip_address, so it stays here"
	quick_conf <"$1" >"$STATE/keepalived-quick" && put_conf "$STATE/keepalived-quick" && start_keepalived
	rm -f "$STATE/keepalived-quick"
	wait_until 3 holds_vip || say "this host takes $vip_address again once it has heard nobody for 3 s"
	put_conf "$1" && systemctl reload keepalived 9>&- 2>"$WORK/keepalived-error"
}

# quick_conf: a configuration on stdin by which keepalived takes the address within a moment: VRRP of version 3 counts in
# hundredths of a second. Read anew it has it still, and goes by whole seconds.
quick_conf() {
	awk '
		$1 == "vrrp_version" { next }
		$1 == "authentication" { skip = 1 }
		skip { if ($1 == "}") skip = 0; next }
		$1 == "advert_int" { sub(/advert_int.*/, "advert_int 0.05") }
		{ print }
		$1 == "global_defs" { print "    vrrp_version 3" }'
}

prove_keepalived() {
	wait_until 5 keepalived_stands || {
		echo "it does not run, or by a configuration without an instance; see 'journalctl -u keepalived'" >>"$WORK/keepalived-error"
		return 1
	}
	wait_until 12 vip_settled || {
		echo "within 12 s neither this host nor another had $vip_address; see 'journalctl -u keepalived', and whether $VIP_CHECK succeeds as $VIP_USER" >>"$WORK/keepalived-error"
		return 1
	}
	keepalived_stands
}
