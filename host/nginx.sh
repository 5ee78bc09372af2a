# nginx: told to read its files, and seen to serve them. Exit codes alone prove nothing: a reload "succeeds" while nginx
# keeps the old configuration.

nginx_run() {
	"$nginx_bin" -p "$nginx_prefix/" -c "$nginx_conf" "$@"
}

# nginx_master: the process id of the one that belongs to nginx_bin; fails where none runs. It is asked for a dozen times
# in a run, and looking through all processes takes ten programs: so it is remembered for as long as it lives.
nginx_master() {
	if read -r nm_pid nm_start nm_bin 2>/dev/null <"$WORK/nginx-master" &&
		[ "$nm_bin" = "$nginx_bin" ] && read_process "$nm_pid" && [ "$process_start" = "$nm_start" ]; then
		printf '%s\n' "$nm_pid"
		return 0
	fi
	nm_pid=$(nginx_masters | awk -v program="$(readlink -f "$nginx_bin")" '
		{ pid = $1; sub(/^[^ ]+ /, ""); if ($0 == program) { print pid; found = 1; exit } }
		END { exit !found }') || return 1
	! read_process "$nm_pid" || printf '%s %s %s\n' "$nm_pid" "$process_start" "$nginx_bin" >"$WORK/nginx-master"
	printf '%s\n' "$nm_pid"
}

nginx_active() {
	[ -n "$nginx_bin" ] && nginx_master >/dev/null
}

# nginx_workers: process ids of the workers of the running master, sorted.
nginx_workers() {
	nw_master=$(nginx_master) || return 0
	ps -o pid= -o args= --ppid "$nw_master" 2>/dev/null | awk '/worker process/ && !/shutting down/ { print $1 }' | sort
}

# master_unit: the unit whose main process the running master is, without .service; none where somebody started it by
# hand. Its control group alone says nothing: what was started over SSH may lie in sshd's.
master_unit() {
	mu_master=$(nginx_master) || return 0
	mu_unit=$(sed -n 's|^.*/system\.slice/\(.*/\)\{0,1\}\([^/]*\)\.service$|\2|p' "/proc/$mu_master/cgroup" 2>/dev/null | head -n 1)
	[ -n "$mu_unit" ] && [ "$(systemctl show -p MainPID "$mu_unit" 2>/dev/null)" = "MainPID=$mu_master" ] && printf '%s\n' "$mu_unit"
	return 0
}

# nginx_reload: by the signal that `nginx -s reload` sends once it has read all files itself, which takes as long as the
# master's own reading. Where they are refused the master goes on with those that it has: test_nginx tells before.
nginx_reload() {
	nr_master=$(nginx_master) && kill -HUP "$nr_master"
}

nginx_start() {
	if [ -n "$nginx_unit" ]; then systemctl start "$nginx_unit" 9>&-; else nginx_run 9>&-; fi
}

nginx_gone() {
	! nginx_active
}

nginx_stop() {
	ns_unit=$(master_unit)
	if [ -n "$ns_unit" ]; then systemctl stop "$ns_unit" 9>&-; else nginx_run -s quit && wait_until 10 nginx_gone; fi
}

# nginx_restart: as what it ran before; meanwhile the peer has the address that they share.
nginx_restart() {
	nr_unit=$(master_unit)
	hand_over
	nginx_stop && if [ -n "$nr_unit" ]; then systemctl start "$nr_unit" 9>&-; else nginx_run 9>&-; fi
	nr_status=$?
	stand_by
	return "$nr_status"
}

# enable_nginx: at boot, where that is ours to say: our own, or one that runs as this very unit. Only where it is not so
# already, since enabling costs a second.
enable_nginx() {
	[ -n "$nginx_unit" ] && { [ -e "$STATE/nginx-is-ours" ] || [ "$(master_unit)" = "$nginx_unit" ]; } || return 0
	systemctl is-enabled "$nginx_unit" >/dev/null 2>&1 || systemctl enable "$nginx_unit" >/dev/null 2>&1
}

# starts_at_boot: as far as that is ours to say.
starts_at_boot() {
	[ -z "$nginx_unit" ] || [ ! -e "$STATE/nginx-is-ours" ] || [ "$(systemctl is-enabled "$nginx_unit" 2>/dev/null)" = enabled ]
}

listens() {
	ss -ltn | awk -v bind="$1" -v port="$2" '
		NR > 1 && ($4 == bind ":" port || (bind == "0.0.0.0" && $4 == "*:" port)) { hit = 1 }
		END { exit !hit }'
}

# own_way_in: the address by which this host itself calls its listener. Where others must speak the PROXY protocol there,
# the site has one of its own for it.
own_way_in() {
	if [ "$bind" = 0.0.0.0 ] || grep -q "^    listen 127\.0\.0\.1:$port " "$SITE_FILE" 2>/dev/null; then
		echo 127.0.0.1
	else
		echo "$bind"
	fi
}

port_is_silent() {
	! ss -ltn | awk -v port="$1" 'NR > 1 { n = split($4, p, ":"); if (p[n] == port) hit = 1 } END { exit !hit }'
}

new_workers() {
	nginx_workers >"$WORK/workers-now"
	[ -n "$(comm -13 "$WORK/workers-before" "$WORK/workers-now")" ]
}

# nginx_listeners: "ADDRESS PORT" of each of nginx's sockets.
nginx_listeners() {
	sockets | awk '$1 == "tcp" && $4 == "nginx" { print $3, $2 }' | sort -u
}

# test_nginx: its configuration as it lies on the disk, read by nginx itself, to $WORK/nginx-T. Why it is refused goes to
# $WORK/nginx-error. nginx makes the log files that are missing; they are not for everyone to read.
test_nginx() {
	(umask 027 && nginx_run -T) >"$WORK/nginx-T" 2>"$WORK/nginx-error"
}

# nginx_refusal: after a test_nginx that failed: why.
nginx_refusal() {
	grep -E '\[(emerg|alert)\]' "$WORK/nginx-error" | tail -n 1 | grep . || tail -n 1 "$WORK/nginx-error" | grep . || echo "it does not say why"
}

# directive NAME: after test_nginx: its first word, as far as nginx.conf says it outside its http block.
directive() {
	sed 's/\r$//' "$WORK/nginx-T" | awk -v name="$1" '/^http([ \t{]|$)/ { exit } $1 == name { sub(/;.*/, "", $2); print $2; exit }'
}

# warn_of_limits: after test_nginx: each call may need a connection to the back end and one to Leqi, a file each.
warn_of_limits() {
	wl_connections=$(sed 's/.*{//' "$WORK/nginx-T" | awk '$1 == "worker_connections" { sub(/;.*/, "", $2); print $2; exit }')
	wl_files=$(directive worker_rlimit_nofile)
	[ -n "$wl_files" ] || { wl_master=$(nginx_master) && wl_files=$(awk '/^Max open files/ { print $4 }' "/proc/$wl_master/limits" 2>/dev/null); }
	[ "${wl_files:-0}" -gt 0 ] && [ "$wl_files" -lt $((2 * ${wl_connections:-512})) ] || return 0
	warn "nginx may open $wl_files files a worker and take ${wl_connections:-512} connections; expected twice as many files as connections, since a call may need two. Set worker_rlimit_nofile in $nginx_conf"
}

# error_log: after test_nginx: where nginx writes what goes wrong as a whole; nothing where that is no file.
error_log() {
	el_file=$(directive error_log)
	case ${el_file:-$(built_path error-log-path logs/error.log)} in
	stderr | syslog:*) ;;
	*) below_prefix "${el_file:-$(built_path error-log-path logs/error.log)}" ;;
	esac
}

