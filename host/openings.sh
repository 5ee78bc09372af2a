# What opens the port behind the whitelist's back, as firewalld itself tells it.

# other_openings runtime|permanent ZONE PORT: after look: what else lets somebody reach the port, one line each:
# KIND<tab>DETAIL<tab>WORDS. Kind `everyone`: an opening of this port and no other to everybody, which we may close:
# DETAIL is its zone and the option of firewall-cmd that does. Kind `other`: a person's to take away.
other_openings() {
	zone_openings "$1" "$2" "$3"
	[ "$1" = runtime ] || file_openings "$3"
}

# file_openings PORT: direct rules and policies, read from firewalld's files: they are not in any zone's listing. What
# they do at run time the kernel tells.
file_openings() {
	[ ! -r /etc/firewalld/direct.xml ] || direct_rules </etc/firewalld/direct.xml | ipt_rules - "$1" "" |
		sed -n "s/^other${TAB}[^:]*: -A [^ ]* \(.*\)/other$TAB-${TAB}firewalld has the direct rule: \1 (permanent)/p"
	for fo_file in /etc/firewalld/policies/*.xml; do
		[ -r "$fo_file" ] || continue
		fo_name=${fo_file##*/}
		policy_openings "${fo_name%.xml}" "$1" <"$fo_file"
	done | while IFS="$TAB" read -r kind detail words; do
		if [ "$kind" = service ]; then
			service_opens "$words" "$1" && printf 'other\t-\ta policy of firewalld has service %s, which contains port %s (permanent)\n' "$words" "$1"
			continue
		fi
		printf '%s\t%s\t%s\n' "$kind" "$detail" "$words"
	done
}

# direct_rules: firewalld's direct.xml on stdin as iptables-save would print it, so that one function judges both. Every
# chain but those of what leaves this host or passes through it counts as one that the zones come after.
direct_rules() {
	LC_ALL=C awk '
		BEGIN { RS = "<" }
		!/^(rule|passthrough) / || / ipv="eb"/ { next }
		{
			split($0, part, ">")
			args = " " part[2] " "
			gsub(/[ \t\n]+/, " ", args)
			gsub(/ --proto(col)? /, " -p ", args)
			gsub(/ --destination-port/, " --dport", args)
			gsub(/ --to-port /, " --to-ports ", args)
			gsub(/ --in-interface /, " -i ", args)
			gsub(/ --out-interface /, " -o ", args)
			gsub(/ --jump /, " -j ", args)
			gsub(/ --append | --insert | -I /, " -A ", args)
			gsub(/ --table /, " -t ", args)
			table = match(part[1], / table="[^"]*"/) ? substr(part[1], RSTART + 8, RLENGTH - 9) : "filter"
			chain = match(part[1], / chain="[^"]*"/) ? substr(part[1], RSTART + 8, RLENGTH - 9) : ""
			if (match(args, / -t [^ ]+/)) {
				table = substr(args, RSTART + 4, RLENGTH - 4)
				sub(/ -t [^ ]+/, "", args)
			}
			if (match(args, / -A [^ ]+/)) {
				chain = substr(args, RSTART + 4, RLENGTH - 4)
				sub(/ -A [^ ]+( [0-9]+ )?/, " ", args)
			}
			if (table == "filter" && chain !~ /^(OUTPUT|FORWARD|FWD)/) chain = "INPUT_direct"
			gsub(/ +/, " ", args)
			sub(/ $/, "", args)
			print "*" table "\n-A " chain args
		}'
}

