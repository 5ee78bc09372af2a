# nginx from the machine's own package repositories; and what any installation of one has in common.

# install_nginx SOURCE: where none is there yet.
install_nginx() {
	# Those come by a call of their own, after this tool.
	case $1 in
	files | vendor) return 0 ;;
	esac
	! nginx_stands "$1" || return 0
	refuse_if_problems
	[ "$1" != existing ] ||
		refuse E_NGINX "no nginx was found here, neither running nor as a program; expected one, since lqpt:nginx.source is existing. Install it, or choose another source"
	say "installing nginx from this machine's package repositories"
	install_without_start nginx install_from_repositories "expected a reachable package repository. Check this machine's package sources"
}

# nginx_stands SOURCE: it is there, and no installation of it was cut off half-way; such a one is taken up again.
nginx_stands() {
	mkdir -p "$STATE" || refuse E_STATE "$STATE cannot be made; expected a writable disk"
	find_nginx "$1" && [ ! -e "$STATE/installing-nginx" ] && own_idle_nginx
}

# own_idle_nginx: one that neither runs nor starts at boot nor has a site, where nothing of ours is yet, serves nobody. So
# what it will do is done for us, and it waits for firewalld at boot as one does that we installed: what a destroy left is
# such a one.
own_idle_nginx() {
	[ -e "$STATE/document" ] || [ -e "$STATE/pending" ] || nginx_active ||
		systemctl is-enabled "${nginx_unit:-nginx}" >/dev/null 2>&1 || ! serves_nobody_else || : >"$STATE/nginx-is-ours"
}

# install_without_start UNIT INSTALLER EXPECTED: nothing of it may run before the firewall is proven, and the
# installation's own start is not our start: so the unit is masked meanwhile, until reboot at most.
install_without_start() {
	: >"$STATE/installing-nginx"
	systemctl mask --runtime "$1" >/dev/null 2>&1
	step "nginx cannot start by itself"
	"$2"
	installed=$?
	step "the installation has ended"
	systemctl unmask --runtime "$1" >/dev/null 2>&1
	if [ "$installed" != 0 ] || ! find_nginx "$wanted_source"; then
		[ -n "$nginx_bin" ] || rm -f "$STATE/installing-nginx"
		rmdir "$STATE" 2>/dev/null
		refuse E_PACKAGES "nginx could not be installed: $(package_errors); $3"
	fi
	mv -f "$STATE/installing-nginx" "$STATE/nginx-is-ours"
}

install_from_repositories() {
	(umask 022 && install_package nginx logrotate) >"$WORK/package.log" 2>&1
	ir_status=$?
	# Some repositories of the field are mere selections: without logrotate the access log is not rotated, and that is told.
	if [ "$ir_status" != 0 ] && grep -q ' logrotate' "$WORK/package.log"; then
		(umask 022 && install_package nginx) >"$WORK/package.log" 2>&1
		ir_status=$?
	fi
	forget_sample
	return "$ir_status"
}

# forget_sample: Debian's sample site would open port 80, which nobody asked for.
forget_sample() {
	rm -f /etc/nginx/sites-enabled/default
}

# package_errors: what the package manager said last; an address in it may hold a password.
package_errors() {
	{ grep -E '^(E|Err|Error)' "$WORK/package.log" | tail -n 3 && tail -n 1 "$WORK/package.log"; } |
		sed 's|://[^/@ ]*@|://***@|g' | tr '\n' ' '
}

# install_package PACKAGE...: names, from the machine's repositories; or absolute paths of packages: then no repository is
# asked, since most hosts see none and would wait for it.
install_package() {
	case $1 in
	/*) ip_files=yes ;;
	*) ip_files=no ;;
	esac
	if command -v apt-get >/dev/null 2>&1; then
		DEBIAN_FRONTEND=noninteractive
		export DEBIAN_FRONTEND
		dpkg --configure -a || return
		if [ "$ip_files" = yes ]; then
			set -- -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/dev/null "$@"
		else
			apt-get -q update -o Acquire::Retries=1 || return
		fi
		apt-get -q -y install --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
	else
		[ "$ip_files" = no ] || set -- '--disablerepo=*' "$@"
		if command -v dnf >/dev/null 2>&1; then dnf -q -y install "$@"; else yum -q -y install "$@"; fi
	fi </dev/null 9>&-
}
