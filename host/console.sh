# The person at the console, in an emergency: nobody gets in (close), back to the document (open), one more for a while
# (allow). Each is a transaction like any other, and told by the next apply.

EXPIRE_UNIT=lqpt-expire

# temporary_now: the temporary addresses that have not expired, "ADDRESS UNTIL" a line, UNTIL in seconds since 1970.
temporary_now() {
	[ ! -s "$STATE/temporary" ] || awk -v now="$(date +%s)" '$2 > now' "$STATE/temporary"
}

# add_temporary: they are let in as if the document named them, and said.
add_temporary() {
	temporary_now >"$WORK/temporary"
	while read -r address until; do
		grep -Fqx -- "$address" "$WORK/allow" && continue
		warn "$address may open port $port until $(date -u -d "@$until" +%Y-%m-%dT%H:%M:%SZ), let in at the console and named by no lqpt:allow"
		printf '%s\n' "$address" >>"$WORK/allow"
	done <"$WORK/temporary"
	sort -u -o "$WORK/allow" "$WORK/allow"
}

# with_temporary: a site on stdin with them on nginx's list too, or with nobody on it where this host is closed.
with_temporary() {
	touch "$WORK/temporary" "$WORK/closing"
	awk -v temporary="$WORK/temporary" -v closing="$WORK/closing" '
		BEGIN {
			closed = (getline line <closing) > 0
			while ((getline line <temporary) > 0) { split(line, word, " "); more[++n] = word[1] }
		}
		/^geo \$realip_remote_addr / { list = 1 }
		list && /^}/ { for (i = 1; !closed && i <= n; i++) if (!(more[i] in named)) print "    " more[i] " 1;"; list = 0 }
		list && / 1;$/ { if (closed) next; named[$1] = 1 }
		{ print }'
}

# again VERB: the document in force is enforced once more, with what was decided at the console.
again() {
	cp "$STATE/document" "$WORK/document"
	split_document "$WORK/document" "$WORK" || refuse E_STATE "$STATE/document is damaged: $(cat "$WORK/document-error"). Run pulumi up, which writes it again"
	read_words
	if [ -e "$STATE/closed" ]; then
		: >"$WORK/allow"
		echo closed >"$WORK/closing"
	else
		add_temporary
	fi
	# Whoever is in force by what this host itself keeps was decided on already.
	{ known_sources && cat "$WORK/remove"; } | sort -u >"$WORK/remove-now" && mv -f "$WORK/remove-now" "$WORK/remove"
	[ "$mode" = external ] || filters_for_real ||
		refuse E_FIREWALLD "firewalld does not run and filter here; expected that it does. See 'systemctl status firewalld', start it, then run this again"
	enforce "$1"
}

need_document() {
	need_root
	take_lock
	[ -e "$STATE/document" ] || refuse E_NO_DOCUMENT "no document is in force on this host; expected one. Run pulumi up first"
}

close() {
	need_document
	date -u "+%Y-%m-%dT%H:%M:%SZ by $(who)" >"$STATE/closed.new" && mv -f "$STATE/closed.new" "$STATE/closed" ||
		refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	if ! filters_for_real && ! grep -qx 'mode external' "$STATE/document"; then
		rm -f "$SITE_FILE"
		unload_site || fail E_CLOSE "nginx did not let go of the site: $(tr '\n' ' ' <"$WORK/nginx-error"). Stop it by hand: systemctl stop nginx"
		say "closed: firewalld does not filter, so the site was taken down; nobody may use port $(cut -d ' ' -f 2 "$STATE/place") until firewalld runs and 'lqptctl open'"
		return
	fi
	again close
	say "closed: nobody may open port $port, and 'pulumi up' is refused, until 'lqptctl open'"
}

open() {
	need_document
	rm -f "$STATE/closed"
	again open
}

# allow ADDRESS DURATION: 90s, 30m, 2h, 1d; at most seven days.
allow() {
	need_root
	case $1 in
	*[!0-9.]* | *.*.*.*.* | .* | *. | *..*) refuse E_ADDRESS "found \"$1\"; expected one IPv4 address, such as 203.0.113.9" ;;
	esac
	printf '%s\n' "$1" | awk -F. 'NF != 4 { exit 1 } { for (i = 1; i <= 4; i++) if ($i !~ /^(0|[1-9][0-9]?[0-9]?)$/ || $i + 0 > 255) exit 1 }' ||
		refuse E_ADDRESS "found \"$1\"; expected one IPv4 address, such as 203.0.113.9"
	seconds=$(printf '%s\n' "$2" | awk '
		/^[1-9][0-9]*[smhd]$/ {
			unit = substr($0, length($0))
			n = substr($0, 1, length($0) - 1) * (unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 86400)
			if (n <= 604800) print n
		}')
	[ -n "$seconds" ] || refuse E_DURATION "found \"$2\"; expected how long, at most 7d: 90s, 30m, 2h, 1d"
	need_document
	[ ! -e "$STATE/closed" ] || refuse E_CLOSED "this host was closed by a person at $(cat "$STATE/closed"); expected it open. Run 'lqptctl open' first"
	{
		temporary_now | awk -v address="$1" '$1 != address'
		printf '%s %s\n' "$1" "$(($(date +%s) + seconds))"
	} >"$WORK/temporary-new"
	keep "$WORK/temporary-new" "$STATE/temporary" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	arm_expiry
	again allow
	say "$1 may open port $port for $2; then it goes by itself"
}

# arm_expiry: a timer that a reboot does not forget.
arm_expiry() {
	printf '[Unit]\nDescription=lqpt: temporary sources of the Leqi proxy expire\n[Service]\nType=oneshot\nExecStart=%s expire\n' "$TOOL" >"/etc/systemd/system/$EXPIRE_UNIT.service" &&
		printf '[Unit]\nDescription=lqpt: temporary sources of the Leqi proxy expire\n[Timer]\nOnCalendar=*:*:0/10\nAccuracySec=1s\nPersistent=true\n[Install]\nWantedBy=timers.target\n' >"/etc/systemd/system/$EXPIRE_UNIT.timer" &&
		systemctl daemon-reload && systemctl enable "$EXPIRE_UNIT.timer" >/dev/null 2>&1 && systemctl restart "$EXPIRE_UNIT.timer" >/dev/null 2>&1 && return 0
	rm -f "$STATE/temporary"
	forget_temporary_timer
	refuse E_TIMER "the timer that takes the address away again could not be made (systemd); expected that it can. See 'journalctl -n 20'"
}

forget_temporary_timer() {
	[ -e "/etc/systemd/system/$EXPIRE_UNIT.timer" ] || return 0
	systemctl disable "$EXPIRE_UNIT.timer" >/dev/null 2>&1
	systemctl stop "$EXPIRE_UNIT.timer" >/dev/null 2>&1
	rm -f "/etc/systemd/system/$EXPIRE_UNIT.timer" "/etc/systemd/system/$EXPIRE_UNIT.service"
	systemctl daemon-reload
}

# expire: called by the timer. Whoever's time is over goes, and nobody else is touched.
expire() {
	need_root
	take_lock
	[ -s "$STATE/temporary" ] && [ -e "$STATE/document" ] || {
		forget_temporary_timer
		return 0
	}
	temporary_now >"$WORK/temporary-left"
	cmp -s "$WORK/temporary-left" "$STATE/temporary" && return 0
	again expire >"$WORK/expired" || return
	keep "$WORK/temporary-left" "$STATE/temporary"
	[ -s "$STATE/temporary" ] || forget_temporary_timer
}
