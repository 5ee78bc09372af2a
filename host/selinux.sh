# SELinux, where it is on: nginx may listen on our ports and reach Leqi by a label and a boolean; without them a reload
# "succeeds" and nginx keeps its old configuration.

selinux_on() {
	case $(getenforce 2>/dev/null) in
	Enforcing | Permissive) return 0 ;;
	*) return 1 ;;
	esac
}

preflight_selinux() {
	selinux_on || return 0
	if ! command -v semanage >/dev/null 2>&1 || ! command -v setsebool >/dev/null 2>&1; then
		problem E_SELINUX "SELinux is on here, and semanage or setsebool is missing; expected them, so that nginx may listen on the port. Install policycoreutils-python (CentOS 7) or policycoreutils-python-utils"
	fi
}

# label_of PORT: its own label, and not that of a range that it lies in.
label_of() {
	semanage port -l 2>/dev/null | awk -v port="$1" '$2 == "tcp" { for (i = 3; i <= NF; i++) { sub(/,$/, "", $i); if ($i == port) { print $1; exit } } }'
}

# may_connect: may nginx reach Leqi?
may_connect() {
	getsebool httpd_can_network_connect 2>/dev/null | grep -q -- '--> on$'
}

# prepare_selinux PORT...: what was not so before is noted first, for a removal.
prepare_selinux() {
	selinux_on || return 0
	for ps_port; do
		ps_label=$(label_of "$ps_port")
		[ "$ps_label" != http_port_t ] || continue
		printf '%s %s\n' "$ps_port" "${ps_label:--}" >>"$STATE/selinux-ports" || return 1
		# A label of its own is changed, one that it has by its range is added to.
		semanage port "$([ -n "$ps_label" ] && echo -m || echo -a)" -t http_port_t -p tcp "$ps_port" >"$WORK/selinux-error" 2>&1 ||
			semanage port -m -t http_port_t -p tcp "$ps_port" >"$WORK/selinux-error" 2>&1 || return 1
		say "SELinux: tcp $ps_port has the label http_port_t"
	done
	! may_connect || return 0
	setsebool -P httpd_can_network_connect 1 >"$WORK/selinux-error" 2>&1 || return 1
	say "SELinux: nginx may open connections of its own (httpd_can_network_connect is on)"
}

# selinux_deviations PORT...: for status.
selinux_deviations() {
	selinux_on || return 0
	for sd_port; do
		[ "$(label_of "$sd_port")" = http_port_t ] ||
			deviates "SELinux: tcp $sd_port is not labelled http_port_t, so nginx may not listen there"
	done
	may_connect || deviates "SELinux: httpd_can_network_connect is off, so nginx may not reach Leqi"
}

# forget_selinux: the labels go back. The boolean stays: another site of this machine may have come to need it.
forget_selinux() {
	[ -s "$STATE/selinux-ports" ] || return 0
	sort -u "$STATE/selinux-ports" | while read -r fs_port fs_label; do
		if [ "$fs_label" = - ]; then
			semanage port -d -p tcp "$fs_port" >/dev/null 2>&1
		else
			semanage port -m -t "$fs_label" -p tcp "$fs_port" >/dev/null 2>&1
		fi || say "warning: SELinux's label of tcp $fs_port could not be put back; see 'semanage port -l -C'"
	done
	rm -f "$STATE/selinux-ports"
}
