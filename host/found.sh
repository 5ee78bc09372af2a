# found: a machine that somebody set up by hand, as `lqpt import` must know it. It changes nothing.

# found PORT: who gets in to that port now, and what serves it.
found() {
	port=$1
	held_id=
	[ ! -s "$STATE/owner" ] || read -r held_id _ <"$STATE/owner"
	fact owner "$held_id"
	found_openings
	fact zone "$zone"
	printf ',"sources":'
	foreign_seen >"$WORK/seen"
	found_sources
	printf ',"openings":'
	sort -u "$WORK/found-openings" | awk -F "$TAB" '$1 == "everyone" { print $2 }' | json_array
	printf ',"foreign":'
	sort -u "$WORK/found-openings" | awk -F "$TAB" '$1 != "everyone" { print $2 }' | json_array
	printf ',"sites":'
	: >"$WORK/foreign-sites"
	[ -z "$nginx_bin" ] || find_foreign_sites
	sort -u "$WORK/foreign-sites" | json_array
	found_serving
	printf ',"callers":'
	head -n 40 "$WORK/unlisted" | callers_json
	printf ',"callersLeftOut":%s,"logs":%s' "$(tail -n +41 "$WORK/unlisted" | wc -l)" "$(wc -l <"$WORK/logs-read")"
	: >"$WORK/nothing"
	printf ',"closedByStart":'
	if [ "$(systemctl is-active firewalld 2>/dev/null)" = active ]; then : >"$WORK/undecided"; else would_cut "$WORK/nothing" "$port" >"$WORK/undecided"; fi
	awk '{ print $2 "/" $1 }' "$WORK/undecided" | sort -u | json_array
}

# callers_json: the lines of foreign_seen on stdin.
callers_json() {
	awk 'BEGIN { printf "[" }
		{ printf "%s{\"source\":\"%s\",\"firstSeen\":\"%s\",\"lastSeen\":\"%s\",\"requests\":%d}", n++ ? "," : "", $1, $2, $3, $4 }
		END { printf "]" }'
}

# found_serving: after find_foreign_sites: whether nginx speaks TLS on the port, null where it does not serve it, and by
# which rules of its own it lets in and refuses, whatever they are about.
found_serving() {
	: >"$WORK/access-rules"
	[ -n "$nginx_bin" ] || : >"$WORK/nginx-T"
	printf ',"servesTls":%s,"accessRules":' "$(nginx_statements <"$WORK/nginx-T" | LC_ALL=C awk -F "$TAB" -v port="$port" -v rules="$WORK/access-rules" '
		{ words = split($2, word, / +/) }
		word[1] == "allow" || word[1] == "deny" { print word[1], word[2], "(" $1 ")" >rules }
		word[1] == "ssl" && word[2] == "on" { all_tls[$1] = 1 }
		word[1] == "listen" {
			parts = split(word[2], part, ":")
			if (part[parts] != port) next
			serves[$1] = 1
			for (j = 3; j <= words; j++) if (word[j] == "ssl") tls = 1
		}
		END {
			for (file in serves) { found = 1; if (file in all_tls) tls = 1 }
			print !found ? "null" : tls ? "true" : "false"
		}')"
	sort -u "$WORK/access-rules" | head -n 50 | json_array
}

# found_openings: sets zone; to $WORK/in-force the sources that firewalld lets in, to $WORK/found-openings what else it
# does, as other_openings prints it less its second column.
found_openings() {
	zone=
	: >"$WORK/in-force-runtime"
	: >"$WORK/in-force"
	: >"$WORK/found-openings"
	# Where it does not run, what its files hold is in force once the first apply has started it.
	fo_scopes='runtime permanent'
	look_both || {
		look_written || return 0
		fo_scopes=permanent
	}
	# In whatever zone they are: which one the traffic enters depends on who is let in.
	awk '{ sub(/^[ \t]+/, ""); print }' "$WORK/zones-runtime" | our_sources "$port" >"$WORK/allow"
	zone=$(zones_entered | head -n 1)
	for scope in $fo_scopes; do
		sources_in "$scope" "$zone" "$port" >"$WORK/in-force-$scope"
		cat "$WORK/in-force-$scope" >>"$WORK/in-force"
		other_openings "$scope" "$zone" "$port" | cut -f 1,3 >>"$WORK/found-openings"
	done
	! kernel_look || {
		[ "$fo_scopes" != permanent ] || forget_cleared
		kernel_openings "$zone" "$port" | sed "s/^/other$TAB/" >>"$WORK/found-openings"
	}
}

# found_sources: each with whether it is let in now, or by the permanent configuration alone, and when it was first and
# last seen in nginx's own log. Who is in that log and not among them goes to $WORK/unlisted.
found_sources() {
	cut -d ' ' -f 1 "$WORK/seen" >"$WORK/callers"
	inside "$WORK/callers" "$WORK/in-force" | sort -u >"$WORK/listed"
	awk 'FILENAME == ARGV[1] { listed[$1] = 1; next } !($1 in listed)' "$WORK/listed" "$WORK/seen" | sort -k 4,4nr >"$WORK/unlisted"
	printf '['
	fs_separator=
	sort -u "$WORK/in-force" | while IFS= read -r source; do
		printf '%s\n' "$source" >"$WORK/one"
		inside "$WORK/callers" "$WORK/one" >"$WORK/inside-one"
		printf '%s{"source":"%s","runtime":%s,' "$fs_separator" "$source" "$(grep -Fqx -- "$source" "$WORK/in-force-runtime" && echo true || echo false)"
		seen_json "$WORK/inside-one"
		printf '}'
		fs_separator=,
	done
	printf ']'
}

# foreign_seen: of each IPv4 address in this nginx's access logs, in the format that nginx has by default,
# "ADDRESS FIRST LAST REQUESTS", by day. Which logs those are goes to $WORK/logs-read.
foreign_seen() {
	: >"$WORK/logs-read"
	[ -n "$nginx_bin" ] || return 0
	foreign_log | LC_ALL=C awk '
		BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", name, " "); for (i in name) month[name[i]] = sprintf("%02d", i) }
		$1 ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ && $4 ~ /^\[[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9][0-9][0-9][0-9]:/ && substr($4, 5, 3) in month {
			day = substr($4, 9, 4) "-" month[substr($4, 5, 3)] "-" substr($4, 2, 2)
			if (!($1 in first) || day < first[$1]) first[$1] = day
			if (!($1 in last) || day > last[$1]) last[$1] = day
			count[$1]++
		}
		END { for (peer in first) print peer, first[peer], last[peer], count[peer] }' | sort
}

# foreign_log: the logs that its configuration names, those that were rotated too; else where it logs as it was built.
foreign_log() {
	test_nginx
	{
		awk '$1 == "access_log" { sub(/;.*/, "", $2); if ($2 ~ /^\/[^$]*$/) print $2 }' "$WORK/nginx-T"
		printf '%s\n' "$nginx_logs/access.log"
	} | sort -u | while IFS= read -r log; do
		for part in "$log" "$log".* "$log"-*; do
			[ -f "$part" ] && [ -r "$part" ] || continue
			printf '%s\n' "$part" >>"$WORK/logs-read"
			case $part in
			*.gz) gzip -dc "$part" 2>/dev/null ;;
			*) cat "$part" ;;
			esac
		done
	done
}
