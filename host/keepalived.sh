# keepalived, which carries the shared address: installed, told to read its configuration, and seen to stand.

# sharers: what two hosts must have in common to hear each other, of a configuration on stdin, as a digest: it holds the
# password. Where one of the pair has changed it and the other not yet, each would take the other for gone.
sharers() {
	awk '$1 ~ /^(vrrp_version|virtual_router_id|advert_int|auth_type|auth_pass|interface|unicast_src_ip)$/ || $1 ~ /^[0-9.]+(\/[0-9]+)?$/ { $1 = $1; print }' |
		sha256sum | cut -d ' ' -f 1
}

# render_keepalived: the document's configuration with the password, to stdout alone: it lies nowhere but in its place.
render_keepalived() {
	LC_ALL=C awk -v secret="$VRRP_PASSWORD" '
		BEGIN { getline password <secret }
		{
			if (at = index($0, "{{auth-pass}}")) $0 = substr($0, 1, at - 1) password substr($0, at + 13)
			print
		}' "$WORK/keepalived"
}

keepalived_active() {
	[ "$(systemctl is-active keepalived 2>/dev/null)" = active ]
}

# keepalived_stands: it runs and has a socket for VRRP, which it has for an instance of its configuration alone.
keepalived_stands() {
	keepalived_active && raw_sockets | grep '^ip 112 .* keepalived ' >/dev/null
}

# vip_in_force: as the document says, and as we left it.
vip_in_force() {
	vrrp_in_force || return 1
	if ! wants_vip; then
		[ ! -e "$STATE/keepalived.conf" ]
		return
	fi
	render_keepalived 2>/dev/null | cmp -s - "$KEEPALIVED_CONF" && known_conf && [ ! -e "$STATE/keepalived-next" ] && has_check && keepalived_stands &&
		[ "$(systemctl is-enabled keepalived 2>/dev/null)" = enabled ]
}

# install_keepalived: where it is missing. Its own start is not our start, and a configuration that it brings is nobody's.
install_keepalived() {
	wants_vip && [ -z "$keepalived_bin" ] || return 0
	say "installing keepalived from this machine's package repositories"
	systemctl mask --runtime keepalived >/dev/null 2>&1
	ik_had=no
	[ ! -e "$KEEPALIVED_CONF" ] || ik_had=yes
	(umask 022 && install_package keepalived) >"$WORK/package.log" 2>&1
	ik_status=$?
	systemctl unmask --runtime keepalived >/dev/null 2>&1
	keepalived_bin=$(command -v keepalived)
	[ "$ik_status" = 0 ] && [ -n "$keepalived_bin" ] ||
		refuse E_PACKAGES "keepalived could not be installed: $(package_errors); expected a reachable package repository. Check this machine's package sources"
	[ "$ik_had" = yes ] || rm -f "$KEEPALIVED_CONF"
	step "keepalived is installed"
}

# replace_vip: keepalived carries the document's address, or none any more.
replace_vip() {
	[ "$vip_stands" = no ] || return 0
	if ! wants_vip; then
		let_vip_go
		return
	fi
	# An installation that was killed left it masked.
	systemctl unmask --runtime keepalived >/dev/null 2>&1
	let_vrrp_in || give_up "firewalld did not let VRRP in from $vip_peer: $(firewalld_words)"
	# Known for ours from here on, whatever becomes of this run.
	(umask 077 && render_keepalived >"$STATE/keepalived-next") && flush "$STATE/keepalived-next" && put_check ||
		give_up "what keepalived needs ($VIP_CHECK, $KEEPALIVED_DROP_IN, the user $VIP_USER) could not be put in place"
	test_keepalived "$STATE/keepalived-next" || give_up "keepalived refuses its configuration: $(tr '\n' ' ' <"$WORK/keepalived-error")"
	save_vip || give_up "$KEEPALIVED_CONF cannot be read"
	vip_told=yes
	load_keepalived "$STATE/keepalived-next" || give_up "keepalived did not come to stand: $(tr '\n' ' ' <"$WORK/keepalived-error")"
	step "keepalived carries $vip"
}

# let_vip_go: an address that the document has no more goes while the document that has it is in force: by that one what
# keepalived calls as it is stopped knows the calls to wait for.
let_vip_go() {
	[ -e "$STATE/keepalived.conf" ] && keepalived_active || return 0
	save_vip || give_up "$KEEPALIVED_CONF cannot be read"
	vip_told=yes
	stop_keepalived || give_up "keepalived could not be stopped; see 'systemctl status keepalived'"
	step "keepalived is stopped"
}

