# The one step that could cut SSH: starting firewalld where it was off. It is armed with a dead man's timer before, and
# only a new SSH connection confirms it; otherwise this host goes back to what it had.

# As long as nearly every call takes. One that takes longer, with nothing said meanwhile, is lost to the start.
FOLLOW_SECONDS=5

# start_firewall SECONDS KEEP: armed, with sshd's ports and KEEP's opened first. Ends this run: whoever called calls
# again, over a new connection.
start_firewall() {
	gate_zones >"$WORK/gate-zones"
	[ -s "$WORK/gate-zones" ] ||
		refuse E_FIREWALLD "firewalld does not run here, and 'firewall-offline-cmd --get-default-zone' names no zone; expected one. Mend its configuration in /etc/firewalld, then run this again"
	mkdir -p "$STATE/armed.new" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	say "starting firewalld; sshd's port and lqpt:firewall.keepOpen stay open, and all is put back unless a new SSH connection confirms it within $1 s"
	what_stays "$2"
	: >"$STATE/armed.new/opened"
	cat /proc/sys/kernel/random/boot_id >"$STATE/armed.new/boot"
	date -u +%Y-%m-%dT%H:%M:%SZ >"$STATE/armed.new/time"
	printf '%s\n' "$1" >"$STATE/armed.new/seconds"
	systemctl is-enabled firewalld >"$STATE/armed.new/enabled" 2>/dev/null
	letting_in >"$STATE/armed.new/let-in"
	save_iptables "$STATE/armed.new"
	rm -rf "$STATE/armed"
	flush "$STATE"/armed.new/*
	mv "$STATE/armed.new" "$STATE/armed" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	step "the way back is noted"
	open_ports
	let_in_callers
	step "what is to stay open will"
	arm "$1"
	step "firewalld is armed"
	# Where the port is served, calls are under way.
	port_is_silent "$port" || follow_connections "$FOLLOW_SECONDS"
	systemctl start firewalld 9>&- >/dev/null 2>&1
	# Its rules stand before it has started; stopped in between, it would leave some behind.
	if ! { wait_until 20 filters_for_real && firewall_running 60; }; then
		words=$(journalctl -u firewalld -n 3 --no-pager -o cat 2>/dev/null | tr '\n' ' ')
		roll_back "it was started and did not filter"
		fail E_FIREWALLD "firewalld was started and does not filter: $words; expected it running and its rules in the kernel. It was stopped again; nothing of ours listens. See 'journalctl -u firewalld', then run this again"
	fi
	note_start "$2"
	follow_no_more
	renew_connections
	step "firewalld filters"
	printf 'lqptctl %s: firewalld was started on %s\n  [E_CONFIRM] it stays only if a new SSH connection confirms it within %s s, else this host goes back to what it had: run the same apply again, or lqptctl confirm\n' \
		"$LQPTCTL_VERSION" "$(uname -n)" "$1" >&2
	exit 13
}

# what_stays KEEP: sshd's ports and KEEP's entries, to $WORK/keep.
what_stays() {
	{ ssh_ports | sed 's|$|/tcp|' && cat "$1"; } | sort -u >"$WORK/keep"
}

# renew_connections: what our nginx holds open to Leqi is older than firewalld, which drops the end of what it has not seen
# begin: nginx would take the dead connection for the next call, and that would fail.
renew_connections() {
	[ ! -e "$SITE_FILE" ] || ! nginx_active || { test_nginx && nginx_reload; } 2>/dev/null ||
		say "warning: nginx could not be reloaded, so its next calls to Leqi may fail once"
}

# note_start KEEP: firewalld filters: from now on a new connection proves something. Not before: one that was made while
# it was being started has passed no rule of its.
note_start() {
	what_stays "$1"
	[ -s "$WORK/gate-zones" ] || gate_zones >"$WORK/gate-zones"
	open_other_zones
	cut -d ' ' -f 1 /proc/uptime >"$STATE/armed/since"
}

# gate_zones: the zones that traffic may enter by, as firewalld's files have them.
gate_zones() {
	look_offline
	{
		offline_default_zone
		awk '/^[^ \t]/ { zone = $1 } /^  (interfaces|sources): ./ { print zone }' "$WORK/zones-written"
		bound_elsewhere | cut -d ' ' -f 2
	} 2>/dev/null | sort -u
}

# offline_default_zone: after look_offline. Its file is believed where it names a zone that there is.
offline_default_zone() {
	od_zone=$(written_default_zone)
	if [ -n "$od_zone" ] && awk -v zone="$od_zone" '$1 == zone && /^[^ \t]/ { hit = 1 } END { exit !hit }' "$WORK/zones-written"; then
		printf '%s\n' "$od_zone"
	else
		firewall-offline-cmd --get-default-zone
	fi
}

# open_ports: after gate_zones.
open_ports() {
	while IFS= read -r gate_zone; do
		while IFS= read -r entry; do
			zone_allows written "$gate_zone" "$entry" && continue
			add=$(add_option "$entry")
			printf '%s %s\n' "$gate_zone" "$entry" >>"$STATE/armed/opened"
			firewall-offline-cmd --zone="$gate_zone" "$add" >/dev/null 2>&1
			firewall-offline-cmd --zone="$gate_zone" "--query${add#--add}" >/dev/null 2>&1 && continue
			roll_back "a port could not be opened"
			fail E_FIREWALLD "$entry could not be opened in zone $gate_zone, so firewalld was not started; nothing of ours listens. See 'firewall-offline-cmd --zone=$gate_zone --list-all', then run this again"
		done <"$WORK/keep"
	done <"$WORK/gate-zones"
}

# open_other_zones: some zones that somebody else binds interfaces to show only once firewalld runs.
open_other_zones() {
	look runtime || return 0
	sed -n 's/^\([^ \t]*\) (.*active.*/\1/p' "$WORK/zones-runtime" | sort -u | comm -23 - "$WORK/gate-zones" | while IFS= read -r gate_zone; do
		while IFS= read -r entry; do
			zone_allows runtime "$gate_zone" "$entry" && continue
			printf '%s %s\n' "$gate_zone" "$entry" >>"$STATE/armed/opened"
			fw runtime --zone="$gate_zone" "$(add_option "$entry")" >/dev/null 2>&1
			fw permanent --zone="$gate_zone" "$(add_option "$entry")" >/dev/null 2>&1
		done <"$WORK/keep"
	done
}

