# The person at the console, in an emergency: nobody gets in (close), back to the document (open), one more for a while
# (allow). Each is told by the next apply; open and allow are transactions like an apply, and close is none, so that
# nothing can undo it.

EXPIRE_UNIT=lqpt-expire

# temporary_now: the temporary addresses that have not expired, "ADDRESS UNTIL" a line, UNTIL in seconds since 1970.
temporary_now() {
	# A clock that was wrong when somebody was let in may have given him years.
	[ ! -s "$STATE/temporary" ] || awk -v now="$(date +%s)" '$2 > now && $2 <= now + 604800' "$STATE/temporary"
}

# less_just_over: addresses on stdin, less those whose time ended within the minute: the timer is about to take them away,
# and until then nobody need be told of them.
less_just_over() {
	touch "$WORK/just-over"
	[ ! -s "$STATE/temporary" ] || awk -v now="$(date +%s)" '$2 <= now && $2 > now - 60 { print $1 }' "$STATE/temporary" | sort -u >"$WORK/just-over"
	comm -23 - "$WORK/just-over"
}

# add_temporary: they are let in as if the document named them, and said.
add_temporary() {
	temporary_now >"$WORK/temporary"
	: >"$WORK/temporary-only"
	while read -r address until; do
		grep -Fqx -- "$address" "$WORK/allow" && continue
		printf '%s %s\n' "$address" "$until" >>"$WORK/temporary-only"
		say "warning: $address may open port $port until $(utc "$until"), let in at the console and named by no lqpt:allow"
		printf '%s\n' "$address" >>"$WORK/allow"
	done <"$WORK/temporary"
	sort -u -o "$WORK/allow" "$WORK/allow"
}

# with_temporary: a site on stdin with them on nginx's list too; fails where it has no list.
with_temporary() {
	touch "$WORK/temporary"
	awk -v temporary="$WORK/temporary" '
		BEGIN { while ((getline line <temporary) > 0) { split(line, word, " "); more[++n] = word[1] } }
		/^geo \$(realip_)?remote_addr \$lqpt_listed / { list = seen = 1 }
		list && /^}/ { for (i = 1; i <= n; i++) if (!(more[i] in named)) print "    " more[i] " 1;"; list = 0 }
		list && / 1;$/ { named[$1] = 1 }
		{ print }
		END { exit n && !seen }'
}

# again VERB: the document in force is enforced once more, with what was decided at the console.
again() {
	cp "$STATE/document" "$WORK/document"
	split_document "$WORK/document" "$WORK" || refuse_damaged
	read_words
	find_nginx "$nginx_source"
	keep_cut
	add_temporary
	add_peer
	# Whoever is in force by what this host itself keeps was decided on already.
	{ known_sources && cat "$WORK/remove"; } | sort -u >"$WORK/remove-now" && mv -f "$WORK/remove-now" "$WORK/remove"
	[ "$mode" = external ] || filters_for_real ||
		refuse E_FIREWALLD "firewalld does not run and filter here; expected that it does. See 'systemctl status firewalld', start it, then run this again"
	enforce "$1"
}

# keep_cut: whom a later document cut off before it failed stays cut until one comes into force: the document that is
# in force is older than that decision.
keep_cut() {
	if [ -s "$STATE/pending/document" ] && mkdir -p "$WORK/later" && split_document "$STATE/pending/document" "$WORK/later"; then
		inside "$WORK/allow" "$WORK/later/allow" | sort -u >"$WORK/still-allowed"
		comm -23 "$WORK/allow" "$WORK/still-allowed" | cat - "$STATE/cut" 2>/dev/null | sort -u >"$WORK/cut"
		keep "$WORK/cut" "$STATE/cut" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	fi
	[ -s "$STATE/cut" ] || return 0
	# There nginx's list is the only lock, and what is in force is the list of before.
	if [ "$mode" = external ]; then
		warn "$(paste -s -d ' ' "$STATE/cut"): let in as before, though a later document, which has not come into force, no longer allows it. Mend what made that fail, then run pulumi up"
		return
	fi
	comm -23 "$WORK/allow" "$STATE/cut" >"$WORK/still-allowed"
	while IFS= read -r cut; do
		warn "$cut stays cut: a later document, which has not come into force, no longer allows it. Mend what made that fail, then run pulumi up"
	done <"$STATE/cut"
	mv -f "$WORK/still-allowed" "$WORK/allow"
}

