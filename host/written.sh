# What a start of firewalld would put in force on a host that is not ours yet: decided on before it. Refused after it,
# whoever calls now would be cut off by a run that changed nothing.

# survey_unstarted: all that the run could be refused for, as far as it shows before firewalld runs.
survey_unstarted() {
	need_nginx
	survey_site
	test_nginx ||
		problem E_NGINX "nginx refuses its own configuration as it lies here: $(nginx_refusal); expected one that it takes. See 'nginx -t', mend it, then run this again"
	check_written
	survey_vip
}

# check_written: each way in that firewalld's files or the kernel hold has a decision.
check_written() {
	zone=
	look_written || return 0
	find_zone "$(cat "$WORK/zone")"
	zone=$(cat "$WORK/found-zone")
	known_sources >"$WORK/known"
	sources_in permanent "$zone" "$port" >"$WORK/in-force"
	check_sources
	check_bulk
	other_openings permanent "$zone" "$port" | while IFS="$TAB" read -r cw_kind _ cw_words; do
		[ "$cw_kind" = everyone ] && grep -Fqx everyone "$WORK/remove" || refuse_opening "$cw_kind" "$cw_words"
	done
	kernel_look || return 0
	forget_cleared
	kernel_openings "$zone" "$port" | while IFS= read -r cw_words; do
		refuse_opening other "$cw_words"
	done
}

# look_offline: all zones as firewalld's files have them, once a run, to $WORK/zones-written: each firewall-offline-cmd is a
# Python that takes half a second. Fails where it cannot be had.
look_offline() {
	[ -s "$WORK/zones-written" ] || firewall-offline-cmd --list-all-zones >"$WORK/zones-written" 2>"$WORK/look-permanent"
	grep -q '^[^ \t]' "$WORK/zones-written"
}

# look_written: what look would find once firewalld is started, as its files have it.
look_written() {
	look_offline || return 1
	bound_elsewhere >"$WORK/bound"
	LC_ALL=C awk -v bound="$WORK/bound" '
		BEGIN { while ((getline line <bound) > 0) { split(line, word, " "); zone_of[word[1]] = word[2] } }
		/^[^ \t]/ { zone = $1 }
		/^  interfaces:/ {
			line = "  interfaces:"
			for (i = 2; i <= NF; i++) if (!($i in zone_of)) line = line " " $i
			for (each in zone_of) if (zone_of[each] == zone) line = line " " each
			print line
			next
		}
		{ print }' "$WORK/zones-written" >"$WORK/zones-permanent" && cp "$WORK/zones-permanent" "$WORK/zones-runtime"
}

# bound_elsewhere: "INTERFACE ZONE" of each that ifcfg files or NetworkManager bind to a zone that there is: firewalld
# learns of it as it starts.
bound_elsewhere() {
	{ bound_by_files && bound_by_manager; } >"$WORK/bound-by-name"
	[ -s "$WORK/bound-by-name" ] || return 0
	firewall-offline-cmd --get-zones 2>/dev/null | tr ' ' '\n' >"$WORK/zone-names"
	awk -v names="$WORK/zone-names" 'BEGIN { while ((getline name <names) > 0) known[name] = 1 } $2 in known' "$WORK/bound-by-name"
}

# bound_by_files: what initscripts take for a copy is none of theirs.
bound_by_files() {
	for be_file in /etc/sysconfig/network-scripts/ifcfg-*; do
		case $be_file in
		*~ | *.bak | *.old | *.orig | *.rpmnew | *.rpmorig | *.rpmsave) continue ;;
		esac
		[ -r "$be_file" ] && awk -v name="${be_file##*/ifcfg-}" '
			{ gsub(/["'"'"' \t\r]/, "") }
			sub(/^DEVICE=/, "") { name = $0 }
			sub(/^ZONE=/, "") { zone = $0 }
			END { if (name != "" && zone != "") print name, zone }' "$be_file"
	done
	return 0
}

bound_by_manager() {
	command -v nmcli >/dev/null 2>&1 || return 0
	timeout 10 nmcli -t -f UUID,DEVICE connection show --active 2>/dev/null | while IFS=: read -r be_connection be_interface; do
		be_zone=$(timeout 10 nmcli -t -f connection.zone connection show "$be_connection" 2>/dev/null </dev/null | sed -n 's/^connection\.zone://p')
		case $be_interface,$be_zone in
		,* | *, | *,--) ;;
		*) printf '%s %s\n' "$be_interface" "$be_zone" ;;
		esac
	done
}

# forget_cleared: after kernel_look: less what a start of firewalld clears itself: with iptables as its backend, which it
# is as well where its file does not say (CentOS 7), that is every table of iptables.
forget_cleared() {
	! grep -q '^FirewallBackend=' /etc/firewalld/firewalld.conf 2>/dev/null ||
		grep -qi '^FirewallBackend=iptables' /etc/firewalld/firewalld.conf || return 0
	: >"$WORK/kernel-ipt"
	awk '
		/^table / { cleared = $2 ~ /^ip6?$/ && $3 ~ /^(filter|nat|mangle|raw|security)$/ }
		!cleared { print }' "$WORK/kernel-nft" >"$WORK/kernel-left" && mv -f "$WORK/kernel-left" "$WORK/kernel-nft"
}

# letting_in: after survey_unstarted, where somebody's own site serves the port: who is to be let in and by firewalld's
# files is not: "ZONE PORT", then a source a line. Without it they would be cut off from the start until the second dial.
letting_in() {
	[ -s "$WORK/foreign-sites" ] && [ -n "${zone-}" ] || return 0
	comm -13 "$WORK/in-force" "$WORK/allow" >"$WORK/letting-in"
	[ ! -s "$WORK/letting-in" ] || printf '%s %s\n' "$zone" "$port" | cat - "$WORK/letting-in"
}

let_in_callers() {
	[ -s "$STATE/armed/let-in" ] || return 0
	let_in_offline add "$STATE/armed/let-in" && return 0
	roll_back "whoever is listed could not be let in"
	fail E_FIREWALLD "the sources of lqpt:allow could not be written to firewalld's files, so it was not started; nothing of ours listens. See 'firewall-offline-cmd --check-config', then run this again"
}

# let_in_offline add|remove FILE: what letting_in printed, all by one call: each starts a Python.
let_in_offline() {
	lo_verb=$1
	lo_file=$2
	set --
	{
		read -r lo_zone lo_port
		while read -r lo_source; do
			set -- "$@" "--$lo_verb-rich-rule=$(rich_rule "$lo_source" "$lo_port")"
		done
	} <"$lo_file"
	firewall-offline-cmd --zone="$lo_zone" "$@" >/dev/null 2>&1
}