# policy_openings NAME PORT: a policy of firewalld on stdin, if it is for what comes to this host itself.
policy_openings() {
	tr '>' '\n' | LC_ALL=C awk -v port="$2" -v name="$1" "$PORTS_AWK"'
		function value(key) { return match($0, " " key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : "" }
		function element(opens) { if (rule) narrow = 1; if (opens && rule) wide = 1; else if (opens) hit = 1 }
		/<policy / { hit = value("target") == "ACCEPT" }
		/<egress-zone / && value("name") == "HOST" { host = 1 }
		/<rule( |$)/ { rule = 1; narrow = wide = accepts = 0; service = "" }
		/<accept/ { accepts = 1 }
		/<port / { element(value("protocol") == "tcp" && holds(value("port"))) }
		/<source-port / { element(value("protocol") == "tcp") }
		/<protocol / { element(value("value") ~ /^(tcp|6)$/) }
		/<(icmp-type|icmp-block|masquerade)/ { element(0) }
		/<forward-port / { element(0); if (value("protocol") == "tcp" && (holds(value("port")) || holds(value("to-port")))) hit = 1 }
		/<service / { element(0); if (rule) service = value("name"); else services = services " " value("name") }
		/<\/rule/ {
			rule = 0
			if (accepts && (wide || !narrow)) hit = 1
			if (accepts) services = services " " service
		}
		END {
			if (!host) exit
			if (hit) print "other\t-\tfirewalld has the policy " name ", which opens the port (permanent)"
			n = split(services, each, " ")
			for (i = 1; i <= n; i++) print "service\t-\t" each[i]
		}'
}

zone_openings() {
	if ! grep -q "^$2\( \|\$\)" "$WORK/zones-$1" 2>/dev/null; then
		printf 'other\t-\tfirewalld does not list its zones, so nobody knows what is open (%s)\n' "$1"
		return
	fi
	# A zone is entered by the interfaces and sources bound to it; the default zone by all that are bound to none.
	entered=" $2 $(default_zone) $(sed -n 's/^\([^ \t]*\) (.*active.*/\1/p' "$WORK/zones-runtime" 2>/dev/null | tr '\n' ' ')"
	former=" $(cut -d ' ' -f 1 "$STATE/place" "$STATE/pending/places" 2>/dev/null | tr '\n' ' ')"
	LC_ALL=C awk -v want="$2" -v port="$3" -v scope="$1" -v entered="$entered" -v former="$former" -v everywhere=" source address=\"[0-9.]+$WIDE_MASK\"" "$PORTS_AWK"'
		function say_it(kind, detail, words) {
			print kind "\t" detail "\t" words " (" scope ")"
		}
		/^[^ \t]/ { zone = $1; active = index(entered, " " zone " ") > 0; next }
		/^  (interfaces|sources): ./ { active = 1 }
		/^  target: ACCEPT/ { wide[zone] = 1 }
		/^  ports: / && (active || zone == want) {
			for (i = 2; i <= NF; i++) {
				split($i, p, "/")
				# A range would take ports of others with it, so it is not ours to close.
				if (p[2] == "tcp" && holds(p[1])) say_it(p[1] == port ? "everyone" : "other", zone " --remove-port=" $i, "zone " zone " opens port " $i " to everyone")
			}
		}
		/^  target: / { next }
		/^  protocols: / && active && / (tcp|6)( |$)/ { say_it("other", zone, "zone " zone " lets in all of tcp") }
		/^  source-ports: / && active && /\/tcp/ { say_it("other", zone, "zone " zone " lets in by source port: " $0) }
		/^  services: / && active {
			for (i = 2; i <= NF; i++) print "service\t" zone "\t" $i
		}
		/forward-port / && /to-port="/ && active && $0 ~ "to-port=\"" port "\"" { say_it("other", zone, "zone " zone " forwards to port " port) }
		/port=[0-9-]+:proto=/ && active && $0 ~ "port=" port ":" { say_it("other", zone, "zone " zone " forwards port " port) }
		/^[ \t]+rule / && (active || zone == want) && /accept/ && $0 ~ "[^-]port port=\"" port "\" protocol=\"tcp\"" && (!/ source / || $0 ~ everywhere) {
			sub(/^[ \t]+/, "")
			say_it("everyone", zone " --remove-rich-rule=" $0, "zone " zone " has a rule that opens port " port " to everyone: " $0)
			next
		}
		/^[ \t]+rule / && active && /accept/ {
			# Ours: in our zone, or in one that was ours and whose rules go when this change stands.
			if ((zone == want || index(former, " " zone " ")) &&
				$0 ~ "^[ \t]+rule family=\"ipv4\" source address=\"[0-9./]*\" port port=\"" port "\" protocol=\"tcp\" accept$") next
			if (!/source-port / && match($0, /port port="[0-9-]+"/)) {
				if (!holds(substr($0, RSTART + 11, RLENGTH - 12))) next
			} else if (match($0, /service name="[^"]+"/)) {
				print "service\t" zone "\t" substr($0, RSTART + 14, RLENGTH - 15)
				next
			} else if ($0 ~ /(icmp-type|icmp-block|masquerade|forward-port|protocol value="(icmp|igmp|udp|esp|ah|gre|vrrp|ipv6-icmp|[0-57-9]|[0-9][0-9]+)")/) next
			sub(/^[ \t]+/, "")
			say_it("other", zone, "zone " zone " has the rule: " $0)
		}
		active && zone in wide { say_it("other", zone, "zone " zone " accepts everything (target ACCEPT)"); delete wide[zone] }
	' "$WORK/zones-$1" | while IFS="$TAB" read -r kind detail words; do
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
		# Nearly none can have it, and is asked about in each zone.
		grep -Eq "port=\"($2|[0-9]*-[0-9]*)\"|<include" "$folder/$1.xml" || return 1
		tr '>' '\n' <"$folder/$1.xml" | awk -v port="$2" "$PORTS_AWK"'
			/<port / && /protocol="tcp"/ && match($0, /port="[0-9-]+"/) && holds(substr($0, RSTART + 6, RLENGTH - 7)) { hit = 1 }
			END { exit !hit }' && return 0
		for included in $(tr '>' '\n' <"$folder/$1.xml" | sed -n 's/.*<include .*service="\([A-Za-z0-9_-]*\)".*/\1/p'); do
			service_opens "$included" "$2" "$((${3-0} + 1))" && return 0
		done
		return 1
	done
	return 1
)
