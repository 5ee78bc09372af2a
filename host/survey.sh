# survey: everything that a refusal could rest on is looked at here, before the transaction's first change. The one
# thing changed here is an opening to everyone on a host that is ours: that is closed at once, whatever comes after.

survey() {
	command -v nginx >/dev/null 2>&1 ||
		refuse E_NGINX "nginx is not installed here; expected it since the tool was brought. Install the package nginx, then run this again"
	filters_for_real ||
		refuse E_FIREWALLD "firewalld does not run and filter here; expected that it does since the tool was brought. See 'systemctl status firewalld', start it, then run this again"
	find_zone "$(cat "$WORK/zone")"
	zone=$(cat "$WORK/found-zone")
	for scope in runtime permanent; do
		read_sources "$scope" "$zone" "$port" >"$WORK/$scope" ||
			refuse E_FIREWALLD "firewalld does not answer for zone $zone; expected its list of rules. See 'systemctl status firewalld', then run this again"
		other_openings "$scope" "$zone" "$port" >"$WORK/openings-$scope"
	done
	sort -u "$WORK/runtime" "$WORK/permanent" >"$WORK/in-force"
	known_sources >"$WORK/known"
	check_openings
	check_sources
	render_site
	check_foreign_site
	preflight_port "$port"
}

# known_sources: whom the document in force, and any that was cut off half-way, let in.
known_sources() {
	{
		cat "$STATE/pending/known" 2>/dev/null
		for past in "$STATE/document" "$STATE/pending/document"; do
			sed -n '/^\[firewall\]$/,/^\[nginx\]$/s/^allow //p' "$past" 2>/dev/null
		done
	} | sort -u
}

# check_sources: whoever is let in and named by nobody was let in by hand; that is a person's to decide.
check_sources() {
	inside "$WORK/in-force" "$WORK/allow" | sort -u - "$WORK/allow" "$WORK/known" "$WORK/remove" >"$WORK/named"
	comm -23 "$WORK/in-force" "$WORK/named" >"$WORK/foreign"
	while IFS= read -r source; do
		problem E_FOREIGN_SOURCE "$source may open port $port here and neither lqpt:allow nor the last document names it; expected a list that somebody decided on. Add it to lqpt:allow, or to lqpt:remove if it is to go"
	done <"$WORK/foreign"
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

close_port() {
	fw "$1" --zone="$zone" --remove-port="$2" >/dev/null 2>&1
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