need_document() {
	need_root
	take_lock
	[ -e "$STATE/document" ] || refuse E_NO_DOCUMENT "no document is in force on this host; expected one. Run pulumi up first"
}

# close: an emergency, so nothing refuses it and each part is tried whatever becomes of the others: the rules go, what is
# open ends, and nothing of ours listens any more.
close() {
	need_document
	rm -f "$HEALTHY"
	date -u "+%Y-%m-%dT%H:%M:%SZ by $(who)" >"$STATE/closed.new" && mv -f "$STATE/closed.new" "$STATE/closed" ||
		say "warning: $STATE cannot be written, so the next pulumi up will not know that this host was closed"
	step "the host counts as closed"
	find_own_nginx
	known_sources >"$WORK/removed"
	: >"$WORK/left-open"
	old_places >"$WORK/places"
	close_places
	close_site
	add_history close "$(digest "$STATE/document")" closed
	[ ! -s "$WORK/left-open" ] ||
		fail E_CLOSE "not closed: $(paste -s -d ';' "$WORK/left-open"). Do it by hand, in the worst case: systemctl stop nginx"
	say "closed: nobody gets in, and 'pulumi up' is refused, until 'lqptctl open'"
}

close_places() {
	while read -r old_zone old_port old_bind; do
		[ "$old_zone" = - ] || clear_rules "$old_zone" "$old_port" ||
			echo "the rules for $old_bind:$old_port in zone $old_zone could not be taken away" >>"$WORK/left-open"
		step "nobody is let in to $old_bind:$old_port"
	done <"$WORK/places"
}

# close_site: also one that somebody changed since; as it was found it is kept.
close_site() {
	if [ -e "$SITE_FILE" ] && ! known_site "$SITE_FILE"; then
		keep "$SITE_FILE" "$STATE/site-found" && say "$SITE_FILE was not as lqptctl left it; it is kept as $STATE/site-found"
	fi
	take_site || echo "$SITE_FILE could not be removed" >>"$WORK/left-open"
	step "lqpt.conf is gone"
	unload_site || echo "nginx did not let go of the site ($(tr '\n' ' ' <"$WORK/nginx-error"))" >>"$WORK/left-open"
	while read -r old_zone old_port old_bind; do
		wait_until 10 port_is_silent "$old_port" || echo "something listens on port $old_port" >>"$WORK/left-open"
		cut_connections "$old_port" /dev/null
	done <"$WORK/places"
}

# open: this host counts as closed until it is open.
open() {
	need_document
	again open
}

