# survey: everything that a refusal could rest on is looked at here, before the transaction's first change. The one
# thing changed here is an opening to everyone on a host that is ours: that is closed at once, whatever comes after.

survey() {
	command -v nginx >/dev/null 2>&1 ||
		refuse E_NGINX "nginx is not installed here; expected it since the tool was brought. Install the package nginx, then run this again"
	known_sources >"$WORK/known"
	if [ "$mode" = external ]; then
		survey_external
	else
		survey_firewall
	fi
	render_site
	check_foreign_site
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
	warn "lqpt:firewall.mode is external: no firewall of this host is touched or looked at, and nginx's list is the only lock on port $port"
}

survey_firewall() {
	for scope in runtime permanent; do
		look "$scope" ||
			refuse E_FIREWALLD "firewalld does not answer; expected its list of zones. See 'systemctl status firewalld', then run this again"
	done
	find_zone "$(cat "$WORK/zone")"
	zone=$(cat "$WORK/found-zone")
	for scope in runtime permanent; do
		sources_in "$scope" "$zone" "$port" >"$WORK/$scope" ||
			refuse E_FIREWALLD "firewalld's $scope configuration has no zone $zone; expected it. See 'firewall-cmd --get-zones', then run this again"
		other_openings "$scope" "$zone" "$port" >"$WORK/openings-$scope"
	done
	# What firewalld does not print; where it prints something, the kernel has that too.
	[ -s "$WORK/openings-runtime" ] || kernel_openings "$zone" "$port" | sed "s/^/other$TAB-$TAB/" >"$WORK/openings-runtime"
	sort -u "$WORK/runtime" "$WORK/permanent" >"$WORK/in-force"
	check_openings
	check_sources
	check_bulk
}

# known_sources: whom the document in force, any that was cut off half-way, and a person at the console let in.
known_sources() {
	{
		cut -d ' ' -f 1 "$STATE/temporary" 2>/dev/null
		cat "$STATE/pending/known" 2>/dev/null
		for past in "$STATE/document" "$STATE/pending/document"; do
			sed -n '/^\[firewall\]$/,/^\[nginx\]$/s/^allow //p' "$past" 2>/dev/null
		done
	} | sort -u
}

# check_sources: whoever is let in and named by nobody was let in by hand; that is a person's to decide.
check_sources() {
	# One address may be written with /32 by hand.
	sort -u "$WORK/known" "$WORK/remove" | sed 'p; /\//!s|$|/32|' >"$WORK/named-before"
	inside "$WORK/in-force" "$WORK/allow" | sort -u - "$WORK/allow" "$WORK/named-before" >"$WORK/named"
	comm -23 "$WORK/in-force" "$WORK/named" >"$WORK/foreign"
	while IFS= read -r source; do
		problem E_FOREIGN_SOURCE "$source may open port $port here and neither lqpt:allow nor the last document names it; expected a list that somebody decided on. Add it to lqpt:allow, or to lqpt:remove if it is to go"
	done <"$WORK/foreign"
}

# check_bulk: cutting half or more of those in force is no slip of the hand when each is named.
check_bulk() {
	inside "$WORK/in-force" "$WORK/allow" | sort -u >"$WORK/staying"
	comm -23 "$WORK/in-force" "$WORK/staying" >"$WORK/leaving"
	total=$(wc -l <"$WORK/in-force")
	[ "$total" -gt 0 ] && [ "$(($(wc -l <"$WORK/leaving") * 2))" -ge "$total" ] || return 0
	sed 'p; /\//!s|$|/32|' "$WORK/remove" | sort -u >"$WORK/remove-named"
	comm -23 "$WORK/leaving" "$WORK/remove-named" >"$WORK/unnamed"
	[ ! -s "$WORK/unnamed" ] ||
		problem E_BULK "$(wc -l <"$WORK/leaving") of the $total sources in force on port $port would be cut, that is half or more; expected each of them in lqpt:remove. Add those that are to go: $(paste -s -d ' ' "$WORK/unnamed")"
}

# check_openings: to $WORK/close what is to be closed with consent.
check_openings() {
	: >"$WORK/close"
	for scope in runtime permanent; do
		while IFS="$TAB" read -r kind detail words; do
			if [ "$kind" = port ] && owned_by "$id" "$host"; then
				close_port "$scope" "$detail" || problem E_FOREIGN_OPENING "$words, and firewalld did not close it; close it by hand"
				note_change "$words: it was closed"
			elif [ "$kind" = port ] && grep -Fqx everyone "$WORK/remove"; then
				printf '%s\t%s\n' "$scope" "$detail" >>"$WORK/close"
			elif [ "$kind" = port ]; then
				problem E_FOREIGN_OPENING "$words; expected nobody but listed sources. Name 'everyone' in lqpt:remove if it is to go"
			else
				problem E_FOREIGN_OPENING "$words; expected nobody but listed sources. Take that away on the host, then run this again"
			fi
		done <"$WORK/openings-$scope"
	done
}

nothing_to_do() {
	[ ! -e "$STATE/pending" ] && [ ! -s "$WORK/close" ] && owned_by "$id" "$host" &&
		[ "$(cat "$STATE/place" 2>/dev/null)" = "$zone $port $bind" ] &&
		[ -e "$STATE/document" ] && [ "$(digest "$STATE/document")" = "$(digest "$WORK/document")" ] &&
		cmp -s "$WORK/runtime" "$WORK/allow" && cmp -s "$WORK/permanent" "$WORK/allow" && site_in_force
}

# site_in_force: our file as it is to be, as we last loaded it, and served.
site_in_force() {
	[ ! -e "$STATE/pending" ] && cmp -s "$SITE_FILE" "$WORK/site.conf" && cmp -s "$STATE/site.conf" "$WORK/site.conf" &&
		nginx_active && listens "$bind" "$port"
}
