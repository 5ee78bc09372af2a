# Whether those who are let in can come in at all: a listed back end that is kept out is invoices that are not issued.

# shut_out: after look runtime: what may keep listed sources out although a rule lets them in, a sentence a line.
shut_out() {
	shut_out_by_zone
	shut_out_by_rule
	[ "$(cat "$WORK/zone")" = auto ] || shut_out_by_choice
}

# bound_zones: after look runtime: "ZONE NETWORK" lines. A zone that is bound to sources takes what comes from them, before
# the zone of the interface is asked.
bound_zones() {
	awk '/^[^ \t]/ { zone = $1 } /^  sources: ./ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9.\/]+$/) print zone, $i }' "$WORK/zones-runtime"
}

shut_out_by_zone() {
	bound_zones |
		while read -r so_zone so_network; do
			[ "$so_zone" != "$zone" ] || continue
			printf '%s\n' "$so_network" >"$WORK/one"
			so_who=$(inside "$WORK/allow" "$WORK/one" | paste -s -d ' ')
			[ -z "$so_who" ] ||
				printf '%s may be kept out: zone %s takes what comes from %s, and the rules are in zone %s. Write the right one to lqpt:firewall.zone\n' "$so_who" "$so_zone" "$so_network" "$zone"
		done
}

# firewalld asks what refuses before what accepts.
shut_out_by_rule() {
	awk -v want="$zone" -v port="$port" "$PORTS_AWK"'
		/^[^ \t]/ { zone = $1 }
		zone == want && /^[ \t]+rule / && / (reject|drop)( |$)/ && match($0, / source address="[0-9.\/]+"/) {
			network = substr($0, RSTART + 17, RLENGTH - 18)
			if (/ (service|protocol|icmp-type|icmp-block|source-port|forward-port) / || match($0, /[^-]port port="[0-9-]+"/) && !holds(substr($0, RSTART + 12, RLENGTH - 13))) next
			sub(/^[ \t]+/, "")
			print network "\t" $0
		}' "$WORK/zones-runtime" | while IFS="$TAB" read -r so_network so_rule; do
		printf '%s\n' "$so_network" >"$WORK/one"
		so_who=$({ inside "$WORK/allow" "$WORK/one" && inside "$WORK/one" "$WORK/allow"; } | sort -u | paste -s -d ' ')
		[ -z "$so_who" ] || printf '%s may be kept out: zone %s has the rule: %s\n' "$so_who" "$zone" "$so_rule"
	done
}

shut_out_by_choice() {
	zones_entered >"$WORK/zones-entered"
	grep -qx "$zone" "$WORK/zones-entered" ||
		printf 'the listed sources may be kept out: by the routes of this host they come in through zone %s, and lqpt:firewall.zone is %s\n' "$(paste -s -d ' ' "$WORK/zones-entered")" "$zone"
}
