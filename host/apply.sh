# apply: makes the host equal to the document on stdin, as a transaction. Removed sources are cut first and
# stay cut whatever fails later; then the site; added sources last, when the site that serves them stands.

apply() {
	need_root
	take_lock
	read_document
	id=$(cat "$WORK/owner-id")
	host=$(cat "$WORK/host")
	port=$(cat "$WORK/port")
	bind=$(cat "$WORK/bind")
	check_owner "$id" "$host"
	survey
	refuse_if_problems
	if nothing_to_do; then
		record_notes
		report false
		return
	fi
	begin
	keep_overlaps
	cut_sources
	replace_site
	let_in_sources
	retire_overlaps
	read_back
	commit
	report true
}

# survey: everything that a refusal could rest on, before anything is changed.
survey() {
	command -v nginx >/dev/null 2>&1 ||
		refuse E_NGINX "nginx is not installed here; expected it since the tool was brought. Run 'pulumi up --replace' on this host's tool, or install nginx"
	filters_for_real ||
		refuse E_FIREWALLD "firewalld does not run and filter here; expected that it does since the tool was brought. See 'systemctl status firewalld', start it, then run this again"
	find_zone "$(cat "$WORK/zone")"
	zone=$(cat "$WORK/found-zone")
	for scope in runtime permanent; do
		read_sources "$scope" "$zone" "$port" >"$WORK/$scope"
		other_openings "$scope" "$zone" "$port"
	done >"$WORK/openings"
	read_last
	check_sources
	check_openings
	render_site
	check_foreign_site
	preflight_port "$port"
}

# read_last: what the document in force, and one that was cut off half-way, allowed.
read_last() {
	for past in "$STATE/document" "$STATE/pending/document"; do
		[ -e "$past" ] || continue
		mkdir -p "$WORK/past"
		split_document "$past" "$WORK/past" && cat "$WORK/past/allow"
	done | sort -u >"$WORK/last"
}

# check_sources: whoever is let in and named by nobody was let in by hand; that is a person's to decide.
check_sources() {
	sort -u "$WORK/runtime" "$WORK/permanent" >"$WORK/in-force"
	inside "$WORK/in-force" "$WORK/allow" | sort -u - "$WORK/allow" "$WORK/last" "$WORK/remove" >"$WORK/named"
	comm -23 "$WORK/in-force" "$WORK/named" | while IFS= read -r source; do
		problem E_FOREIGN_SOURCE "$source may open port $port here and neither lqpt:allow nor the last document names it; expected a list that somebody decided on. Add it to lqpt:allow, or to lqpt:remove if it is to go"
	done
}

check_openings() {
	: >"$WORK/close"
	while IFS="$TAB" read -r kind detail words; do
		if [ "$kind" = port ] && { owned_by "$id" "$host" || grep -Fqx everyone "$WORK/remove"; }; then
			printf '%s\n' "$detail" >>"$WORK/close"
			warn "$words; it is closed"
		elif [ "$kind" = port ]; then
			problem E_FOREIGN_OPENING "$words; expected nobody but listed sources. Name 'everyone' in lqpt:remove if it is to go"
		else
			problem E_FOREIGN_OPENING "$words; expected nobody but listed sources. Take that away on the host, then run this again"
		fi
	done <"$WORK/openings"
	sort -u -o "$WORK/close" "$WORK/close"
}

nothing_to_do() {
	[ ! -e "$STATE/pending" ] && [ ! -s "$WORK/close" ] && owned_by "$id" "$host" &&
		[ -e "$STATE/document" ] && [ "$(digest "$STATE/document")" = "$(digest "$WORK/document")" ] &&
		cmp -s "$WORK/runtime" "$WORK/allow" && cmp -s "$WORK/permanent" "$WORK/allow" &&
		cmp -s "$SITE_FILE" "$WORK/site.conf" && nginx_active && listens "$bind" "$port"
}

# record_notes: owners' names, removals and the ticket change nothing that is enforced.
record_notes() {
	cmp -s "$STATE/document" "$WORK/document" || keep "$WORK/document" "$STATE/document"
}

