# Where this machine's nginx is: its program, its configuration, its unit. Asked of nginx itself and never assumed: a
# distribution's, the vendor's under /usr/local/nginx, and one that somebody built are all met.

VENDOR_NGINX=/usr/local/nginx/sbin/nginx
# The unit of the vendor's nginx, which brings none.
VENDOR_UNIT=lqpt-nginx
INCLUDE_MARK='# managed by lqpt'
# Until nginx was asked.
SITE_FILE=/etc/nginx/conf.d/lqpt.conf
ACCESS_FOLDER=/var/log/nginx/lqpt
NGINX_DROP_IN=/etc/systemd/system/nginx.service.d/lqpt.conf
nginx_bin=
nginx_unit=nginx
# The process id of the one master that counts, where several run and that is known.
nginx_chosen=

# nginx_masters: the master processes, "PID PROGRAM" a line. A container's are somebody else's, and so are those that
# are not root's: anybody may call a process that, and what it was started with would be read by root.
nginx_masters() {
	nm_here=$(readlink /proc/self/ns/pid)
	ps -eo pid=,uid=,args= 2>/dev/null | sed -n 's/^ *\([0-9][0-9]*\)  *0  *nginx: master process.*/\1/p' | while IFS= read -r nm_pid; do
		[ "$(readlink "/proc/$nm_pid/ns/pid")" = "$nm_here" ] && [ "$nm_pid" = "${nginx_chosen:-$nm_pid}" ] || continue
		printf '%s %s\n' "$nm_pid" "$(program_of "$nm_pid")"
	done
}

# choose_master PORT: of several masters the one whose socket that port is, or a worker's of it; else none is chosen.
choose_master() {
	nginx_masters >"$WORK/masters"
	[ "$(wc -l <"$WORK/masters")" -gt 1 ] || return 0
	sockets | awk -v port="$1" '$1 == "tcp" && $2 == port { print $NF }' | while read -r cm_pid; do
		process_parent=
		read_process "$cm_pid"
		awk -v pid="$cm_pid" -v parent="$process_parent" '$1 == pid || $1 == parent { print $1 }' "$WORK/masters"
	done >"$WORK/chosen"
	read -r nginx_chosen <"$WORK/chosen" || nginx_chosen=
}

# program_of PID: the file that it runs, also where an upgrade has replaced that since.
program_of() {
	readlink "/proc/$1/exe" 2>/dev/null | sed 's/ (deleted)$//'
}

# read_process PID: sets process_parent, and process_start in ticks since the machine's start: an id is given again, with
# its start it never is. Fails where nobody has that id.
read_process() {
	read -r process_stat 2>/dev/null <"/proc/$1/stat" || return 1
	# The name may hold blanks and brackets, so what follows the last bracket counts: state, parent, …, the 20th its start.
	read -r _ process_parent _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ process_start _ <<-STAT
		${process_stat##*) }
	STAT
}

# find_nginx SOURCE: sets nginx_bin (empty where there is none) and what belongs to it; SOURCE is lqpt:nginx.source.
find_nginx() {
	case $1 in
	vendor) nginx_bin=$VENDOR_NGINX ;;
	# Two masters of one program are two nginx as well.
	existing) nginx_bin=$(nginx_masters | cut -d ' ' -f 2-) ;;
	*) nginx_bin= ;;
	esac
	case $nginx_bin in
	*"
"*)
		problem E_NGINX_SEVERAL "several nginx run here ($(printf '%s\n' "$nginx_bin" | paste -s -d ' ')); expected one that the site is to be served by. Stop the others, or choose another lqpt:nginx.source"
		nginx_bin=${nginx_bin%%"
"*}
		;;
	"") nginx_bin=$(command -v nginx || { [ ! -x "$VENDOR_NGINX" ] || echo "$VENDOR_NGINX"; }) ;;
	esac
	nginx_conf=
	[ -n "$nginx_bin" ] && [ -x "$nginx_bin" ] || {
		nginx_bin=
		return 1
	}
	"$nginx_bin" -V >"$WORK/nginx-V" 2>&1 || return 1
	nginx_facts <"$WORK/nginx-V" >"$WORK/nginx-facts"
	nginx_paths
	find_site_file
}

# find_own_nginx: the one that the document in force, or one that was cut off half-way, is served by; where it is gone,
# the site's file is still known.
find_own_nginx() {
	[ ! -s "$STATE/site-file" ] || SITE_FILE=$(cat "$STATE/site-file")
	fo_source=$(cat "$STATE/document" "$STATE/pending/document" 2>/dev/null | sed -n '/^\[nginx\]$/,/^$/s/^source //p' | head -n 1)
	find_nginx "${fo_source:-package}"
}