# allow ADDRESS DURATION: 90s, 30m, 2h, 1d; at most seven days.
allow() {
	need_root
	case $1 in
	*[!0-9.]* | *.*.*.*.* | .* | *. | *..*) refuse E_ADDRESS "found \"$1\"; expected one IPv4 address, such as 203.0.113.9" ;;
	esac
	printf '%s\n' "$1" | awk -F. 'NF != 4 { exit 1 } { for (i = 1; i <= 4; i++) if ($i !~ /^(0|[1-9][0-9]?[0-9]?)$/ || $i + 0 > 255) exit 1 }' ||
		refuse E_ADDRESS "found \"$1\"; expected one IPv4 address, such as 203.0.113.9"
	seconds=$(printf '%s\n' "$2" | awk '
		/^[1-9][0-9]*[smhd]$/ {
			unit = substr($0, length($0))
			n = substr($0, 1, length($0) - 1) * (unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 86400)
			if (n <= 604800) print n
		}')
	[ -n "$seconds" ] || refuse E_DURATION "found \"$2\"; expected how long, at most 7d: 90s, 30m, 2h, 1d"
	need_document
	[ ! -e "$STATE/closed" ] || refuse E_CLOSED "this host was closed by a person at $(cat "$STATE/closed"); expected it open. Run 'lqptctl open' first"
	{
		# Those whose time is over too: their rules are known for ours until the timer has taken them away.
		awk -v address="$1" '$1 != address' "$STATE/temporary" 2>/dev/null
		printf '%s %s\n' "$1" "$(($(date +%s) + seconds))"
	} >"$WORK/temporary-new"
	# Kept before anybody is let in, so that a run which is cut off leaves nobody in for longer.
	cat "$STATE/temporary" >"$WORK/temporary-before" 2>/dev/null
	trap 'take_back_temporary; exit 11' INT TERM
	keep "$WORK/temporary-new" "$STATE/temporary" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	if ! arm_expiry; then
		[ -s "$WORK/temporary-before" ] || forget_timer "$EXPIRE_UNIT"
		refuse E_TIMER "the timer that takes the address away again could not be made (systemd); expected that it can. See 'journalctl -n 20'"
	fi
	again allow
	trap - INT TERM
	say "$1 may open port $port for $2; then it goes by itself"
}

# take_back_temporary: a run that lets somebody in and is refused, or fails, lets him in at no later one either.
take_back_temporary() {
	[ -e "$WORK/temporary-before" ] && keep "$WORK/temporary-before" "$STATE/temporary"
}

arm_expiry() {
	make_timer "$EXPIRE_UNIT" "lqpt: temporary sources of the Leqi proxy expire" 10 expire
}

# keep_expiry: whoever is in for a while is in by this run too, whatever became of the one that let him in.
keep_expiry() {
	[ ! -s "$STATE/temporary" ] || arm_expiry ||
		warn "the timer that takes away whoever was let in for a while could not be made (systemd): let nobody in for a while until it can. See 'journalctl -n 20'"
}

# expire: called by the timer. Whoever's time is over goes, and nobody else is touched.
expire() {
	need_root
	take_lock
	[ -s "$STATE/temporary" ] && [ -e "$STATE/document" ] || {
		forget_timer "$EXPIRE_UNIT"
		return 0
	}
	temporary_now >"$WORK/temporary-left"
	cmp -s "$WORK/temporary-left" "$STATE/temporary" && return 0
	# Whatever else may be wrong with this host: first they go.
	cut_expired
	[ -e "$STATE/closed" ] || again expire >"$WORK/expired" || return
	keep "$WORK/temporary-left" "$STATE/temporary"
	[ -s "$STATE/temporary" ] || forget_timer "$EXPIRE_UNIT"
}

# cut_expired: whoever's time is over and whom neither the document nor another lets in.
cut_expired() {
	[ -s "$STATE/place" ] && read -r zone port bind <"$STATE/place" || return 0
	# Who else is listed nobody knows then, and so nobody else is touched.
	split_document "$STATE/document" "$WORK" || known_sources | grep -Fvx "$(cut -d ' ' -f 1 "$STATE/temporary")" >"$WORK/allow"
	cut -d ' ' -f 1 "$WORK/temporary-left" >>"$WORK/allow"
	cut -d ' ' -f 1 "$STATE/temporary" >"$WORK/were-temporary"
	inside "$WORK/were-temporary" "$WORK/allow" | sort -u >"$WORK/staying"
	sort -u "$WORK/were-temporary" | comm -23 - "$WORK/staying" >"$WORK/expired-now"
	for scope in runtime permanent; do
		[ "$zone" != - ] && read_sources "$scope" "$zone" "$port" | comm -12 - "$WORK/expired-now" >"$WORK/expired-rules" || continue
		change_sources remove "$scope" "$zone" "$port" "$WORK/expired-rules" || say "warning: firewalld did not take away who had come in for a while; it is tried again"
		step "whose time is over is out: firewalld, $scope"
	done
	cut_connections "$port" "$WORK/allow"
}
