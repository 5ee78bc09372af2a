# survey: everything that a refusal could rest on is looked at here, before the transaction's first change. The one
# thing changed here is an opening to everyone on a host that is ours: that is closed at once, whatever comes after.

survey() {
	refuse_if_problems
	need_nginx
	repeat_warnings
	warn_of_flaws "$WORK/nginx-facts"
	known_sources >"$WORK/known"
	if [ "$mode" = external ]; then
		survey_external
	else
		survey_firewall
	fi
	survey_vip
	survey_site
	warn_of_limits
}

need_nginx() {
	[ -n "$nginx_bin" ] ||
		refuse E_NGINX "nginx is not here any more; expected it since the tool was brought. Install it again (lqpt:nginx.source is $nginx_source), then run this again"
}

# survey_site: what the site could be refused for, whoever is let in.
survey_site() {
	check_keys
	check_health_commands
	check_nginx_build "$WORK/nginx-facts"
	render_site
	check_foreign_site
	preflight_selinux
	preflight_port "$port"
}

# survey_external: somebody else filters; what was listed is what the last document listed.
survey_external() {
	zone=-
	for scope in runtime permanent; do
		cp "$WORK/known" "$WORK/$scope"
		: >"$WORK/openings-$scope"
	done
	cp "$WORK/known" "$WORK/in-force"
	: >"$WORK/close"
	check_bulk
	warn "lqpt:firewall.mode is external: no firewall of this host is touched or looked at, and nginx's list is the only lock on port $port"
}

survey_firewall() {
	look_both ||
		refuse E_FIREWALLD "firewalld does not answer: $(look_words); expected its list of zones. See 'systemctl status firewalld', then run this again"
	find_zone "$(cat "$WORK/zone")"
	zone=$(cat "$WORK/found-zone")
	for scope in runtime permanent; do
		sources_in "$scope" "$zone" "$port" >"$WORK/$scope" ||
			refuse E_FIREWALLD "firewalld's $scope configuration has no zone $zone; expected it. See 'firewall-cmd --get-zones', then run this again"
		other_openings "$scope" "$zone" "$port" >"$WORK/openings-$scope"
	done
	# Whoever gets in at a place that this document gives up is in force as well, and cut with it.
	{
		cat "$WORK/runtime" "$WORK/permanent"
		former_sources runtime
		former_sources permanent
	} | sort -u >"$WORK/in-force"
	keeps_ssh
	check_openings
	check_sources
	check_bulk
	shut_out | while IFS= read -r shut; do
		warn "$shut"
	done
}

# former_sources runtime|permanent [PORT]: after look: whom rules of ours let in at places that this document gives up;
# of PORT alone where one is named.
former_sources() {
	old_places | while read -r old_zone old_port old_bind; do
		[ "$old_zone" != - ] && [ "$old_zone $old_port" != "$zone $port" ] && [ "$old_port" = "${2:-$old_port}" ] || continue
		sources_in "$1" "$old_zone" "$old_port"
	done
}

# known_sources: whom the document in force, any that was cut off half-way, and a person at the console let in.
known_sources() {
	{
		cut -d ' ' -f 1 "$STATE/temporary" 2>/dev/null
		cat "$STATE/pending/known" 2>/dev/null
		known_peers
		for past in "$STATE/document" "$STATE/pending/document"; do
			sed -n '/^\[firewall\]$/,/^\[nginx\]$/s/^allow //p' "$past" 2>/dev/null
		done
	} | sort -u
}

# check_sources: whoever is let in and named by nobody was let in by hand; that is a person's to decide.
check_sources() {
	# One address may be written with /32 by hand.
	cat "$WORK/known" "$WORK/remove" "$STATE/sources-left" 2>/dev/null | sort -u | sed 'p; /\//!s|$|/32|' >"$WORK/named-before"
	inside "$WORK/in-force" "$WORK/allow" | sort -u - "$WORK/allow" "$WORK/named-before" >"$WORK/named"
	comm -23 "$WORK/in-force" "$WORK/named" >"$WORK/foreign"
	while IFS= read -r source; do
		problem E_FOREIGN_SOURCE "$source may open port $port here and neither lqpt:allow nor the last document names it; expected a list that somebody decided on. Add it to lqpt:allow, or to lqpt:remove if it is to go"
	done <"$WORK/foreign"
}

# guests: whoever was let in for a while, his time over or not, and is named neither by the document in force nor by this
# one.
guests() {
	cut -d ' ' -f 1 "$STATE/temporary" 2>/dev/null | sort -u >"$WORK/guests"
	sed -n '/^\[firewall\]$/,/^\[nginx\]$/s/^allow //p' "$STATE/document" "$WORK/document" 2>/dev/null | sort -u | comm -13 - "$WORK/guests"
}

