# remove: what apply made goes, and nothing else does.

# remove ID HOST: the site first, then the rules for our port. The machine's other sites and rules stay,
# firewalld stays as it is, SSH stays open.
remove() {
	need_root
	take_lock
	may_release "$1" "$2" || return 0
	remove_all "$1" "$2"
}

# remove_all ID HOST: the lock is held and the host is that one's.
remove_all() {
	find_own_nginx
	old_places >"$WORK/places"
	# First, so that whoever calls finds the peer.
	drop_vip || fail E_REMOVE "keepalived did not stop; see 'systemctl status keepalived'. Nothing else was removed. Mend the cause, then run this again"
	vrrp_places >"$WORK/vrrp-places"
	while read -r old_zone old_peer; do
		clear_vrrp "$old_zone" "$old_peer" ||
			fail E_REMOVE "the rule for VRRP from $old_peer in zone $old_zone is still there: $(firewalld_words). Nothing else was removed. Mend the cause, then run this again"
	done <"$WORK/vrrp-places"
	rm -f "$STATE/vrrp"
	remove_site
	step "nginx has let go of the site"
	while read -r old_zone old_port old_bind; do
		cut_connections "$old_port" /dev/null
		[ "$old_zone" != - ] || continue
		clear_rules "$old_zone" "$old_port" ||
			fail E_REMOVE "the rules for $old_bind:$old_port in zone $old_zone are still there: $(firewalld_words). What was removed stays removed. Mend the cause, then run this again"
		step "nobody is let in to port $old_port"
	done <"$WORK/places"
	rm -rf "$STATE/document" "$STATE/pending" "$STATE/site.conf" "$STATE/site-next" "$STATE/place" "$STATE/places-left" "$STATE/sources-left" "$STATE/owner" "$STATE/temporary" "$STATE/closed" "$STATE/site-file" "$STATE/site-dropped" "$STATE/leqi-seen" "$STATE/check-owed" "$STATE/cut" "$STATE/site-found" "$STATE/rolled-back"
	rm -f "$PINNED_CA"
	rmdir "${PINNED_CA%/*}" 2>/dev/null
	step "the document is forgotten"
	forget_start
	forget_timer "$EXPIRE_UNIT"
	forget_timer "$RESOLVE_UNIT"
	forget_health
	remove_log_rotation
	forget_selinux
	forget_boot_order
	: >"$WORK/added"
	: >"$WORK/removed"
	add_history remove "-" none
	say "removed: site and rules of $2 of $1"
}

remove_site() {
	if [ -e "$SITE_FILE" ] && ! known_site "$SITE_FILE"; then
		say "warning: $SITE_FILE is not as lqptctl left it; it stays, and nobody may reach its port"
	else
		drop_site || fail E_REMOVE "nginx did not let go of the site: $(tr '\n' ' ' <"$WORK/nginx-error"). The site's file is removed, the rules stay. Mend the cause, then run this again"
	fi
	while read -r old_zone old_port old_bind; do
		[ -e "$SITE_FILE" ] || wait_until 10 port_is_silent "$old_port" ||
			fail E_REMOVE "$old_bind:$old_port (zone $old_zone) is still listened on. The site's file is removed, the rules stay. Mend the cause, then run this again"
	done <"$WORK/places"
}

# drop_site: our file goes and nginx lets go of it; also where an earlier run died between the two.
drop_site() {
	[ -e "$SITE_FILE" ] || still_served || return 0
	take_site
	step "lqpt.conf is gone"
	unload_site
}

# still_served: does anybody listen where our site is or may be?
still_served() {
	old_places | cut -d ' ' -f 2 | sort -u >"$WORK/ports-served"
	while read -r served; do
		port_is_silent "$served" || return 0
	done <"$WORK/ports-served"
	return 1
}

# clear_rules ZONE PORT: all rules like ours for that port go, and are seen to be gone. Where firewalld does not
# run, nothing of its runtime is left, and its files are changed.
clear_rules() {
	if ! firewall_running 60; then
		clear_rules_offline "$1" "$2"
		return
	fi
	for scope in runtime permanent; do
		look "$scope" || return 1
		sources_in "$scope" "$1" "$2" >"$WORK/clear" || continue
		[ -s "$WORK/clear" ] || continue
		change_sources remove "$scope" "$1" "$2" "$WORK/clear" || return 1
		[ -z "$(read_sources "$scope" "$1" "$2")" ] || return 1
	done
}

clear_rules_offline() {
	written_sources "$1" "$2" >"$WORK/clear"
	while IFS= read -r source; do
		firewall-offline-cmd --zone="$1" --remove-rich-rule="$(rich_rule "$source" "$2")" >/dev/null 2>&1 || return 1
	done <"$WORK/clear"
}