# keep FILE PLACE: PLACE is the old one or the new one, never half of it.
keep() {
	cp "$1" "$2.new" && mv -f "$2.new" "$2"
}

# begin: from here on a run that is cut off leaves its intentions behind, so that the next one knows them.
begin() {
	cp "$SITE_FILE" "$WORK/site-before" 2>/dev/null
	comm -23 "$WORK/in-force" "$WORK/allow" >"$WORK/removed"
	comm -13 "$WORK/in-force" "$WORK/allow" >"$WORK/added"
	rm -rf "$STATE/pending.new" "$STATE/pending"
	mkdir -p "$STATE/pending.new" &&
		cp "$WORK/document" "$WORK/site.conf" "$STATE/pending.new/" &&
		mv "$STATE/pending.new" "$STATE/pending" ||
		refuse E_STATE "$STATE cannot be written: $(df -h "$STATE" | tail -n 1); expected room on a writable disk"
	trap 'give_up "the run was told to stop"' TERM INT
	trap 'give_up "lqptctl itself failed; its words are above"' EXIT
}

# keep_overlaps: who is let in now by a wider rule, and is to stay by one of its own, has it before the wider one
# is cut. Nobody new comes in by that.
keep_overlaps() {
	for scope in runtime permanent; do
		comm -13 "$WORK/$scope" "$WORK/allow" >"$WORK/new-$scope"
		inside "$WORK/new-$scope" "$WORK/$scope" | sort -u >"$WORK/early-$scope"
		change_sources add "$scope" "$zone" "$port" "$WORK/early-$scope" ||
			give_up "firewalld did not take a source: $(tail -n 1 "$WORK/firewall-cmd.log")"
	done
}

# retire_overlaps: the other way round, a narrower rule goes once the wider one lets its source in.
retire_overlaps() {
	for scope in runtime permanent; do
		change_sources remove "$scope" "$zone" "$port" "$WORK/retire-$scope" ||
			give_up "firewalld did not take a source away: $(tail -n 1 "$WORK/firewall-cmd.log")"
	done
}

cut_sources() {
	for scope in runtime permanent; do
		comm -23 "$WORK/$scope" "$WORK/allow" >"$WORK/old-$scope"
		inside "$WORK/old-$scope" "$WORK/allow" | sort -u >"$WORK/retire-$scope"
		comm -23 "$WORK/old-$scope" "$WORK/retire-$scope" >"$WORK/cut-$scope"
		change_sources remove "$scope" "$zone" "$port" "$WORK/cut-$scope" ||
			give_up "firewalld did not take a source away: $(tail -n 1 "$WORK/firewall-cmd.log")"
		while IFS= read -r opening; do
			fw "$scope" --zone="$zone" --remove-port="$opening" >/dev/null 2>&1
		done <"$WORK/close"
	done
	say "cut: $(wc -l <"$WORK/removed") source(s)"
}

replace_site() {
	if cmp -s "$SITE_FILE" "$WORK/site.conf" && nginx_active && listens "$bind" "$port" && cmp -s "$STATE/site.conf" "$WORK/site.conf"; then
		return 0
	fi
	put_site "$WORK/site.conf" || give_up "$SITE_FILE cannot be written"
	load_site "$bind" "$port" || give_up "nginx refused the site: $(tr '\n' ' ' <"$WORK/nginx-error")"
	say "nginx serves $bind:$port"
}

let_in_sources() {
	for scope in runtime permanent; do
		comm -23 "$WORK/new-$scope" "$WORK/early-$scope" >"$WORK/add-$scope"
		change_sources add "$scope" "$zone" "$port" "$WORK/add-$scope" ||
			give_up "firewalld did not take a source: $(tail -n 1 "$WORK/firewall-cmd.log")"
	done
	say "let in: $(wc -l <"$WORK/added") source(s)"
}

