# The access log: first and last seen of each source come from it, so it is kept as long as the history is.

ROTATION=/etc/logrotate.d/lqpt

# prepare_log: its folder, below nginx's own so that SELinux lets nginx write there, and its rotation.
prepare_log() {
	# nginx's workers open a rotated log anew themselves, so they must be let through; the files are not for everyone.
	mkdir -p "$ACCESS_FOLDER" && chmod 0711 "$ACCESS_FOLDER" || return 1
	if [ -d /etc/logrotate.d ]; then
		cat >"$WORK/rotation" <<ROTATE
# Managed by lqpt: do not edit.
$ACCESS_FOLDER/access.log {
	daily
	rotate $HISTORY_DAYS
	compress
	delaycompress
	missingok
	notifempty
	create 0640 root root
	sharedscripts
	postrotate
		$nginx_bin -p $nginx_prefix/ -c $nginx_conf -s reopen >/dev/null 2>&1 || true
	endscript
	lastaction
		$TOOL trim-logs >/dev/null 2>&1 || true
	endscript
}
ROTATE
		cmp -s "$WORK/rotation" "$ROTATION" || (umask 022 && cat "$WORK/rotation" >"$ROTATION")
	fi
	command -v logrotate >/dev/null 2>&1 || warn "logrotate is not installed here, so $ACCESS_FOLDER/access.log grows without end; install it"
}

# trim_logs: called by logrotate after it has rotated: the oldest go until all of it takes at most a tenth of its disk.
trim_logs() {
	need_root
	find_own_nginx
	[ -d "$ACCESS_FOLDER" ] || return 0
	tl_most=$(df -Pk "$ACCESS_FOLDER" | awk 'NR == 2 { print int($2 / 10) }')
	while [ "$(du -sk "$ACCESS_FOLDER" | cut -f 1)" -gt "${tl_most:-0}" ]; do
		# shellcheck disable=SC2012 # logrotate names them
		tl_oldest=$(ls -tr "$ACCESS_FOLDER"/access.log?* 2>/dev/null | head -n 1)
		[ -n "$tl_oldest" ] || break
		rm -f "$tl_oldest" || break
		! command -v logger >/dev/null 2>&1 || logger -t lqptctl -p daemon.warning "$tl_oldest is gone before its $HISTORY_DAYS days: the logs took over a tenth of their disk"
	done
}

remove_log_rotation() {
	[ ! -e "$ROTATION" ] || rm -f "$ROTATION"
}

# access_log: all that is kept of it.
access_log() {
	for log in "$ACCESS_FOLDER"/access.log-*.gz "$ACCESS_FOLDER"/access.log.*.gz; do
		[ ! -e "$log" ] || gzip -dc "$log" 2>/dev/null
	done
	for log in "$ACCESS_FOLDER"/access.log*; do
		case $log in *.gz) continue ;; esac
		[ ! -e "$log" ] || cat "$log"
	done
}

# seen: of every address in the access logs "ADDRESS FIRST LAST REQUESTS REFUSED", REFUSED being those nginx answered
# with nothing.
seen() {
	access_log | awk -F '"' '
		$2 == "time" && $6 == "peer" {
			peer = $8
			if (!(peer in first) || $4 < first[peer]) first[peer] = $4
			if (!(peer in last) || $4 > last[peer]) last[peer] = $4
			count[peer]++
			if ($11 ~ /^:444,/) refused[peer]++
		}
		END { for (peer in first) print peer, first[peer], last[peer], count[peer], refused[peer] + 0 }' | sort
}
