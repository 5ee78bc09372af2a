# What the kernel really does: firewalld may say "running" while its rules are gone, and a rule may stand beside
# firewalld that no firewall-cmd ever prints.

# The table that has the kernel follow connections, for the seconds before firewalld is started.
FOLLOWS=lqpt_follows

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
			# From a folder in which nobody else puts modules.
			(cd / && "$python" -c 'import nftables
print(nftables.Nftables().cmd("list ruleset")[1])') >"$WORK/kernel-nft" 2>/dev/null && kl_seen=yes && break
		done
	fi
	for save in iptables-save ip6tables-save iptables-legacy-save ip6tables-legacy-save; do
		command -v "$save" >/dev/null 2>&1 || continue
		printf '# by %s\n' "$save" >>"$WORK/kernel-ipt"
		"$save" >>"$WORK/kernel-ipt" 2>/dev/null && kl_seen=yes
	done
	[ "$kl_seen" = yes ]
}

# kernel_change COMMANDS: of nft, by whichever of the two can give them.
kernel_change() {
	if command -v nft >/dev/null 2>&1; then
		printf '%s\n' "$1" | nft -f - >/dev/null 2>&1
		return
	fi
	for python in python3 python; do
		printf '%s\n' "$1" | (cd / && "$python" -c 'import nftables, sys
sys.exit(nftables.Nftables().cmd(sys.stdin.read())[0])') >/dev/null 2>&1 && return 0
	done
	return 1
}

# follow_connections SECONDS: the kernel follows connections from now on. What began before it did has its end dropped by
# a firewall that asks for that, in the middle of a call; so it is to know them before the first rule does.
follow_connections() {
	# The kernel of CentOS 7 does so for as long as the module is there.
	modprobe nf_conntrack_ipv4 2>/dev/null
	kernel_change "add table inet $FOLLOWS
add chain inet $FOLLOWS seen { type filter hook input priority 0; policy accept; }
add rule inet $FOLLOWS seen ct state established" || return 0
	sleep "$1"
}

# follow_no_more: once firewalld asks for it, or is not started after all.
follow_no_more() {
	kernel_look && grep -q "^table inet $FOLLOWS " "$WORK/kernel-nft" || return 0
	kernel_change "delete table inet $FOLLOWS"
}

# kernel_filters: after kernel_look: firewalld's own chains are there and end in a refusal. With iptables those of IPv4
# count: IPv6 has tables of its own, which may be whole where these are gone.
kernel_filters() {
	sed -n '/^table [a-z0-9]* firewalld /,/^}/p' "$WORK/kernel-nft" |
		sed -n "/chain filter_INPUT {/,/^$TAB}/p" | grep -Eq "^$TAB$TAB(counter [a-z0-9 ]*)?(reject|drop)" && return 0
	awk '
		/^# by / { zones = ends = 0; four = $3 !~ /^ip6/ }
		four && /^-A INPUT .*INPUT_ZONES/ { zones = 1 }
		four && /^-A INPUT -j (REJECT|DROP)/ { ends = 1 }
		zones && ends { hit = 1 }
		END { exit !hit }' "$WORK/kernel-ipt"
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
		# aims: does a rule send what it catches to our port?
		function aims(target) {
			return sub(/^.*(redirect|dnat|tproxy) /, "", target) && match(target, /:[0-9]+(-[0-9]+)?( |$)/) && holds(substr(target, RSTART + 1, RLENGTH - 1))
		}
		/^table / { table = $3; family = $2; next }
		/^\tchain / { chain = $2; where = "table " family " " table ", chain " chain; passing = chain ~ /^(filter_)?(OUT|FWD|FORWARD)/; next }
		/^\t\ttype .* hook (output|forward|postrouting) / { passing = 1 }
		!/^\t\t/ { next }
		# What is said about a rule may look like one, and firewalld 2 can count each.
		{
			line = $0
			sub(/^\t+/, "", line)
			gsub(/ ?(comment|log prefix) "[^"]*"/, "", line)
			gsub(/ ?counter packets [0-9]+ bytes [0-9]+/, "", line)
			sub(/^ /, "", line)
			zone = chain
			sub(/^(filter_)?IN_/, "", zone)
			sub(/_(allow|pre|post)$/, "", zone)
		}
		# What leaves this host, or passes through it, reaches none of its sockets.
		passing && line !~ /redirect|dnat/ { next }
		# Where its backend is iptables, nftables shows the same rules once more, in its own words.
		family == "ip" && table == "filter" { sub(/^meta l4proto tcp /, "", line) }
		line ~ /dport/ && line !~ /(udp|udplite|sctp|dccp) dport/ && line ~ / (accept|dnat |redirect|queue|tproxy |vmap )/ {
			list = line
			sub(/^.*dport /, "", list)
			inverse = sub(/^!= /, "", list)
			if (sub(/^>=? /, "", list)) sub(/ .*/, "-65535", list)
			if (sub(/^<=? /, "0-", list)) sub(/ .*/, "", list)
			sub(/^\{[^}]*\}/, "&;", list) || sub(/^[^ ]*/, "&;", list)
			sub(/;.*/, "", list)
			if (list !~ /^v?map$/ && (inverse ? holds(list) : !holds(list))) {
				if (!aims(line)) next
			} else if (((table == "firewalld" && chain ~ /^filter_IN_.*_(allow|post|pre)$/) || (family == "ip" && table == "filter" && chain ~ /^IN_.*_(allow|post|pre)$/)) && ours_in(zone) &&
				line ~ "^ip saddr [0-9.]+(/([89]|[1-3][0-9]))? tcp dport " port "( ct state [^a]*(new|untracked)[^a]*| ct state new,untracked)? accept$") {
				split(line, word, " ")
				print "source\t" word[3]
				next
			}
			tell(line)
			next
		}
		aims(line) { tell(line); next }
		# An accept without a port, where it would let everybody pass by the list.
		table == "firewalld" && chain ~ /^filter_IN(PUT|_)/ && line ~ /(^| )accept$/ {
			if (line ~ /^(ct state (\{ )?(established|related)(, ?(established|related))?( \})?|ct status dnat|iif(name)? "lo") accept$/) next
			if (line ~ /(udp|udplite|sctp|dccp) [sd]port|icmp(v6)? (type|code)/) next
			if (match(line, /(l4proto|ip protocol|nexthdr) (\{[^}]*\}|[^ ]+)/)) {
				protocols = substr(line, RSTART, RLENGTH)
				if (protocols !~ /!=|tcp|[ {]6([ ,}]|$)/) next
			}
			tell(line)
		}'
}

