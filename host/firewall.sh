# firewalld: who may open TCP to the port. Deltas to the runtime and the permanent configuration,
# never a reload: a reload rejects new connections meanwhile, and on 0.6.3 it drops established ones.

firewall_running() {
	[ "$(firewall-cmd --state 2>/dev/null)" = running ]
}

# fw runtime|permanent OPTION...: one firewall-cmd call on that configuration. It is Python and costs
# 0.1 to 0.2 s, so callers put many changes into one call.
fw() {
	fw_scope=$1
	shift
	if [ "$fw_scope" = permanent ]; then
		firewall-cmd --permanent "$@"
	else
		firewall-cmd "$@"
	fi
}

# rich_rule SOURCE PORT: as in the vendor's document, and as firewalld prints it back.
rich_rule() {
	printf 'rule family="ipv4" source address="%s" port port="%s" protocol="tcp" accept' "$1" "$2"
}

# find_zone WANTED: the zone that the traffic enters, to $WORK/found-zone. For "auto" that is the zone of
# the interface through which the allowed sources are answered.
find_zone() {
	if [ "$1" != auto ]; then
		firewall-cmd --get-zones | tr ' ' '\n' | grep -Fqx -- "$1" ||
			refuse E_ZONE "zone $1 does not exist here; expected one of: $(firewall-cmd --get-zones)"
		printf '%s\n' "$1" >"$WORK/found-zone"
		return 0
	fi
	default_zone=$(firewall-cmd --get-default-zone)
	while IFS= read -r source; do
		interface=$(ip -4 route get "${source%/*}" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
		[ -z "$interface" ] || printf '%s\n' "$interface"
	done <"$WORK/allow" | sort -u >"$WORK/interfaces"
	while IFS= read -r interface; do
		firewall-cmd --get-zone-of-interface="$interface" 2>/dev/null || printf '%s\n' "$default_zone"
	done <"$WORK/interfaces" | sort -u >"$WORK/zones"
	[ -s "$WORK/zones" ] || printf '%s\n' "$default_zone" >"$WORK/zones"
	[ "$(wc -l <"$WORK/zones")" = 1 ] ||
		refuse E_ZONE "the allowed sources come in through several zones ($(tr '\n' ' ' <"$WORK/zones")); expected one. Write the right one to lqpt:firewall.zone"
	cp "$WORK/zones" "$WORK/found-zone"
}

# read_sources runtime|permanent ZONE PORT: the sources that rules like ours let in, sorted. Fails where firewalld
# does not answer: no answer is not an empty list.
read_sources() {
	fw "$1" --zone="$2" --list-rich-rules >"$WORK/rich-rules" 2>/dev/null || return 1
	our_sources "$3" <"$WORK/rich-rules"
}

our_sources() {
	sed -n 's/^rule family="ipv4" source address="\([0-9./]*\)" port port="'"$1"'" protocol="tcp" accept$/\1/p' | sort -u
}

# change_sources add|remove runtime|permanent ZONE PORT FILE: all of FILE's sources in one call.
change_sources() {
	[ -s "$5" ] || return 0
	cs_verb=$1
	cs_scope=$2
	cs_zone=$3
	cs_port=$4
	cs_file=$5
	set --
	while IFS= read -r source; do
		set -- "$@" "--$cs_verb-rich-rule=$(rich_rule "$source" "$cs_port")"
	done <"$cs_file"
	fw "$cs_scope" --zone="$cs_zone" "$@" >/dev/null 2>"$WORK/firewall-cmd.log" || return 1
}

# other_openings runtime|permanent ZONE PORT: what else lets somebody reach the port, one line each:
# KIND<tab>DETAIL<tab>WORDS. Kind `port` (a general opening of our zone, which we may close) or `other`.
other_openings() {
	if ! fw "$1" --list-all-zones >"$WORK/all-zones" 2>/dev/null || ! grep -q "^$2\( \|\$\)" "$WORK/all-zones"; then
		printf 'other\t-\tfirewalld does not list its zones, so nobody knows what is open (%s)\n' "$1"
		return
	fi
	# A zone is entered by the interfaces and sources bound to it; the default zone by all that are bound to none.
	[ -s "$WORK/entered" ] || { firewall-cmd --get-default-zone && firewall-cmd --get-active-zones; } >"$WORK/entered"
	entered=" $2 $(sed -n 's/^\([^ \t][^ \t]*\).*/\1/p' "$WORK/entered" | tr '\n' ' ')"
	former=" $(cut -d ' ' -f 1 "$STATE/place" "$STATE/pending/places" 2>/dev/null | tr '\n' ' ')"
	LC_ALL=C awk -v want="$2" -v port="$3" -v scope="$1" -v entered="$entered" -v former="$former" '
		function holds(range, part, n) {
			n = split(range, part, "-")
			return n == 2 ? part[1] + 0 <= port && port <= part[2] + 0 : range == port
		}
		function tell(kind, detail, words) {
			print kind "\t" detail "\t" words " (" scope ")"
		}
		/^[^ \t]/ { zone = $1; active = index(entered, " " zone " ") > 0; next }
		/^  (interfaces|sources): ./ { active = 1 }
		/^  target: ACCEPT/ { wide[zone] = 1 }
		/^  ports: / && zone == want {
			for (i = 2; i <= NF; i++) {
				split($i, p, "/")
				# A range would take ports of others with it, so it is not ours to close.
				if (p[2] == "tcp" && holds(p[1])) tell(p[1] == port ? "port" : "other", $i, "zone " zone " opens port " $i " to everyone")
			}
		}
		/^  ports: / && zone != want {
			for (i = 2; i <= NF; i++) {
				split($i, p, "/")
				if (p[2] == "tcp" && holds(p[1]) && active) tell("other", zone, "zone " zone " opens port " $i " to everyone")
			}
		}
		/^  target: / { next }
		/^  protocols: / && active && / (tcp|6)( |$)/ { tell("other", zone, "zone " zone " lets in all of tcp") }
		/^  source-ports: / && active && /\/tcp/ { tell("other", zone, "zone " zone " lets in by source port: " $0) }
		/^  services: / && active {
			for (i = 2; i <= NF; i++) print "service\t" zone "\t" $i
		}
		/forward-port / && /to-port="/ && active && $0 ~ "to-port=\"" port "\"" { tell("other", zone, "zone " zone " forwards to port " port) }
		/port=[0-9-]+:proto=/ && active && $0 ~ "port=" port ":" { tell("other", zone, "zone " zone " forwards port " port) }
		/^[ \t]+rule / && active && /accept/ {
			# Ours: in our zone, or in one that was ours and whose rules go when this change stands.
			if ((zone == want || index(former, " " zone " ")) &&
				$0 ~ "^[ \t]+rule family=\"ipv4\" source address=\"[0-9./]*\" port port=\"" port "\" protocol=\"tcp\" accept$") next
			if (match($0, /port port="[0-9-]+"/)) {
				if (!holds(substr($0, RSTART + 11, RLENGTH - 12))) next
			} else if (match($0, /service name="[^"]+"/)) {
				print "service\t" zone "\t" substr($0, RSTART + 14, RLENGTH - 15)
				next
			} else if ($0 ~ /(icmp-type|icmp-block|masquerade|forward-port|protocol value="(icmp|igmp|udp|esp|ah|gre|vrrp|ipv6-icmp|[0-57-9]|[0-9][0-9]+)")/) next
			sub(/^[ \t]+/, "")
			tell("other", zone, "zone " zone " has the rule: " $0)
		}
		active && zone in wide { tell("other", zone, "zone " zone " accepts everything (target ACCEPT)"); delete wide[zone] }
	' "$WORK/all-zones" | while IFS="$TAB" read -r kind detail words; do
		if [ "$kind" = service ]; then
			service_opens "$words" "$3" && printf 'other\t%s\tzone %s has service %s, which contains port %s (%s)\n' "$detail" "$detail" "$words" "$3" "$1"
			continue
		fi
		printf '%s\t%s\t%s\n' "$kind" "$detail" "$words"
	done
}

# service_opens NAME PORT: read from firewalld's own files, which costs nothing; a call for each service would.
# A service may include others. A subshell: it calls itself.
service_opens() (
	[ "${3-0}" -lt 5 ] || return 1
	for folder in /etc/firewalld/services /usr/lib/firewalld/services; do
		[ -r "$folder/$1.xml" ] || continue
		tr '>' '\n' <"$folder/$1.xml" | awk -v port="$2" '
			/<port / && /protocol="tcp"/ && match($0, /port="[0-9-]+"/) {
				n = split(substr($0, RSTART + 6, RLENGTH - 7), p, "-")
				if (n == 2 ? p[1] + 0 <= port && port <= p[2] + 0 : p[1] == port) hit = 1
			}
			END { exit !hit }' && return 0
		for included in $(tr '>' '\n' <"$folder/$1.xml" | sed -n 's/.*<include .*service="\([A-Za-z0-9_-]*\)".*/\1/p'); do
			service_opens "$included" "$2" "$((${3-0} + 1))" && return 0
		done
		return 1
	done
	return 1
)

# filters_for_real: firewalld may say "running" while the kernel holds none of its rules.
filters_for_real() {
	firewall_running && input_rules | grep -Eq 'reject|REJECT|drop|DROP'
}

# input_rules: the kernel's own account of what firewalld filters, by whichever program is there: minimal
# machines have neither nft nor iptables, but then firewalld itself has Python's binding to nftables.
input_rules() {
	if command -v nft >/dev/null 2>&1 && nft list chain inet firewalld filter_INPUT 2>/dev/null; then
		return 0
	fi
	if command -v iptables >/dev/null 2>&1 && iptables -S INPUT 2>/dev/null | grep -q INPUT_ZONES; then
		iptables -S INPUT
		return
	fi
	for python in python3 python; do
		"$python" -c 'import nftables
print(nftables.Nftables().cmd("list chain inet firewalld filter_INPUT")[1])' 2>/dev/null && return 0
	done
	return 1
}

# start_firewall: with sshd's own ports opened first, whatever they are. Called only where preflight_firewall
# found nothing but sshd listening.
start_firewall() {
	if firewall_running; then
		enable_firewall
		return
	fi
	say "starting firewalld, with sshd's port kept open"
	zone=$(firewall-offline-cmd --get-default-zone)
	listeners | awk '$1 == "tcp" && ($4 == "sshd" || $4 == "systemd") { print $2 }' | sort -u >"$WORK/ssh-ports"
	: >"$WORK/opened-ports"
	while IFS= read -r port; do
		[ "$port" = 22 ] && firewall-offline-cmd --zone="$zone" --query-service=ssh >/dev/null 2>&1 && continue
		firewall-offline-cmd --zone="$zone" --query-port="$port/tcp" >/dev/null 2>&1 && continue
		printf '%s\n' "$port" >>"$WORK/opened-ports"
		firewall-offline-cmd --zone="$zone" --add-port="$port/tcp" >/dev/null 2>&1
		if ! firewall-offline-cmd --zone="$zone" --query-port="$port/tcp" >/dev/null 2>&1; then
			close_opened_ports "$zone"
			fail E_FIREWALLD "sshd's port $port could not be opened in zone $zone, so firewalld was not started; nothing of ours listens. See 'firewall-offline-cmd --zone=$zone --list-all', then run this again"
		fi
	done <"$WORK/ssh-ports"
	systemctl start firewalld 9>&- >/dev/null 2>&1
	if ! wait_until 20 filters_for_real; then
		words=$(journalctl -u firewalld -n 3 --no-pager -o cat 2>/dev/null | tr '\n' ' ')
		stop_firewall "$zone"
		fail E_FIREWALLD "firewalld was started and does not filter: $words; expected 'firewall-cmd --state' to say running and its rules in the kernel. It was stopped again; nothing of ours listens. See 'journalctl -u firewalld', then run this again"
	fi
	enable_firewall
	while IFS= read -r port; do
		say "firewalld runs; tcp $port (sshd) stays open in zone $zone"
	done <"$WORK/ssh-ports"
}

# enable_firewall: a firewall that does not come back after a reboot would leave the port open to the world.
enable_firewall() {
	systemctl enable firewalld >/dev/null 2>&1
	systemctl is-enabled firewalld >/dev/null 2>&1 ||
		fail E_FIREWALLD "firewalld runs, and 'systemctl enable firewalld' did not make it start at boot; nothing of ours listens. Mend that, then run this again"
}

# stop_firewall ZONE: what start_firewall did, undone.
stop_firewall() {
	systemctl stop firewalld >/dev/null 2>&1
	close_opened_ports "$1"
}

close_opened_ports() {
	while IFS= read -r port; do
		firewall-offline-cmd --zone="$1" --remove-port="$port/tcp" >/dev/null 2>&1
	done <"$WORK/opened-ports"
}

# wait_until SECONDS COMMAND...
wait_until() {
	wu_left=$1
	shift
	until "$@"; do
		wu_left=$((wu_left - 1))
		[ "$wu_left" -gt 0 ] || return 1
		sleep 1
	done
}