# read_back: the real thing, not the exit codes above.
read_back() {
	filters_for_real || give_up "firewalld stopped filtering"
	for scope in runtime permanent; do
		read_sources "$scope" "$zone" "$port" >"$WORK/now-$scope"
		cmp -s "$WORK/now-$scope" "$WORK/allow" ||
			give_up "firewalld's $scope configuration holds $(tr '\n' ' ' <"$WORK/now-$scope")and not what was asked"
		other_openings "$scope" "$zone" "$port"
	done >"$WORK/openings-now"
	[ ! -s "$WORK/openings-now" ] || give_up "the port is open in another way: $(cut -f 3 "$WORK/openings-now" | head -n 1)"
	listens "$bind" "$port" || give_up "nothing listens on $bind:$port"
}

commit() {
	before=none
	[ -e "$STATE/document" ] && before=$(digest "$STATE/document")
	retire_last
	keep "$WORK/site.conf" "$STATE/site.conf" && keep "$WORK/document" "$STATE/document" &&
		printf '%s\n' "$zone" >"$STATE/zone" && printf '%s %s\n' "$id" "$host" >"$STATE/owner" ||
		give_up "$STATE cannot be written"
	rm -rf "$STATE/pending"
	trap - TERM INT
	trap clean_up EXIT
	add_history "$before" "$(digest "$WORK/document")"
}

# retire_last: where the port or the zone changed, the rules of the old one go once the new one stands.
retire_last() {
	[ -e "$STATE/document" ] && [ -e "$STATE/zone" ] || return 0
	old_zone=$(cat "$STATE/zone")
	split_document "$STATE/document" "$WORK/past" || return 0
	old_port=$(cat "$WORK/past/port")
	[ "$old_zone $old_port" != "$zone $port" ] || return 0
	for scope in runtime permanent; do
		read_sources "$scope" "$old_zone" "$old_port" >"$WORK/retire"
		change_sources remove "$scope" "$old_zone" "$old_port" "$WORK/retire" ||
			give_up "the rules of port $old_port in zone $old_zone could not be removed"
	done
}

# give_up WHY: puts back what was, except that a source that was cut stays cut, and says where that leaves us.
give_up() {
	trap '' TERM INT
	trap clean_up EXIT
	say "failed: $1; putting back what was"
	status=11
	for scope in runtime permanent; do
		[ -e "$WORK/add-$scope" ] || continue
		change_sources remove "$scope" "$zone" "$port" "$WORK/add-$scope" || status=12
	done
	if ! cmp -s "$SITE_FILE" "$WORK/site-before"; then
		put_site "$WORK/site-before" || status=12
		restore_listener || status=12
	fi
	[ "$status" = 11 ] && rm -rf "$STATE/pending"
	{
		printf 'lqptctl %s: FAILED on %s: %s\n' "$LQPTCTL_VERSION" "$(uname -n)" "$1"
		if [ "$status" = 11 ]; then
			printf '  [E_ROLLED_BACK] the site and the sources are as they were, except that %s source(s) that were to go stay cut. Mend the cause, then run this again\n' "$(wc -l <"$WORK/removed")"
		else
			printf '  [E_NOT_ROLLED_BACK] and not everything could be put back; expected a look by a person: lqptctl status. The list of who may come in is at most the old one\n'
		fi
	} >&2
	clean_up
	exit "$status"
}

# restore_listener: nginx back on the site before, or off the port if there was none.
restore_listener() {
	if [ -s "$WORK/site-before" ] && [ -e "$WORK/past/port" ]; then
		load_site "$(cat "$WORK/past/bind")" "$(cat "$WORK/past/port")"
	else
		unload_site "$port"
	fi
}

add_history() {
	mkdir -p "$HISTORY_FOLDER"
	who=${SUDO_USER:-${LOGNAME:-root}}
	{
		printf '{"time":"%s","who":%s,"ticket":%s,"before":"%s","after":"%s","added":' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
			"$(json_string "$who")" "$(json_string "$(cat "$WORK/ticket" 2>/dev/null)")" "$1" "$2"
		json_array <"$WORK/added"
		printf ',"removed":'
		json_array <"$WORK/removed"
		printf '}\n'
	} >>"$HISTORY_FOLDER/history.jsonl"
}