ipt_rules() {
	LC_ALL=C awk -v want="$1" -v port="$2" -v former="$3" "$PORTS_AWK"'
		function reach(from, part, n, i) {
			if (from in reached) return
			reached[from] = 1
			n = split(jumps[from], part, " ")
			for (i = 1; i <= n; i++) reach(part[i])
		}
		/^\*/ { table = substr($1, 2); next }
		!/^-A / { next }
		{
			line = $0
			gsub(/ --comment ("[^"]*"|[^ ]+)/, "", line)
			chain = $2
			where = "iptables " table " " chain
			zone = chain
			sub(/^IN_/, "", zone)
			sub(/_(allow|pre|post)$/, "", zone)
		}
		match(line, / (! )?-p [^ ]+/) {
			protocol = substr(line, RSTART, RLENGTH)
			if (protocol ~ /!/ ? protocol ~ / (tcp|6)$/ : protocol !~ / (tcp|6|all|0)$/) next
		}
		match(line, / --(to-destination|to-ports|on-port) [^ ]*/) {
			target = substr(line, RSTART, RLENGTH)
			sub(/.*[: ]/, "", target)
			if (holds(target)) { tell($0); next }
		}
		# What leaves this host, or passes through it, reaches none of its sockets.
		line ~ /^-A (OUTPUT|FORWARD|FWD)/ || line ~ / -o / { next }
		match(line, / --dports? [^ ]*/) {
			list = substr(line, RSTART, RLENGTH)
			sub(/^ --dports? /, "", list)
			if (line ~ /! --dport/ ? holds(list) : !holds(list)) next
			if (chain ~ /^IN_.*_(allow|post|pre)$/ && ours_in(zone) &&
				line ~ "^-A [^ ]+ -s [0-9.]+(/([89]|[1-3][0-9]))? -p tcp -m tcp --dport " port "( -m conntrack --ctstate NEW(,UNTRACKED)?)? -j ACCEPT$") {
				source = $4
				sub(/\/32$/, "", source)
				print "source\t" source
				next
			}
			if (line ~ / -j (ACCEPT|DNAT|REDIRECT|TPROXY)/) { tell($0); next }
		}
		table == "filter" && line !~ / -j ACCEPT/ && match(line, / -[jg] [^ ]+/) { jumps[chain] = jumps[chain] " " substr(line, RSTART + 4, RLENGTH - 4) }
		table == "filter" && line ~ / -j ACCEPT/ {
			if (line ~ / -i lo / && line !~ / ! -i lo /) next
			if (line ~ / --(ct)?state / && line !~ / ! --(ct)?state / && line !~ /NEW/) next
			# firewalld marks what it forwards; where to, its rule in nat says.
			if (chain ~ /^IN_.*_allow$/ && line ~ / --mark /) next
			if (chain == "INPUT" || chain ~ /^(INPUT_|IN_)/) tell($0)
			else { bare[++count] = $0; home[count] = chain }
		}
		# A chain of somebody else that is entered before the zones: it counts where firewalld itself is in iptables.
		END {
			if (jumps["INPUT"] !~ /INPUT_ZONES/) exit
			reach("INPUT")
			for (i = 1; i <= count; i++)
				if (home[i] in reached) { where = "iptables filter " home[i]; tell(bare[i]) }
		}'
}