# check_bulk: cutting half or more of those in force is no slip of the hand when each is named.
check_bulk() {
	# Nobody is cut off by it who is the other of a pair, or a guest whom no document names.
	{
		known_peers
		cat "$WORK/peer-only" 2>/dev/null
		guests
	} | sort -u | comm -23 "$WORK/in-force" - >"$WORK/in-bulk"
	inside "$WORK/in-bulk" "$WORK/allow" | sort -u >"$WORK/staying"
	comm -23 "$WORK/in-bulk" "$WORK/staying" >"$WORK/leaving"
	total=$(wc -l <"$WORK/in-bulk")
	[ "$total" -gt 0 ] && [ "$(($(wc -l <"$WORK/leaving") * 2))" -ge "$total" ] || return 0
	sed 'p; /\//!s|$|/32|' "$WORK/remove" | sort -u >"$WORK/remove-named"
	comm -23 "$WORK/leaving" "$WORK/remove-named" >"$WORK/unnamed"
	[ ! -s "$WORK/unnamed" ] ||
		problem E_BULK "$(wc -l <"$WORK/leaving") of the $total sources in force on port $port would be cut, that is half or more; expected each of them in lqpt:remove. Add those that are to go: $(paste -s -d ' ' "$WORK/unnamed")"
}

# check_openings: to $WORK/close what is to be closed with consent.
check_openings() {
	: >"$WORK/close"
	co_left=no
	for scope in runtime permanent; do
		while IFS="$TAB" read -r kind detail words; do
			if [ "$kind" = everyone ] && owned_by "$id" "$host" && close_opening "$scope" "$detail"; then
				note_change "$words: it was closed"
				continue
			fi
			[ "$scope" = permanent ] || co_left=yes
			if [ "$kind" != everyone ]; then
				refuse_opening other "$words"
			elif owned_by "$id" "$host"; then
				problem E_FOREIGN_OPENING "$words, and firewalld did not close it; close it by hand"
			elif grep -Fqx everyone "$WORK/remove"; then
				printf '%s\t%s\n' "$scope" "$detail" >>"$WORK/close"
			else
				refuse_opening everyone "$words"
			fi
		done <"$WORK/openings-$scope"
	done
	# Where firewalld itself prints an opening, the kernel has that too.
	[ "$co_left" = yes ] || check_kernel
}

# refuse_opening everyone|other WORDS: as other_openings gives them.
refuse_opening() {
	if [ "$1" = everyone ]; then
		ro_then="Name 'everyone' in lqpt:remove if it is to go"
	else
		ro_then="Take that away on the host, then run this again"
	fi
	problem E_FOREIGN_OPENING "$2; expected nobody but listed sources. $ro_then"
}

# check_kernel: what firewalld does not print, and what it prints and the kernel does not do.
check_kernel() {
	[ ! -s "$WORK/changed" ] || kernel_look
	kernel_openings "$zone" "$port" >"$WORK/kernel-openings"
	while IFS= read -r words; do
		refuse_opening other "$words"
	done <"$WORK/kernel-openings"
	kernel_sources "$zone" "$port" | canonical | sort -u >"$WORK/kernel-sources"
	# The kernel's rules of a zone that is given up count as ours too. But since firewalld 2 there are none of a zone that
	# no traffic enters any more, whatever firewalld prints of it.
	canonical <"$WORK/runtime" | sort -u >"$WORK/zone-sources"
	{ cat "$WORK/runtime" && former_sources runtime "$port"; } | canonical | sort -u >"$WORK/firewalld-sources"
	[ -z "$(comm -23 "$WORK/kernel-sources" "$WORK/firewalld-sources" && comm -23 "$WORK/zone-sources" "$WORK/kernel-sources")" ] ||
		problem E_FIREWALLD "for port $port firewalld says that it lets in $(paste -s -d ' ' "$WORK/firewalld-sources"), and the kernel lets in $(paste -s -d ' ' "$WORK/kernel-sources"); expected the same. Find out who changed the kernel's rules; 'firewall-cmd --reload' makes them firewalld's again"
}

nothing_to_do() {
	# Somebody whose time is over may be out by another's hand already: that he went is written down all the same.
	[ ! -e "$STATE/pending" ] && [ ! -s "$WORK/close" ] && [ ! -s "$WORK/expired-now" ] && owned_by "$id" "$host" &&
		[ "$(cat "$STATE/place" 2>/dev/null)" = "$zone $port $bind" ] &&
		{ [ ! -e "$STATE/places-left" ] || [ "$mode" = external ]; } &&
		[ -e "$STATE/document" ] && [ "$(digest "$STATE/document")" = "$(digest "$WORK/document")" ] &&
		cmp -s "$WORK/runtime" "$WORK/allow" && cmp -s "$WORK/permanent" "$WORK/allow" && site_in_force && vip_in_force
}

# site_in_force: our file as it is to be, as we last loaded it, and served.
site_in_force() {
	[ ! -e "$STATE/pending" ] && ca_in_force && cmp -s "$SITE_FILE" "$WORK/site.conf" && cmp -s "$STATE/site.conf" "$WORK/site.conf" &&
		nginx_active && listens "$bind" "$port"
}
