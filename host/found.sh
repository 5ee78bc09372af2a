# found: a machine that somebody set up by hand, as `lqpt import` must know it. It changes nothing.

# found PORT: who gets in to that port now, and what serves it.
found() {
	port=$1
	held_id=
	[ ! -s "$STATE/owner" ] || read -r held_id _ <"$STATE/owner"
	fact owner "$held_id"
	found_openings
	fact zone "$zone"
	found_nginx
	found_others
	printf ',"sources":'
	foreign_seen >"$WORK/seen"
	found_sources
	printf ',"openings":'
	sort -u "$WORK/found-openings" | awk -F "$TAB" '$1 == "everyone" { print $2 }' | json_array
	printf ',"foreign":'
	sort -u "$WORK/found-openings" | awk -F "$TAB" '$1 != "everyone" { print $2 }' | json_array
	found_sites
	found_serving
	printf ',"callers":'
	head -n 40 "$WORK/unlisted" | callers_json
	printf ',"callersLeftOut":%s,"logs":%s,"unreadLogs":' "$(tail -n +41 "$WORK/unlisted" | wc -l)" "$(wc -l <"$WORK/logs-read")"
	sort -u "$WORK/logs-unread" | head -n 20 | json_array
	: >"$WORK/nothing"
	printf ',"closedByStart":'
	if [ "$(systemctl is-active firewalld 2>/dev/null)" = active ]; then : >"$WORK/undecided"; else would_cut "$WORK/nothing" "$port" >"$WORK/undecided"; fi
	awk '{ print $2 "/" $1 }' "$WORK/undecided" | sort -u | json_array
}

# found_nginx: what nginx is told to serve on the port, to $WORK/nginx-T and $WORK/on-port. Why it refuses its files is
# told: then none of that is known, and nginx as it runs may serve by others.
found_nginx() {
	: >"$WORK/nginx-T"
	: >"$WORK/on-port"
	# Where lqptctl itself checks; here it does not yet.
	: >"$WORK/check-port"
	fn_error=
	[ -z "$nginx_bin" ] || look_at_port || fn_error=$(nginx_refusal)
	fact nginxRefuses "$fn_error"
}

# found_others: after choose_master: the other nginx that run here.
found_others() {
	printf ',"otherNginx":'
	awk -v chosen="$(nginx_master)" '$1 != chosen { pid = $1; sub(/^[^ ]* /, ""); print $0 " (pid " pid ")" }' "$WORK/masters" | json_array
}

# callers_json: the lines of foreign_seen on stdin.
callers_json() {
	awk 'BEGIN { printf "[" }
		{ printf "%s{\"source\":\"%s\",\"firstSeen\":\"%s\",\"lastSeen\":\"%s\",\"requests\":%d}", n++ ? "," : "", $1, $2, $3, $4 }
		END { printf "]" }'
}

# found_sites: the files by which nginx has a server on the port: those that the first apply takes away where that is agreed
# to, and those that it refuses to, as check_foreign_site does, because more would go with them.
found_sites() {
	: >"$WORK/foreign-sites"
	: >"$WORK/mixed-sites"
	: >"$WORK/plain-sites"
	[ -z "$nginx_bin" ] || find_foreign_sites
	{
		cat "$WORK/foreign-sites"
		sed -n "s/^mixed$TAB//p" "$WORK/on-port"
	} | sort -u | while IFS= read -r site; do
		if [ "$site" = "$nginx_conf" ] || holds_more "$site"; then
			printf '%s\n' "$site" >>"$WORK/mixed-sites"
		else
			printf '%s\n' "$site" >>"$WORK/plain-sites"
		fi
	done
	printf ',"sites":'
	json_array <"$WORK/plain-sites"
	printf ',"mixedSites":'
	json_array <"$WORK/mixed-sites"
}

# found_serving: whether nginx speaks TLS on the port, null where it does not serve it, and by which rules of its own it
# lets in and refuses, whatever they are about.
found_serving() {
	fs_tls=$(sed -n "s/^tls$TAB//p" "$WORK/on-port")
	case $fs_tls in
	yes) fs_tls=true ;;
	no) fs_tls=false ;;
	*) fs_tls=null ;;
	esac
	printf ',"servesTls":%s,"accessRules":' "$fs_tls"
	nginx_tree <"$WORK/nginx-T" | awk -F "$TAB" '$5 == "allow" || $5 == "deny" { print $5, $6, "(" $4 ")" }' | sort -u | head -n 50 | json_array
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

# seen_json FILE: after seen: first and last seen of FILE's addresses together, and how often.
seen_json() {
	if [ ! -s "$1" ]; then
		printf '"firstSeen":null,"lastSeen":null,"requests":0'
		return
	fi
	awk 'FILENAME == ARGV[1] { want[$1] = 1; next } $1 in want { if (first == "" || $2 < first) first = $2; if ($3 > last) last = $3; n += $4 }
		END { printf "\"firstSeen\":%s,\"lastSeen\":%s,\"requests\":%d", first == "" ? "null" : "\"" first "\"", last == "" ? "null" : "\"" last "\"", n }' "$1" "$WORK/seen"
}
