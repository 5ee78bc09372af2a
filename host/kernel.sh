# What the kernel really does: firewalld may say "running" while its rules are gone, and a rule may stand beside
# firewalld that no firewall-cmd ever prints.

# kernel_look: the kernel's rules, as text, to $WORK/kernel-nft and $WORK/kernel-ipt. Fails where neither can be read.
# Minimal machines have neither nft nor iptables, but then firewalld itself has Python's binding to nftables.
kernel_look() {
	: >"$WORK/kernel-nft"
	: >"$WORK/kernel-ipt"
	kl_seen=no
	if command -v nft >/dev/null 2>&1; then
		nft list ruleset >"$WORK/kernel-nft" 2>/dev/null && kl_seen=yes
	else
		for python in python3 python; do
			"$python" -c 'import nftables
print(nftables.Nftables().cmd("list ruleset")[1])' >"$WORK/kernel-nft" 2>/dev/null && kl_seen=yes && break
		done
	fi
	for save in iptables-save ip6tables-save iptables-legacy-save ip6tables-legacy-save; do
		command -v "$save" >/dev/null 2>&1 || continue
		"$save" >>"$WORK/kernel-ipt" 2>/dev/null && kl_seen=yes
	done
	[ "$kl_seen" = yes ]
}

# kernel_filters: after kernel_look: firewalld's own chains are there and end in a refusal.
kernel_filters() {
	sed -n '/^table [a-z0-9]* firewalld /,/^}/p' "$WORK/kernel-nft" |
		sed -n "/chain filter_INPUT {/,/^$TAB}/p" | grep -Eq 'reject|drop' && return 0
	grep -q '^-A INPUT .*INPUT_ZONES' "$WORK/kernel-ipt" && grep -Eq '^-A INPUT .*-j (REJECT|DROP)' "$WORK/kernel-ipt"
}

# filters_for_real: the daemon lives and the kernel holds its rules.
filters_for_real() {
	[ "$(systemctl is-active firewalld 2>/dev/null)" = active ] && kernel_look && kernel_filters
}

# kernel_sources ZONE PORT: after kernel_look: whom the kernel lets in by rules like ours, sorted.
kernel_sources() {
	kernel_rules "$1" "$2" | sed -n "s/^source$TAB//p" | sort -u
}

# kernel_openings ZONE PORT: after kernel_look: whatever else lets somebody reach the port, one line each.
kernel_openings() {
	kernel_rules "$1" "$2" | sed -n "s/^other$TAB//p" | sort -u
}

# kernel_rules ZONE PORT: "source<tab>ADDRESS" and "other<tab>WORDS" lines.
kernel_rules() {
	former=" $(cat "$STATE/place" "$STATE/pending/places" 2>/dev/null | cut -d ' ' -f 1 | tr '\n' ' ')"
	nft_rules "$1" "$2" "$former" <"$WORK/kernel-nft"
	ipt_rules "$1" "$2" "$former" <"$WORK/kernel-ipt"
}

# PORTS_AWK: does a list of ports hold ours? "8864", "80,8864", "8000-9000", "8000:9000"; a named set may.
PORTS_AWK='
	function holds(list, part, n, i, range) {
		gsub(/[{} ]/, "", list)
		n = split(list, part, ",")
		for (i = 1; i <= n; i++) {
			if (part[i] ~ /^@/) return 1
			if (split(part[i], range, /[-:]/) == 2 ? range[1] + 0 <= port && port <= range[2] + 0 : part[i] == port) return 1
		}
		return 0
	}
	function tell(words) {
		gsub(/ counter packets [0-9]* bytes [0-9]*/, "", words)
		print "other\tthe kernel has, in " where ": " words
	}
	function ours_in(zones) {
		return index(" " want " " former, " " zones " ") > 0
	}'