# load_site BIND PORT: nginx reads its files and is seen to serve them, ours and all others. Why it failed goes to
# $WORK/nginx-error.
load_site() {
	test_nginx || return 1
	nginx_told=yes
	nginx_workers >"$WORK/workers-before"
	nginx_listeners >"$WORK/listeners-before"
	ls_log=$(error_log)
	log_size=0
	[ -z "$ls_log" ] || [ ! -e "$ls_log" ] || log_size=$(wc -c <"$ls_log")
	if nginx_active && moves_on_its_port "$1" "$2"; then
		nginx_restart >"$WORK/nginx-error" 2>&1 || return 1
	elif nginx_active; then
		nginx_reload >"$WORK/nginx-error" 2>&1 || return 1
	else
		nginx_start >"$WORK/nginx-error" 2>&1 || return 1
	fi
	enable_nginx
	prove_served "$1" "$2" && return 0
	[ -z "$ls_log" ] || tail -c "+$((log_size + 1))" "$ls_log" 2>/dev/null | grep -E '\[(emerg|alert)\]' | tail -n 2 >>"$WORK/nginx-error"
	return 1
}

# prove_served BIND PORT: new workers, our listener, and every one that nginx had before.
prove_served() {
	if ! wait_until 10 new_workers; then
		echo "nginx took the command and no new worker came up within 10 s" >"$WORK/nginx-error"
		return 1
	fi
	if ! wait_until 5 listens "$1" "$2"; then
		echo "nginx runs and nothing listens on $1:$2" >"$WORK/nginx-error"
		return 1
	fi
	nginx_listeners >"$WORK/listeners-now"
	own_listeners >"$WORK/listeners-own"
	comm -23 "$WORK/listeners-before" "$WORK/listeners-now" | grep -v " $2\$" | grep -Fvx -f "$WORK/listeners-own" >"$WORK/listeners-lost"
	[ ! -s "$WORK/listeners-lost" ] && return 0
	echo "nginx no longer listens where it did before: $(paste -s -d ';' "$WORK/listeners-lost")" >"$WORK/nginx-error"
	return 1
}

# own_listeners: where sites of ours listened until now: those may go.
own_listeners() {
	echo "-"
	cat "$STATE/site.conf" "$STATE"/pending/sites/* 2>/dev/null | sed -n 's/^ *listen \([0-9.]*\):\([0-9]*\).*/\1 \2/p'
}

# moves_on_its_port BIND PORT: nginx cannot open a new address on a port that its old one still holds. Two single ones,
# this host's own way in by 127.0.0.1 and the other, do not meet.
moves_on_its_port() {
	nginx_listeners | awk -v bind="$1" -v port="$2" '$2 == port && $1 !~ /^\[/ && $1 != bind && !($1 == "127.0.0.1" && bind != "0.0.0.0") && !($1 == "*" && bind == "0.0.0.0") { hit = 1 } END { exit !hit }'
}

# unload_site: after its files are gone. An nginx that we installed and that serves nobody else is stopped.
unload_site() {
	nginx_active || return 0
	if [ -e "$STATE/nginx-is-ours" ] && serves_nobody_else; then
		nginx_stop >"$WORK/nginx-error" 2>&1 && { [ -z "$nginx_unit" ] || systemctl disable "$nginx_unit" >/dev/null 2>&1; }
	else
		test_nginx && nginx_reload >"$WORK/nginx-error" 2>&1
	fi
}

# serves_nobody_else: no file but nginx.conf itself, whose server is the distribution's sample, listens anywhere.
serves_nobody_else() {
	test_nginx && ! nginx_tree <"$WORK/nginx-T" | awk -F "$TAB" '$2 && $5 == "server" { print $3 }' | grep -Fvxq -e "$nginx_conf"
}
