# report and status: what is in force, read from the machine, never from what was asked.

# report CHANGED FILE: the answer of an apply. The whitelist, in FILE, is what was read back, but for those who were let
# in for a while: they are told with the time at which they go.
report() {
	printf '{"lqptctl":"%s","owner":%s,"host":%s,"machine":%s,"at":"%s","digest":"sha256:%s","changed":%s,"zone":%s,"port":%s,"whitelist":' \
		"$LQPTCTL_VERSION" "$(json_string "$id")" "$(json_string "$host")" "$(json_string "$(uname -n)")" \
		"$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(digest "$WORK/document")" "$1" \
		"$(json_string "$zone")" "$port"
	touch "$WORK/temporary-only"
	{ cut -d ' ' -f 1 "$WORK/temporary-only" && cat "$WORK/peer-only" 2>/dev/null; } | sort -u >"$WORK/temporary-sources"
	comm -23 "$2" "$WORK/temporary-sources" | json_array
	printf ',"temporary":'
	report_temporary
	printf ',"check":'
	# On one line with the rest: the caller reads the last line.
	if [ -s "$WORK/check" ]; then tr -d '\n' <"$WORK/check"; else printf 'null'; fi
	printf ',"nginx":%s,"warnings":' "$(json_string "$(sed -n 's/^nginx //p' "$WORK/nginx-facts" 2>/dev/null)")"
	touch "$WORK/warnings"
	json_array <"$WORK/warnings"
	printf '}\n'
}

report_temporary() {
	rt_separator=
	printf '{'
	while read -r source until; do
		printf '%s"%s":"%s"' "$rt_separator" "$source" "$(utc "$until")"
		rt_separator=,
	done <"$WORK/temporary-only"
	printf '}'
}

# judge: what of the document in force is not so on this machine, one sentence a line, to $WORK/deviations. An exposure
# begins with EXPOSED.
judge() {
	: >"$WORK/deviations"
	deviates() {
		printf '%s\n' "$1" >>"$WORK/deviations"
	}
	: >"$WORK/runtime"
	: >"$WORK/permanent"
	if [ "$mode" = firewalld ]; then
		judge_firewall
	else
		cp "$WORK/allow" "$WORK/runtime"
		cp "$WORK/allow" "$WORK/permanent"
	fi
	if [ -e "$STATE/closed" ]; then
		port_is_silent "$port" || deviates "EXPOSED: this host is closed, and something listens on port $port; run 'lqptctl close' again"
	else
		judge_site
	fi
	[ ! -s "$WORK/health-leqi" ] || [ "$(systemctl is-active "$HEALTH_UNIT.timer" 2>/dev/null)" = active ] ||
		deviates "this host's health is not looked at: $HEALTH_UNIT.timer does not run"
	[ ! -s "$STATE/temporary" ] || [ "$(systemctl is-active "$EXPIRE_UNIT.timer" 2>/dev/null)" = active ] ||
		deviates "whoever was let in for a while stays in: $EXPIRE_UNIT.timer does not run; pulumi up starts it again"
	judge_runs
}

# judge_runs: what a run left that goes on, was cut off or put something back.
judge_runs() {
	{
		if [ "$at_work" = yes ]; then
			echo "another lqptctl is at work on this host; ask again once it has ended"
		elif [ -e "$STATE/pending" ]; then
			echo "a run was cut off in the middle; the next apply takes it up"
		fi
		! is_armed || echo "a start of firewalld waits for its confirmation (lqptctl confirm, over a new SSH connection)"
		cat "$STATE/rolled-back" 2>/dev/null
	} >>"$WORK/deviations"
}

judge_site() {
	judge_certificate
	judge_vip
	ca_in_force || deviates "$PINNED_CA is not the document's"
	[ -z "$nginx_bin" ] || judge_files
	! follows_leqi "$STATE/site.conf" || [ "$(systemctl is-active "$RESOLVE_UNIT.timer" 2>/dev/null)" = active ] ||
		deviates "Leqi's addresses are not followed: $RESOLVE_UNIT.timer does not run"
	nginx_active || deviates "nginx does not run"
	listens "$bind" "$port" || deviates "nothing listens on $bind:$port"
	cmp -s "$SITE_FILE" "$STATE/site.conf" || deviates "$SITE_FILE is not as lqptctl left it"
	starts_at_boot || deviates "nginx is not started at boot"
	selinux_deviations "$port" "$(cat "$WORK/check-port")"
	boot_in_order || deviates "nginx would not wait for firewalld at boot: $NGINX_DROP_IN is not as lqptctl left it"
}

