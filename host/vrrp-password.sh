# The password by which the two hosts of a pair know each other's VRRP. It comes as the listener's key does, apart from the
# document; on the wire it is plain, so it keeps out mistakes and nobody else.

# keep_password: $WORK/new-password is kept, and where keepalived runs by another one it follows; else the one before comes
# back.
keep_password() {
	[ "$(grep -c . "$WORK/new-password")" = 1 ] && grep -Eqx '[A-Za-z0-9]{8}' "$WORK/new-password" ||
		refuse E_KEYS "the password of the shared address is not one that keepalived takes; expected 8 letters and digits, once. Run this again"
	if cmp -s "$WORK/new-password" "$VRRP_PASSWORD"; then
		say "the password of the shared address is here already"
		return
	fi
	[ ! -e "$VRRP_PASSWORD" ] || cp -p "$VRRP_PASSWORD" "$WORK/password-before"
	put_password "$WORK/new-password" || refuse E_STATE "$VRRP_PASSWORD cannot be written; expected room on a writable disk"
	step "the password of the shared address is kept"
	used_by_keepalived || return 0
	if ! renew_vip; then
		why=$(tr '\n' ' ' <"$WORK/keepalived-error")
		[ -s "$WORK/password-before" ] && put_password "$WORK/password-before" && renew_vip ||
			fail E_KEYS "keepalived did not take the new password: $why; and the one before could not be put back. See 'systemctl status keepalived' on the host, then run this again"
		fail E_KEYS "keepalived did not take the new password: $why; the one before is back. Mend the cause, then run this again"
	fi
	step "keepalived uses the new password"
}

put_password() {
	(umask 022 && mkdir -p "${VRRP_PASSWORD%/*}") && (umask 077 && cat "$1" >"$VRRP_PASSWORD.lqpt-new") &&
		flush "$VRRP_PASSWORD.lqpt-new" && mv -f "$VRRP_PASSWORD.lqpt-new" "$VRRP_PASSWORD"
}

# used_by_keepalived: does it run by a configuration of ours? One that does not is started by an apply alone.
used_by_keepalived() {
	[ -e "$STATE/keepalived.conf" ] && [ ! -e "$STATE/pending" ] && split_document "$STATE/document" "$WORK" || return 1
	read_words
	read_vip
	find_own_nginx
	wants_vip && known_conf && keepalived_active
}

# renew_vip: the document in force with the password of now.
renew_vip() {
	(umask 077 && render_keepalived >"$STATE/keepalived-next") && test_keepalived "$STATE/keepalived-next" &&
		load_keepalived "$STATE/keepalived-next" && mv -f "$STATE/keepalived-next" "$STATE/keepalived.conf" && await_peer
}

# forget_password: unless a configuration of ours still has it.
forget_password() {
	[ -e "$STATE/keepalived.conf" ] || rm -f "$VRRP_PASSWORD"
}