# add_option ENTRY: 443/tcp, or 112/ip for a protocol of its own.
add_option() {
	case $1 in
	*/ip) printf '%s' "--add-protocol=${1%/ip}" ;;
	*) printf '%s' "--add-port=$1" ;;
	esac
}

# zone_allows runtime|permanent|written ZONE ENTRY: after look, or look_offline: does it let everybody in there?
zone_allows() {
	awk -v want="$2" '/^[^ \t]/ { zone = $1 } zone == want && /^  (ports|services|protocols|target): / { print }' "$WORK/zones-$1" >"$WORK/zone-opens"
	grep -q 'target: ACCEPT' "$WORK/zone-opens" && return 0
	case $3 in
	*/ip) grep -Eq "^  protocols:.* ${3%/ip}( |\$)" "$WORK/zone-opens" && return 0 ;;
	*/tcp)
		sed -n 's/^  services: //p' "$WORK/zone-opens" | tr ' ' '\n' >"$WORK/zone-services"
		while IFS= read -r za_service; do
			service_opens "$za_service" "${3%/tcp}" && return 0
		done <"$WORK/zone-services"
		;;
	esac
	sed -n 's/^  ports: //p' "$WORK/zone-opens" | tr ' ' '\n' >"$WORK/zone-ports"
	[ -z "$(printf '%s %s\n' "${3#*/}" "${3%/*}" | in_ports "$WORK/zone-ports")" ]
}
