# Where Leqi is: its addresses are followed, and written into the site, so that nginx comes up with name servers down.

RESOLVE_UNIT=lqpt-resolve
# How long an address that is no longer named is still tried: names with many addresses are answered with a few at a time.
ADDRESS_SECONDS=3600

# resolve_leqi: the addresses that the site is to have, to $WORK/leqi-addresses; the name servers that nginx may ask
# itself, to $WORK/name-servers. Both empty where the document has addresses of its own.
resolve_leqi() {
	: >"$WORK/leqi-addresses"
	: >"$WORK/name-servers"
	[ ! -s "$WORK/leqi-address" ] || return 0
	leqi_name=$(cat "$WORK/leqi-name")
	timeout 20 getent ahostsv4 "$leqi_name" 2>/dev/null | awk '{ print $1 }' | grep -E '^[0-9.]+$' | sort -u >"$WORK/leqi-now"
	remember_leqi
	if [ ! -s "$WORK/leqi-addresses" ]; then
		problem E_RESOLVE "$leqi_name has no IPv4 address here, and none is known from before; expected a name server or a line in /etc/hosts that knows it, or lqpt:leqi.addresses"
	elif [ ! -s "$WORK/leqi-now" ]; then
		warn "$leqi_name has no IPv4 address here now; the last ones known stay: $(paste -s -d ' ' "$WORK/leqi-addresses")"
	fi
	# nginx asks name servers and never /etc/hosts.
	! sed 's/#.*//' /etc/hosts 2>/dev/null | awk -v name="$leqi_name" '{ for (i = 2; i <= NF; i++) if (tolower($i) == name) hit = 1 } END { exit !hit }' || return 0
	sed -n 's/^[ \t]*nameserver[ \t][ \t]*\([0-9.]*\)[ \t]*$/\1/p' /etc/resolv.conf 2>/dev/null >"$WORK/name-servers"
}

# remember_leqi: "ADDRESS SECONDS" a line, when each was last named, to $WORK/leqi-seen. Where none is named now, all that
# are known stay.
remember_leqi() {
	touch "$STATE/leqi-seen" 2>/dev/null
	awk -v now="$(date +%s)" -v keep="$ADDRESS_SECONDS" '
		FILENAME == ARGV[1] { seen[$1] = now; any = 1; next }
		!($1 in seen) && (!any || $2 > now - keep) { seen[$1] = $2 }
		END { for (address in seen) print address, seen[address] }' "$WORK/leqi-now" "$STATE/leqi-seen" 2>/dev/null | sort >"$WORK/leqi-seen"
	cut -d ' ' -f 1 "$WORK/leqi-seen" | sort -u >"$WORK/leqi-addresses"
}

# follow_leqi: the timer, where the site has addresses that may change.
follow_leqi() {
	if grep -q '{{leqi-address}}' "$WORK/site" && grep -Eq '^    server [0-9.]+:' "$WORK/site.conf"; then
		keep "$WORK/leqi-seen" "$STATE/leqi-seen" &&
			make_timer "$RESOLVE_UNIT" "lqpt: Leqi's addresses are followed" '*:*:00' resolve
	else
		forget_timer "$RESOLVE_UNIT"
	fi
}

# resolve: called by the timer. nginx is reloaded only where the set of addresses has changed.
resolve() {
	need_root
	take_lock
	[ -e "$STATE/document" ] && [ ! -e "$STATE/closed" ] || return 0
	split_document "$STATE/document" "$WORK" || return 0
	resolve_leqi 2>/dev/null
	rm -f "$WORK/problems" "$WORK/warnings"
	[ -s "$WORK/leqi-now" ] || return 0
	sed -n 's/^    server \([0-9.]*\):.*/\1/p' "$SITE_FILE" 2>/dev/null | sort -u >"$WORK/leqi-before"
	if cmp -s "$WORK/leqi-before" "$WORK/leqi-addresses"; then
		keep "$WORK/leqi-seen" "$STATE/leqi-seen"
		return 0
	fi
	say "Leqi's addresses were $(paste -s -d ' ' "$WORK/leqi-before"), and are $(paste -s -d ' ' "$WORK/leqi-addresses")"
	again resolve >/dev/null
}