# judge_files: what nginx makes of its files, ours and all others.
judge_files() {
	look_at_port || deviates "nginx refuses its configuration as it lies here, so it would not start again: $(nginx_refusal); see 'nginx -t'"
	files_on_port | sed "s/^/EXPOSED: another server on port $port, without a list: /" >>"$WORK/deviations"
}

judge_firewall() {
	if ! filters_for_real; then
		if listens "$bind" "$port"; then
			deviates "EXPOSED: firewalld does not filter, so anybody may open a connection to port $port; nginx answers nobody who is not listed"
		else
			deviates "firewalld does not filter; nothing of ours listens"
		fi
		return
	fi
	kernel_sources "$zone" "$port" >"$WORK/runtime"
	kernel_openings "$zone" "$port" | sed 's/^/EXPOSED: /' >>"$WORK/deviations"
	if ! look_both || ! sources_in permanent "$zone" "$port" >"$WORK/permanent"; then
		deviates "firewalld does not answer, so its permanent configuration is not known"
		return
	fi
	other_openings permanent "$zone" "$port" | cut -f 3 | sed 's/^/EXPOSED: /' >>"$WORK/deviations"
	for scope in runtime permanent; do
		comm -13 "$WORK/allow" "$WORK/$scope" | less_just_over | sed "s/^/EXPOSED: let in by nobody's document ($scope): /" >>"$WORK/deviations"
		comm -23 "$WORK/allow" "$WORK/$scope" | sed "s/^/listed and not let in ($scope): /" >>"$WORK/deviations"
	done
	[ "$(systemctl is-enabled firewalld 2>/dev/null)" = enabled ] || deviates "firewalld is not started at boot"
	shut_out >>"$WORK/deviations"
	judge_vrrp
}

# refuse_damaged: after split_document failed on the document in force. On a closed host open and pulumi up would each
# send a person to the other.
refuse_damaged() {
	rd_then='Run pulumi up, which writes it again'
	[ ! -e "$STATE/closed" ] || rd_then="This host stays closed. When it is to be open again: rm $STATE/closed, then run pulumi up, which writes the document again"
	refuse E_STATE "$STATE/document is damaged: $(cat "$WORK/document-error"). $rd_then"
}

# look_around: the document in force, if there is one, and what of it is not so.
look_around() {
	[ -e "$STATE/document" ] || {
		judge_runs
		return 0
	}
	split_document "$STATE/document" "$WORK" || refuse_damaged
	read_words
	find_own_nginx
	[ -s "$STATE/place" ] || refuse E_STATE "$STATE/place is missing; expected where the document is in force. Run pulumi up, which writes it again"
	read -r zone port bind <"$STATE/place"
	closed=null
	if [ -e "$STATE/closed" ]; then
		closed=$(json_string "$(cat "$STATE/closed")")
		: >"$WORK/allow"
	else
		add_temporary 2>/dev/null
	fi
	read_vip
	add_peer
	judge
}

# status: does the machine equal its document? For a person and for whoever compares a fleet.
status() {
	need_root
	at_rest look_around
	# Whoever has a document has its owner's name.
	if [ ! -s "$WORK/owner-id" ]; then
		printf '{"lqptctl":"%s","installed":%s,"owner":null,"equal":null,"deviations":' "$LQPTCTL_VERSION" "$(installed_tool)"
		json_array <"$WORK/deviations"
		printf '}\n'
		return 0
	fi
	equal=false
	[ -s "$WORK/deviations" ] || equal=true
	printf '{"lqptctl":"%s","installed":%s,"owner":%s,"host":%s,"digest":"sha256:%s","equal":%s,"deviations":' "$LQPTCTL_VERSION" \
		"$(installed_tool)" "$(json_string "$id")" "$(json_string "$(cat "$WORK/host")")" "$(digest "$STATE/document")" "$equal"
	json_array <"$WORK/deviations"
	printf ',"mode":"%s","zone":%s,"port":%s,"bind":"%s","closed":%s,"health":' "$mode" "$(json_string "$zone")" "$port" "$bind" "$closed"
	report_health
	printf ',"whitelist":'
	status_sources
	printf ',"refusedByNginx":'
	status_refused
	printf ',"refusedByFirewall":"recorded nowhere","wouldRefuse":'
	status_would_refuse
	printf ',"vip":'
	status_vip
	printf ',"nginx":{"version":%s,"source":"%s","program":%s,"conf":%s,"leftOut":' "$(json_string "$(sed -n 's/^nginx //p' "$WORK/nginx-facts" 2>/dev/null)")" \
		"$nginx_source" "$(json_string "$nginx_bin")" "$(json_string "$nginx_conf")"
	touch "$STATE/site-dropped"
	json_array <"$STATE/site-dropped"
	printf ',"certificateUntil":%s,"leqi":' "$([ "$(cat "$WORK/tls")" = none ] && echo null || json_string "$(certificate_end)")"
	{ cut -d ' ' -f 1 "$STATE/leqi-seen" 2>/dev/null || cat "$WORK/leqi-address"; } | json_array
	printf '}}\n'
}