nft_rules() {
	LC_ALL=C awk -v want="$1" -v port="$2" -v former="$3" "$PORTS_AWK"'
		/^table / { table = $3; family = $2; next }
		/^\tchain / { chain = $2; where = "table " family " " table ", chain " chain; next }
		!/^\t\t/ { next }
		{ line = $0; sub(/^\t+/, "", line); zone = chain; sub(/^(filter_)?IN_/, "", zone); sub(/_(allow|pre|post)$/, "", zone) }
		# Where its backend is iptables, nftables shows the same rules once more, in its own words.
		family == "ip" && table == "filter" { sub(/^meta l4proto tcp /, "", line); sub(/ counter packets [0-9]* bytes [0-9]*/, "", line) }
		/dport/ && !/udp dport|sctp dport|dccp dport/ && / (accept|dnat |redirect|queue)/ {
			list = line
			sub(/^.*dport /, "", list)
			inverse = sub(/^!= /, "", list)
			sub(/^\{[^}]*\}/, "&;", list) || sub(/^[^ ]*/, "&;", list)
			sub(/;.*/, "", list)
			if (inverse ? holds(list) : !holds(list)) {
				if (line !~ "(redirect|dnat).*:" port "( |$)") next
			} else if (((table == "firewalld" && chain ~ /^filter_IN_.*_(allow|post|pre)$/) || (family == "ip" && table == "filter" && chain ~ /^IN_.*_(allow|post|pre)$/)) && ours_in(zone) &&
				line ~ "^ip saddr [0-9./]+ tcp dport " port "( ct state [^a]*(new|untracked)[^a]*| ct state new,untracked)? accept$") {
				split(line, word, " ")
				print "source\t" word[3]
				next
			}
			tell(line)
			next
		}
		/(redirect|dnat)/ && line ~ ":" port "( |$)" { tell(line); next }
		# An accept without a port, where it would let everybody pass by the list.
		table == "firewalld" && chain ~ /^filter_IN(PUT$|_)/ && / ?accept$/ && !/dport|icmp|udp|protocol|sctp|dccp/ {
			if (line ~ /^(ct state (\{ )?(established|related)|ct status dnat accept|iifname "lo" accept)/) next
			if (line ~ /l4proto/ && line !~ /tcp|[^0-9]6[^0-9]/) next
			tell(line)
		}'
}

ipt_rules() {
	LC_ALL=C awk -v want="$1" -v port="$2" -v former="$3" "$PORTS_AWK"'
		/^\*/ { table = substr($1, 2); next }
		!/^-A / { next }
		!/ -j (ACCEPT|DNAT|REDIRECT|TPROXY)/ || / -p (udp|icmp|icmpv6|ipv6-icmp|sctp|esp|ah|gre|vrrp|igmp)( |$)/ { next }
		{ chain = $2; where = "iptables " table " " chain; zone = chain; sub(/^IN_/, "", zone); sub(/_(allow|pre|post)$/, "", zone) }
		match($0, / --(to-destination|to-ports|on-port) [^ ]*/) {
			target = substr($0, RSTART, RLENGTH)
			if (target ~ "[: ]" port "$") { tell($0); next }
		}
		match($0, / --dports? [^ ]*/) {
			list = substr($0, RSTART, RLENGTH)
			sub(/^ --dports? /, "", list)
			if ($0 ~ /! --dport/ ? holds(list) : !holds(list)) next
			if (chain ~ /^IN_.*_(allow|post|pre)$/ && ours_in(zone) &&
				$0 ~ "^-A [^ ]+ -s [0-9./]+ -p tcp -m tcp --dport " port "( -m conntrack --ctstate NEW(,UNTRACKED)?)? -j ACCEPT$") {
				source = $4
				sub(/\/32$/, "", source)
				print "source\t" source
				next
			}
			tell($0)
			next
		}
		table == "filter" && (chain == "INPUT" || chain ~ /^(INPUT_|IN_)/) && / -j ACCEPT/ {
			if ($0 ~ / -i lo /) next
			if ($0 ~ /ctstate|--state/ && $0 !~ /NEW/) next
			tell($0)
		}'
}