# test_keepalived FILE: where it can tell. Some versions call a configuration good that they have just complained of, and
# Debian 12's ends itself by SIGTERM when it has read it all and looked at the script.
test_keepalived() {
	: >"$WORK/keepalived-error"
	"$keepalived_bin" --help 2>&1 | grep -e --config-test >/dev/null || return 0
	"$keepalived_bin" --config-test --use-file="$1" >"$WORK/keepalived-error" 2>&1 </dev/null
	case $? in
	0 | 143) ! grep -Eqi "unknown keyword|unexpected|not found|disabling|error|invalid|removing|doesn't exist|missing" "$WORK/keepalived-error" ;;
	*) return 1 ;;
	esac
}

# save_vip: the configuration as it is, beside its place: it may hold a password; and whether keepalived ran by it.
save_vip() {
	vip_ran=no
	! keepalived_active || vip_ran=yes
	vip_enabled=$(systemctl is-enabled keepalived 2>/dev/null)
	rm -f "$KEEPALIVED_CONF.lqpt-before"
	[ ! -e "$KEEPALIVED_CONF" ] || cp -Pp "$KEEPALIVED_CONF" "$KEEPALIVED_CONF.lqpt-before"
}

# put_conf FILE: root's alone from its first byte.
put_conf() {
	(umask 022 && mkdir -p "${KEEPALIVED_CONF%/*}") && (umask 077 && cat "$1" >"$KEEPALIVED_CONF.lqpt-new") &&
		flush "$KEEPALIVED_CONF.lqpt-new" && mv -f "$KEEPALIVED_CONF.lqpt-new" "$KEEPALIVED_CONF"
}

# restore_vip: keepalived back on what it had before.
restore_vip() {
	rv_status=0
	keep_vrrp_out || rv_status=1
	rv_shares=no
	if read_vip_in_force; then
		rv_shares=yes
		put_check || rv_status=1
	fi
	if [ "${vip_told-no}" = yes ]; then
		if [ "$vip_ran" = yes ]; then
			cat "$KEEPALIVED_CONF.lqpt-before" >"$STATE/keepalived-next" && load_keepalived "$STATE/keepalived-next" || rv_status=1
		else
			stop_keepalived || rv_status=1
			rm -f "$KEEPALIVED_CONF"
			[ ! -e "$KEEPALIVED_CONF.lqpt-before" ] || mv -f "$KEEPALIVED_CONF.lqpt-before" "$KEEPALIVED_CONF"
			[ "$vip_enabled" != enabled ] || systemctl enable keepalived >/dev/null 2>&1
		fi
	fi
	[ "$rv_shares" = no ] || await_peer
	[ "$rv_status" = 1 ] || rm -f "$STATE/keepalived-next"
	rm -f "$KEEPALIVED_CONF.lqpt-before"
	[ -e "$STATE/keepalived.conf" ] || ! wants_vip || forget_check
	read_vip
	return "$rv_status"
}

# stop_keepalived: it lets go of the address first.
stop_keepalived() {
	forget_peer_wait
	systemctl disable keepalived >/dev/null 2>&1
	systemctl stop keepalived 9>&-
	! keepalived_active
}

# drop_vip: what we made for a shared address goes.
drop_vip() {
	[ -e "$STATE/keepalived.conf" ] || [ -e "$STATE/keepalived-next" ] || return 0
	stop_keepalived || return 1
	! known_conf || rm -f "$KEEPALIVED_CONF"
	rm -f "$STATE/keepalived.conf" "$STATE/keepalived-next" "$KEEPALIVED_CONF.lqpt-before"
	forget_check
	step "keepalived is stopped, and nothing of ours is left of it"
}

# commit_vip: what was put in place is known for ours; a shared address that is no more goes.
commit_vip() {
	if wants_vip; then
		[ ! -e "$STATE/keepalived-next" ] || mv -f "$STATE/keepalived-next" "$STATE/keepalived.conf"
		rm -f "$KEEPALIVED_CONF.lqpt-before"
		await_peer
	else
		drop_vip || warn "keepalived could not be stopped, so this host may still hold an address that no document names; see 'systemctl status keepalived'"
		forget_password
	fi
	retire_vrrp || warn "$STATE cannot be written, so a later change may not know the rule for VRRP as ours"
}
