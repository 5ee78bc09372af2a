# nginx from the machine's own package repositories.

# install_nginx SOURCE: nothing of it may run before the firewall is proven, and the package's own start is not our start:
# so the unit is masked while it is installed, until reboot at most.
install_nginx() {
	mkdir -p "$STATE" || refuse E_STATE "$STATE cannot be made; expected a writable disk"
	# A run that was cut off within the installation left this behind; then it is taken up again.
	if find_nginx "$1" && [ ! -e "$STATE/installing-nginx" ]; then
		return 0
	fi
	refuse_if_problems
	[ "$1" != existing ] ||
		refuse E_NGINX "no nginx was found here, neither running nor as a program; expected one, since lqpt:nginx.source is existing. Install it, or choose another source"
	: >"$STATE/installing-nginx"
	say "installing nginx from this machine's package repositories"
	systemctl mask --runtime nginx >/dev/null 2>&1
	step "nginx cannot start by itself"
	(umask 022 && install_package nginx logrotate) >"$WORK/package.log" 2>&1
	installed=$?
	# Some repositories of the field are mere selections: without logrotate the access log is not rotated, and that is told.
	if [ "$installed" != 0 ] && grep -q ' logrotate' "$WORK/package.log"; then
		(umask 022 && install_package nginx) >"$WORK/package.log" 2>&1
		installed=$?
	fi
	step "the package manager has ended"
	systemctl unmask --runtime nginx >/dev/null 2>&1
	if [ "$installed" != 0 ] || ! find_nginx "$1"; then
		[ -n "$nginx_bin" ] || rm -f "$STATE/installing-nginx"
		rmdir "$STATE" 2>/dev/null
		refuse E_PACKAGES "nginx could not be installed: $(package_errors); expected a reachable package repository. Check this machine's package sources"
	fi
	# Debian's sample site would open port 80, which nobody asked for.
	rm -f /etc/nginx/sites-enabled/default
	mv -f "$STATE/installing-nginx" "$STATE/nginx-is-ours"
}

# package_errors: what the package manager said last; an address in it may hold a password.
package_errors() {
	{ grep -E '^(E|Err|Error)' "$WORK/package.log" | tail -n 3 && tail -n 1 "$WORK/package.log"; } |
		sed 's|://[^/@ ]*@|://***@|g' | tr '\n' ' '
}

install_package() {
	if command -v apt-get >/dev/null 2>&1; then
		DEBIAN_FRONTEND=noninteractive
		export DEBIAN_FRONTEND
		dpkg --configure -a && apt-get -q update -o Acquire::Retries=1 &&
			apt-get -q -y install --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
	elif command -v dnf >/dev/null 2>&1; then
		dnf -q -y install "$@"
	else
		yum -q -y install "$@"
	fi </dev/null 9>&-
}
