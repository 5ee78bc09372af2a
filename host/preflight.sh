# What a machine must be like, looked at before anything is changed; every shortcoming is told at once.

MEMORY_REFUSE_MIB=1536
MEMORY_WARN_MIB=3584
CORES_MIN=2

# preflight PORT KEEP CLOSES
preflight() {
	preflight_system
	preflight_size
	preflight_commands
	preflight_selinux
	preflight_port "$1"
	[ "$wanted_mode" = external ] || preflight_firewall "$2" "$3" "$1"
}

preflight_system() {
	os=$(. /etc/os-release 2>/dev/null && printf '%s %s' "${ID:-unknown}" "${VERSION_ID-}")
	for candidate in apt-get dnf yum; do
		command -v "$candidate" >/dev/null 2>&1 && break
	done
	command -v "$candidate" >/dev/null 2>&1 ||
		problem E_OS "this is ${os:-an unknown system}, with neither apt-get nor dnf nor yum; expected Debian, Ubuntu, CentOS, Red Hat or Kylin"
	[ -d /run/systemd/system ] ||
		problem E_SYSTEMD "systemd does not run here (no /run/systemd/system); expected a machine that systemd booted"
}

preflight_size() {
	cores=$(nproc 2>/dev/null || echo 1)
	[ "$cores" -ge "$CORES_MIN" ] ||
		problem E_CORES "the machine has $cores core(s); expected at least $CORES_MIN. Give it more"
	memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
	if [ "${memory:-0}" -lt "$MEMORY_REFUSE_MIB" ]; then
		problem E_MEMORY "the machine has ${memory:-0} MiB of memory; expected 4 GiB, and at least $MEMORY_REFUSE_MIB MiB. Give it more"
	elif [ "$memory" -lt "$MEMORY_WARN_MIB" ]; then
		warn "the machine has $memory MiB of memory; the vendor's document asks for 4 GiB"
	fi
}

preflight_commands() {
	missing=
	for word in awk cmp comm cut date dd df $([ "$wanted_mode" = external ] || echo busctl firewall-cmd firewall-offline-cmd) flock grep head ip mktemp nproc paste ps sed \
		sha256sum sort ss systemctl systemd-run tail timeout tr; do
		command -v "$word" >/dev/null 2>&1 || missing="$missing $word"
	done
	[ -z "$missing" ] ||
		problem E_COMMANDS "these commands are missing:$missing; install the packages that bring them (firewalld, iproute or iproute2, util-linux, coreutils)"
}

# sockets: one line per listening TCP or UDP socket: "tcp 22 0.0.0.0 sshd 211"; a program's name may have blanks.
sockets() {
	ss -ltunp 2>/dev/null | socket_lines "" 5
}

# socket_lines PROTOCOL COLUMN: what ss prints on stdin; its first column is the protocol where none is given, and the
# address is in COLUMN.
socket_lines() {
	LC_ALL=C awk -v protocol="$1" -v column="$2" '
		NR == 1 { next }
		{
			n = split($column, part, ":")
			port = part[n]
			address = substr($column, 1, length($column) - length(port) - 1)
			name = "unknown"
			pid = "-"
			if (match($0, /users:\(\("[^"]*"/)) name = substr($0, RSTART + 9, RLENGTH - 10)
			if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
			print (protocol == "" ? $1 : protocol), port, address, name, pid
		}' | sort -u
}

# listeners: those that others can reach.
listeners() {
	sockets | awk '$3 !~ /^(127\.|\[::1\]$|::1$)/'
}

# preflight_port PORT: after find_nginx: free, on every address, or held by that nginx: with a site of ours, or one that
# check_foreign_site decides on.
preflight_port() {
	holder=$(sockets | awk -v port="$1" '$1 == "tcp" && $2 == port {
		name = $4
		for (i = 5; i < NF; i++) name = name " " $i
		print $NF " " name " (pid " $NF ", on " $3 ")"
		exit
	}')
	[ -n "$holder" ] || return 0
	holder_program=$(program_of "${holder%% *}")
	holder=${holder#* }
	case $holder in
	nginx\ *)
		# Which of its files listens there is asked later, of nginx itself.
		[ -z "$nginx_bin" ] || [ "$holder_program" != "$(readlink -f "$nginx_bin")" ] || return 0
		holder="$holder, which is ${holder_program:-unknown} and not the one that is to serve the site (lqpt:nginx.source: existing takes it)"
		;;
	esac
	problem E_PORT_TAKEN "tcp port $1 is taken by $holder; expected it to be free, or our own nginx. Stop that program, or choose another lqpt:listen.port"
}
