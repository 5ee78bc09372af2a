# callers: who called, as the logs of an nginx that somebody else set up tell it. Whoever is cut off called by a log that
# could not be read: so what could not be is told, and never taken for nobody.

# foreign_seen: after on_port to $WORK/on-port: of each IPv4 address in this nginx's access logs, in the format that nginx
# has by default, "ADDRESS FIRST LAST REQUESTS", by day. Which logs told of calls to the port goes to $WORK/logs-read, and
# why others did not to $WORK/logs-unread.
foreign_seen() {
	: >"$WORK/logs-read"
	sed -n "s/^unread$TAB//p" "$WORK/on-port" >"$WORK/logs-unread"
	[ -n "$nginx_bin" ] || return 0
	foreign_log | LC_ALL=C awk -v logs_read="$WORK/logs-read" -v unread="$WORK/logs-unread" '
		BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", name, " "); for (i in name) month[name[i]] = sprintf("%02d", i) }
		# The mark of foreign_log.
		/^\001/ { ours = substr($0, 2, 1) == "p"; file = substr($0, 3); next }
		/^[ \t\r]*$/ { next }
		{
			peer = $1
			sub(/^::[fF][fF][fF][fF]:/, "", peer)
			if (!match($0, /\[[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9][0-9][0-9][0-9]:/) || !(substr($0, RSTART + 4, 3) in month)) { if (ours) strange[file]++; next }
			# Over a socket of its own, or from this host itself, it is no caller.
			if (peer == "unix:" || peer == "::1") { if (ours) told[file] = 1; next }
			if (peer !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) { if (ours && peer ~ /^[0-9a-fA-F]*:[0-9a-fA-F:.]*$/) six[file]++; else if (ours) strange[file]++; next }
			if (ours) told[file] = 1
			day = substr($0, RSTART + 8, 4) "-" month[substr($0, RSTART + 4, 3)] "-" substr($0, RSTART + 1, 2)
			if (!(peer in first) || day < first[peer]) first[peer] = day
			if (!(peer in last) || day > last[peer]) last[peer] = day
			count[peer]++
		}
		END {
			for (file in told) print file >>logs_read
			for (file in strange) print file " has " strange[file] " lines that are not in nginx\047s usual format" >>unread
			for (file in six) print file " has " six[file] " calls over IPv6, which no list can name" >>unread
			for (peer in first) print peer, first[peer], last[peer], count[peer]
		}' | sort
}

# foreign_log: the logs that its configuration names, those that were rotated too; else where it logs as it was built.
# Before each a line that begins with a mark: p for one of the port's own, o for another.
foreign_log() {
	sed -n "s/^log$TAB//p" "$WORK/on-port" | whole_paths >"$WORK/logs-of-port"
	{
		nginx_tree <"$WORK/nginx-T" | awk -F "$TAB" '$5 == "access_log" && $6 !~ /^(off|syslog:.*|stderr|memory:.*)$|\$|^\/dev\// { print $6 }' | whole_paths
		printf '%s\n' "$nginx_access_log" | whole_paths
	} | sort -u - "$WORK/logs-of-port" | while IFS= read -r log; do
		whose=o
		! grep -Fqx -- "$log" "$WORK/logs-of-port" || whose=p
		# As logrotate names them: behind the name, or before its ending.
		for part in "$log" "$log".* "$log"-* "${log%.*}"[-._][0-9]*; do
			[ -f "$part" ] || continue
			printf '%s%s\n' "$whose" "$part"
		done
	done | awk '{ path = substr($0, 2); if (whose[path] != "p") whose[path] = substr($0, 1, 1) } END { for (path in whose) print whose[path] path }' | while IFS= read -r part; do
		whose=${part%"${part#?}"}
		part=${part#?}
		printf '\n\001%s%s\n' "$whose" "$part"
		unpacked "$part" 2>/dev/null || [ "$whose" = o ] || printf '%s cannot be read to its end\n' "$part" >>"$WORK/logs-unread"
	done
}

# unpacked FILE: fails where a part of it could not be read.
unpacked() {
	case $1 in
	*.gz) gzip -dc <"$1" ;;
	*.bz2) bzip2 -dc <"$1" ;;
	*.xz) xz -dc <"$1" ;;
	*.zst) zstd -dc <"$1" ;;
	*) cat "$1" ;;
	esac
}

# whole_paths: paths as nginx takes them, a line each.
whole_paths() {
	while IFS= read -r wp_path || [ -n "$wp_path" ]; do
		below_prefix "$wp_path"
		echo
	done | plain_paths
}