# nginx_paths: as the running master was told on its command line, else as nginx was built.
nginx_paths() {
	nginx_args=$(nginx_master_args)
	nginx_prefix=$(option_of "$nginx_args" -p || built_path prefix /usr/local/nginx)
	nginx_prefix=${nginx_prefix%/}
	nginx_conf=$(below_prefix "$(option_of "$nginx_args" -c || built_path conf-path conf/nginx.conf)" | plain_paths)
	# Debian 13 builds nginx with stderr for its errors, so it is the other log's folder that counts.
	nginx_access_log=$(below_prefix "$(built_path http-log-path logs/access.log)")
	nginx_logs=${nginx_access_log%/*}
	ACCESS_FOLDER=$nginx_logs/lqpt
	nginx_unit=$(master_unit)
	for unit in nginx "$VENDOR_UNIT"; do
		[ -z "$nginx_unit" ] && systemctl show -p ExecStart "$unit.service" 2>/dev/null | grep -Fq "path=$nginx_bin " && nginx_unit=$unit
	done
	NGINX_DROP_IN=/etc/systemd/system/${nginx_unit:-nginx}.service.d/lqpt.conf
}

nginx_master_args() {
	na_pid=$(nginx_master) && tr '\0' ' ' <"/proc/$na_pid/cmdline" 2>/dev/null
}

# option_of WORDS OPTION: the word after it; fails where it is not there.
option_of() {
	printf '%s\n' "$1" | awk -v option="$2" '{ for (i = 1; i < NF; i++) if ($i == option) { print $(i + 1); found = 1; exit } } END { exit !found }'
}

# built_path NAME DEFAULT: a path that nginx was built with.
built_path() {
	bp_value=$(sed -n "s|^configure arguments:.* --$1=\([^ ]*\).*|\1|p" "$WORK/nginx-V" | sed "s/^'//; s/'\$//")
	printf '%s' "${bp_value:-$2}"
}

below_prefix() {
	case $1 in
	/*) printf '%s' "$1" ;;
	*) printf '%s/%s' "$nginx_prefix" "$1" ;;
	esac
}

# plain_paths: the paths of stdin without what changes nothing of them: /./ and //.
plain_paths() {
	sed -e ':again' -e 's|/\./|/|; t again' -e 's|//*|/|g'
}

# find_site_file: conf.d where nginx.conf includes that, else beside nginx.conf, by a line of ours.
find_site_file() {
	nginx_folder=${nginx_conf%/*}
	SITE_FILE=$nginx_folder/lqpt.conf
	site_needs_include=no
	# Our own line does not count: it is there because it is needed.
	with_include no <"$nginx_conf" 2>/dev/null | http_includes >"$WORK/includes"
	if [ -s "$STATE/site-file" ] && [ -e "$(cat "$STATE/site-file")" ]; then
		# Where ours is, it stays, whatever somebody has added to nginx.conf since.
		SITE_FILE=$(cat "$STATE/site-file")
		includes_it "$SITE_FILE" || site_needs_include=yes
	elif includes_it "$nginx_folder/conf.d/lqpt.conf"; then
		SITE_FILE=$nginx_folder/conf.d/lqpt.conf
	elif ! includes_it "$SITE_FILE"; then
		site_needs_include=yes
	fi
}

# http_includes: nginx.conf on stdin: what its http block itself includes, a path or pattern a line.
http_includes() {
	LC_ALL=C awk '
		{
			sub(/\r$/, "")
			gsub(/["\047]/, "")
			sub(/(^|[ \t])#.*/, "")
			gsub(/[{};]/, " & ")
			for (i = 1; i <= NF; i++) {
				if ($i == "{") { depth++; if (depth == 1) block = last; last = ""; including = 0 }
				else if ($i == "}") { depth--; last = ""; including = 0 }
				else if ($i == ";") { last = ""; including = 0 }
				else if (including && depth == 1 && block == "http") print $i
				else { including = last == "" && $i == "include"; last = last == "" ? $i : last }
			}
		}'
}

# includes_it PATH: is it one of those in $WORK/includes?
includes_it() {
	while IFS= read -r ii_pattern; do
		case $ii_pattern in
		/*) ;;
		*) ii_pattern=$nginx_folder/$ii_pattern ;;
		esac
		[ "${ii_pattern%/*}" = "${1%/*}" ] || continue
		# shellcheck disable=SC2254 # it is a pattern
		case ${1##*/} in
		${ii_pattern##*/}) return 0 ;;
		esac
	done <"$WORK/includes"
	return 1
}

# with_include yes|no: nginx.conf on stdin with our include, once, as the first thing of the http block; without it where
# the site needs none or is to go, so that nginx.conf is as it was, byte for byte; and without those of files in
# $WORK/foreign-sites, which are taken over.
with_include() {
	touch "$WORK/foreign-sites"
	LC_ALL=C awk -v wanted="$1" -v inline=" include $SITE_FILE;" -v line="    include $SITE_FILE; $INCLUDE_MARK" -v mark="$INCLUDE_MARK" -v foreign="$WORK/foreign-sites" -v folder="$nginx_folder/" '
		BEGIN { while ((getline path <foreign) > 0) taken[path] = 1 }
		index($0, mark) { next }
		(at = index($0, "{" inline)) { $0 = substr($0, 1, at) substr($0, at + 1 + length(inline)) }
		{
			path = $0
			if (sub(/^[ \t]*include[ \t]+/, "", path) && sub(/[ \t]*;[ \t\r]*(#.*)?$/, "", path)) {
				gsub(/["\047]/, "", path)
				while (sub(/^\.\//, "", path) || sub(/\/\.\//, "/", path) || sub(/\/\/+/, "/", path));
				if (path in taken || (folder path) in taken) next
			}
		}
		/^[ \t]*#/ || wanted != "yes" || done { print; next }
		/^[ \t]*http[ \t\r]*$/ { http = 1 }
		{ at = match($0, /(^|[ \t;}])http[ \t]*\{/) ? RSTART + RLENGTH - 1 : http ? index($0, "{") : 0 }
		at {
			done = 1
			rest = substr($0, at + 1)
			# Where something follows on the same line, so do we: a mark there would hide it.
			if (rest !~ /^[ \t\r]*$/) { print substr($0, 1, at) inline rest; next }
			print
			print line (rest ~ /\r$/ ? "\r" : "")
			next
		}
		{ print }'
}