# installed_tool: what is installed here, which need not be what runs: it may have been edited, and would say nothing of it.
installed_tool() {
	if [ -r "$TOOL" ]; then
		printf '"sha256:%s"' "$(sha256sum <"$TOOL" | cut -c 1-64)"
	else
		printf null
	fi
}

# status_sources: each source in force: since when, until when, first and last seen. Of a network, by whoever in it called.
status_sources() {
	seen >"$WORK/seen"
	touch "$STATE/sources" "$WORK/temporary" "$WORK/peer-only"
	comm -23 "$WORK/runtime" "$WORK/peer-only" >"$WORK/whitelist"
	awk '{ print $1 }' "$WORK/seen" | grep -E '^[0-9.]+$' >"$WORK/seen-addresses"
	LC_ALL=C awk "$NETWORKS_AWK"'
		function quoted(value) { return value == "" ? "null" : "\"" value "\"" }
		BEGIN { printf "[" }
		FILENAME == ARGV[1] { if ($1 ~ /^[0-9.]+$/) { n++; address[n] = number($1); began[n] = $2; ended[n] = $3; calls[n] = $4 }; next }
		FILENAME == ARGV[2] { since[$1] = $2; next }
		FILENAME == ARGV[3] { until[$1] = $2; next }
		{
			size = 2 ^ (32 - prefix($1))
			place = int(number($1) / size)
			first = last = ""
			requests = 0
			for (i = 1; i <= n; i++) {
				if (int(address[i] / size) != place) continue
				if (first == "" || began[i] < first) first = began[i]
				if (ended[i] > last) last = ended[i]
				requests += calls[i]
			}
			printf "%s{\"source\":\"%s\",\"since\":%s,\"until\":%s,\"firstSeen\":%s,\"lastSeen\":%s,\"requests\":%d}", (FNR > 1 ? "," : ""),
				$1, quoted(since[$1]), (until[$1] == "" ? "null" : until[$1]), quoted(first), quoted(last), requests
		}
		END { printf "]" }' "$WORK/seen" "$STATE/sources" "$WORK/temporary" "$WORK/whitelist"
}

status_refused() {
	inside "$WORK/seen-addresses" "$WORK/runtime" 2>/dev/null | sort -u >"$WORK/seen-listed"
	awk 'FILENAME == ARGV[1] { listed[$1] = 1; next } $5 > 0 && !($1 in listed) { print $1, $3, $5 }' "$WORK/seen-listed" "$WORK/seen" |
		awk 'BEGIN { printf "[" } $1 ~ /^[0-9a-f.:]+$/ { printf "%s{\"peer\":\"%s\",\"lastSeen\":\"%s\",\"requests\":%d}", n++ ? "," : "", $1, $2, $3 } END { printf "]" }'
}

# status_would_refuse: calls that no rule of the site names and that were passed on all the same, the most frequent first:
# what lqpt:site.enforce would refuse.
status_would_refuse() {
	access_log | LC_ALL=C awk -F '"' '
		/"path_allowed":"0"|"method_allowed":"0"/ && $2 == "time" && $12 == "method" && /"upstream":"[^"]/ {
			path = $18
			gsub(/[^A-Za-z0-9\/_.-]/, "?", path)
			count[$14 "\t" substr(path, 1, 80)]++
		}
		END { for (call in count) print count[call] "\t" call }' | sort -rn | head -n 20 | LC_ALL=C awk -F '\t' '
		BEGIN { printf "[" }
		$2 ~ /^[A-Z]+$/ { printf "%s{\"method\":\"%s\",\"path\":\"%s\",\"requests\":%d}", n++ ? "," : "", $2, $3, $1 }
		END { printf "]" }'
}
