# apply: makes the host equal to the document on stdin, as a transaction. Removed sources are cut first and
# stay cut whatever fails later; then the site; added sources last, when the site that serves them stands.

apply() {
	need_root
	take_lock
	read_document
	read_words
	check_owner "$id" "$host"
	# First, since what it takes away is of the nginx of then.
	settle_gate
	find_nginx "$nginx_source"
	[ ! -e "$STATE/closed" ] ||
		refuse E_CLOSED "this host was closed by a person at $(cat "$STATE/closed"); expected it open. Find out why, run 'lqptctl open' on the host, then run this again"
	[ ! -e "$STATE/rolled-back" ] || warn "$(cat "$STATE/rolled-back")"
	[ ! -e "$STATE/pending" ] || warn "an earlier run was cut off in the middle; this one takes it up"
	if [ "$mode" = external ]; then
		! is_armed ||
			refuse E_CONFIRM "firewalld was started here and waits for its confirmation; expected that to be decided before lqpt:firewall.mode is external. It is undone within $(cat "$STATE/armed/seconds") s by itself; then run this again"
	else
		pass_gate
	fi
	add_temporary
	add_peer
	enforce apply
}

# read_words: the document's single values.
read_words() {
	id=$(cat "$WORK/owner-id")
	host=$(cat "$WORK/host")
	port=$(cat "$WORK/port")
	bind=$(cat "$WORK/bind")
	mode=$(cat "$WORK/mode")
	nginx_source=$(cat "$WORK/source")
}

# enforce VERB: the transaction: the host becomes what is in $WORK.
enforce() {
	survey
	refuse_if_problems
	install_keepalived
	[ ! -e "$WORK/start" ] || hold_start
	[ "$mode" = external ] || enable_firewall
	if nothing_to_do; then
		# Owners' names, removals and the ticket may differ: they change nothing that is enforced.
		cmp -s "$STATE/document" "$WORK/document" || keep "$WORK/document" "$STATE/document" ||
			fail E_STATE "$STATE/document cannot be written; expected room on a writable disk. What is enforced is in force as it was"
		rm -f "$STATE/rolled-back" "$STATE/closed"
		forget_start
		enable_nginx
		follow_leqi || warn "the timer that follows Leqi's addresses could not be made (systemd); nginx keeps those of now until the next change"
		order_boot || warn "$NGINX_DROP_IN cannot be written, so nginx would not wait for firewalld at boot"
		keep_expiry
		keep_health
		[ ! -e "$STATE/check-owed" ] || check_after
		report false "$WORK/runtime"
		return
	fi
	plan_sources
	begin
	step "begun"
	change_both add early
	cut_sources
	step "cut: $(wc -l <"$WORK/removed") source(s)"
	# Whoever goes to mode external waits for firewalld at boot until that is in force.
	prepare_log && { [ "$mode" = external ] || order_boot; } || give_up "$ACCESS_FOLDER or $NGINX_DROP_IN cannot be written"
	prepare_selinux "$port" "$(cat "$WORK/check-port")" || give_up "SELinux's label or boolean could not be set: $(tail -n 1 "$WORK/selinux-error")"
	step "the log, the order at boot and SELinux are prepared"
	change_both add moving
	replace_site
	step "nginx serves $bind:$port"
	replace_vip
	change_both add late
	step "let in: $(wc -l <"$WORK/added") source(s)"
	change_both remove covered
	read_back
	step "read back"
	commit "$1"
	# Where the site stood, nothing above looked whether nginx would be started at boot.
	enable_nginx
	order_boot || warn "$NGINX_DROP_IN cannot be removed, so nginx would still wait for firewalld at boot"
	report true "$WORK/now-runtime"
}

