# Where Leqi is: its addresses are followed, and written into the site, so that nginx comes up with name servers down.

RESOLVE_UNIT=lqpt-resolve
# How long an address that is no longer named is still tried: names with many addresses are answered with a few at a time.
ADDRESS_SECONDS=600
ADDRESSES_MOST=16

# resolve_leqi: the addresses that the site is to have, to $WORK/leqi-addresses; the name servers that nginx may ask
# itself, to $WORK/name-servers. Both empty where the document has addresses of its own.
resolve_leqi() {
	: >"$WORK/leqi-addresses"
	: >"$WORK/name-servers"
	[ ! -s "$WORK/leqi-address" ] || return 0
	leqi_name=$(cat "$WORK/leqi-name")
	timeout 20 getent ahostsv4 "$leqi_name" 2>/dev/null | awk '{ print $1 }' | grep -E '^[0-9.]+$' | sort -u | head -n "$ADDRESSES_MOST" >"$WORK/leqi-now"
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
		!($1 in seen) && (!any || ($2 > now - keep && $2 <= now)) { seen[$1] = $2 }
		END { for (address in seen) print address, seen[address] }' "$WORK/leqi-now" "$STATE/leqi-seen" 2>/dev/null | sort >"$WORK/leqi-seen"
	cut -d ' ' -f 1 "$WORK/leqi-seen" | sort -u >"$WORK/leqi-addresses"
}

# follows_leqi: does the site have addresses that may change?
follows_leqi() {
	grep -q '{{leqi-address}}' "$WORK/site" && grep -Eq '^    server [0-9.]+:' "$1"
}

# follow_leqi: the timer, where it has.
follow_leqi() {
	if follows_leqi "$WORK/site.conf"; then
		keep "$WORK/leqi-seen" "$STATE/leqi-seen" &&
			make_timer "$RESOLVE_UNIT" "lqpt: Leqi's addresses are followed" 60 resolve
	else
		forget_timer "$RESOLVE_UNIT"
	fi
}

# resolve: called by the timer. nginx is reloaded only where the set of addresses has changed. Whatever else may be wrong
# with this host, a refusal of the firewall say, is no reason to send calls to where Leqi is no more: so this is the site
# alone, and goes back by itself.
resolve() {
	need_root
	take_lock
	[ -e "$STATE/document" ] && [ ! -e "$STATE/closed" ] || return 0
	split_document "$STATE/document" "$WORK" || return 0
	read_words
	# Where our site is not served, somebody or something took it away: a start of firewalld that was rolled back, say.
	find_own_nginx && nginx_active && [ -e "$SITE_FILE" ] && known_site "$SITE_FILE" || return 0
	! is_armed && [ ! -e "$STATE/rolled-back" ] || return 0
	# What a run that was cut off left is the next one's; what one put back that failed is followed, for days if need be.
	[ ! -e "$STATE/pending" ] || cmp -s "$SITE_FILE" "$STATE/site.conf" || return 0
	add_temporary 2>/dev/null
	render_site 2>/dev/null
	rm -f "$WORK/problems"
	[ -s "$WORK/leqi-now" ] || return 0
	if ! cmp -s "$WORK/site.conf" "$SITE_FILE" || [ -e "$STATE/site-next" ]; then
		say "Leqi's addresses were $(site_addresses <"$SITE_FILE"), and are $(site_addresses <"$WORK/site.conf")"
		renew_site || fail E_RESOLVE "nginx did not take the site with Leqi's new addresses: $(tr '\n' ' ' <"$WORK/nginx-error"). The one before is back; it is tried again in a minute"
	fi
	keep "$WORK/leqi-seen" "$STATE/leqi-seen"
}

site_addresses() {
	sed -n 's/^    server \([0-9.]*\):.*/\1/p' | paste -s -d ' '
}

renew_site() {
	: >"$WORK/foreign-sites"
	# A run that is cut off in here leaves a site that the next one knows as ours, and finishes.
	keep "$WORK/site.conf" "$STATE/site-next" && flush "$STATE/site-next" && save_site "$WORK/before" || return 1
	if put_site "$WORK/site.conf" && load_site "$bind" "$port" && keep "$WORK/site.conf" "$STATE/site.conf"; then
		rm -f "$STATE/site-next"
		return 0
	fi
	put_back "$WORK/before" && rm -f "$STATE/site-next"
	nginx_reload >/dev/null 2>&1
	return 1
}