# begin: from here on a run that is cut off leaves its intentions behind, so that the next one knows them.
begin() {
	nginx_told=no
	was_served=no
	[ ! -e "$SITE_FILE" ] && [ ! -s "$WORK/foreign-sites" ] || was_served=yes
	site_stands=no
	site_in_force && site_stands=yes
	vip_told=no
	vip_stands=no
	! vip_in_force || vip_stands=yes
	save_site "$WORK/before" || refuse E_STATE "the files of nginx cannot be read ($(paste -s -d ' ' "$WORK/before/list")), or /tmp is full"
	rm -rf "$STATE/pending.new"
	mkdir -p "$STATE/pending.new" &&
		cp "$WORK/document" "$WORK/known" "$STATE/pending.new/" &&
		pending_sites "$STATE/pending.new/sites" &&
		{ old_places && printf '%s %s %s\n' "$zone" "$port" "$bind"; } | sort -u >"$STATE/pending.new/places" &&
		{ vrrp_places && printf '%s %s\n' "$vrrp_zone" "${vip_peer:--}"; } | sed '/^-/d; / -$/d' >"$STATE/pending.new/vrrp" &&
		rm -rf "$STATE/pending" &&
		mv "$STATE/pending.new" "$STATE/pending" ||
		refuse E_STATE "$STATE cannot be written: $(df -h "$STATE" | tail -n 1); expected room on a writable disk"
	flush "$STATE"/pending/* "$STATE"/pending/sites/* "$STATE/pending" "$STATE"
	trap 'give_up "the run was told to stop"' TERM INT
	trap 'give_up "lqptctl itself failed; its words are above"' EXIT
}

# pending_sites FOLDER: every lqpt.conf of ours that may be found after a run that was cut off: the one in force, those
# of earlier runs that were cut off, and this one's. One that is being adopted is not ours until this run has ended well.
pending_sites() {
	mkdir -p "$1" || return 1
	for site in "$STATE"/pending/sites/* "$STATE/site.conf" "$WORK/site.conf"; do
		[ ! -e "$site" ] || cp "$site" "$1/$(sha256sum <"$site" | cut -c 1-16)" || return 1
	done
}

# change_both add|remove SET: one of plan_sources' sets, in both configurations.
change_both() {
	[ "$mode" = firewalld ] || return 0
	for scope in runtime permanent; do
		[ -s "$WORK/$2-$scope" ] || continue
		change_sources "$1" "$scope" "$zone" "$port" "$WORK/$2-$scope" ||
			give_up "firewalld refused to $1 a source: $(firewalld_words)"
		step "$1 ($2): firewalld, $scope"
	done
}

cut_sources() {
	change_both remove cut
	cut_former
	while IFS="$TAB" read -r scope opening; do
		close_opening "$scope" "$opening" || give_up "firewalld did not close the opening in zone $opening"
	done <"$WORK/close"
	prove_cut
	cut_connections "$port" "$WORK/allow"
}

# cut_former: at a place that is given up too, whoever is listed no more goes first; the others stay until the new one stands.
cut_former() {
	[ "$mode" = firewalld ] || return 0
	while read -r old_zone old_port old_bind; do
		[ "$old_zone" != - ] && [ "$old_zone $old_port" != "$zone $port" ] || continue
		for scope in runtime permanent; do
			sources_in "$scope" "$old_zone" "$old_port" >"$WORK/former" || continue
			inside "$WORK/former" "$WORK/allow" | sort -u >"$WORK/former-staying"
			comm -23 "$WORK/former" "$WORK/former-staying" >"$WORK/former-going"
			[ -s "$WORK/former-going" ] || continue
			change_sources remove "$scope" "$old_zone" "$old_port" "$WORK/former-going" ||
				give_up "firewalld refused to remove a source: $(firewalld_words)"
			step "remove (cut): firewalld, $scope, of $old_bind:$old_port in zone $old_zone"
		done
		cut_connections "$old_port" "$WORK/allow"
	done <"$STATE/pending/places"
}

replace_site() {
	[ "$site_stands" = no ] || return 0
	put_ca && put_site "$WORK/site.conf" || give_up "$SITE_FILE cannot be written"
	step "lqpt.conf is written"
	load_site "$bind" "$port" || give_up "nginx refused the site: $(tr '\n' ' ' <"$WORK/nginx-error")"
	# No rule kept whoever was cut from coming back before nginx had its new list.
	[ "$mode" = firewalld ] || cut_connections "$port" "$WORK/allow"
}

# commit VERB
commit() {
	before=none
	[ -e "$STATE/document" ] && before=$(digest "$STATE/document")
	printf '%s %s\n' "$id" "$host" >"$WORK/owner"
	printf '%s %s %s\n' "$zone" "$port" "$bind" >"$WORK/place"
	note_since
	printf '%s\n' "$SITE_FILE" >"$WORK/site-file"
	keep "$WORK/site.conf" "$STATE/site.conf" && rm -f "$STATE/site-next" && keep "$WORK/site-dropped" "$STATE/site-dropped" && keep "$WORK/site-file" "$STATE/site-file" && keep "$WORK/sources" "$STATE/sources" && keep "$WORK/place" "$STATE/place" &&
		keep "$WORK/document" "$STATE/document" && keep "$WORK/owner" "$STATE/owner" || give_up "$STATE cannot be written"
	flush "$STATE"/* "$STATE" "$SITE_FILE" "${SITE_FILE%/*}" "/etc/firewalld/zones/$zone.xml"
	trap - TERM INT
	trap clean_up EXIT
	rm -f "$WORK/start"
	step "the new document is kept"
	forget_start
	retire_places
	commit_vip
	rm -rf "$STATE/pending" "$STATE/rolled-back" "$STATE/closed"
	[ -s "$WORK/ca" ] || rm -f "$PINNED_CA"
	follow_leqi || warn "the timer that follows Leqi's addresses could not be made (systemd); nginx keeps those of now until the next change"
	[ "$1" != apply ] || rm -f "$STATE/cut"
	add_history "$1" "$before" "$(digest "$WORK/document")"
	keep_expiry
	keep_health
	check_after
}

# note_since: since when each source has been let in, for status.
note_since() {
	touch "$STATE/sources"
	awk -v now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" 'FILENAME == ARGV[1] { since[$1] = $2; next }
		{ print $1, ($1 in since) ? since[$1] : now }' "$STATE/sources" "$WORK/allow" >"$WORK/sources"
}

# retire_places: where the port or the zone changed, the rules of the old one go once the new one stands.
retire_places() {
	: >"$WORK/places-left"
	while read -r old_zone old_port old_bind; do
		[ "$old_zone $old_port" != "$zone $port" ] || continue
		# A place of mode external has no rules.
		[ "$old_zone" != - ] || continue
		# In that mode nothing of a firewall is touched: they are taken away with the site, or by the next mode firewalld.
		if [ "$mode" = external ]; then
			printf '%s %s %s\n' "$old_zone" "$old_port" "$old_bind" >>"$WORK/places-left"
			continue
		fi
		clear_rules "$old_zone" "$old_port" ||
			fail E_RETIRE "the new document is in force, and the rules for port $old_port in zone $old_zone could not be taken away; nothing of ours listens there ($old_bind). Run this again"
		cut_connections "$old_port" "$WORK/allow"
	done <"$STATE/pending/places"
	if [ -s "$WORK/places-left" ]; then
		# Whoever is let in there was let in by us, whatever becomes of the list meanwhile.
		{ known_sources && cat "$STATE/sources-left" 2>/dev/null; } | sort -u >"$WORK/sources-left"
		keep "$WORK/sources-left" "$STATE/sources-left" && keep "$WORK/places-left" "$STATE/places-left"
	else
		rm -f "$STATE/places-left" "$STATE/sources-left"
	fi
}
