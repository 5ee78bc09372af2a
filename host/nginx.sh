# nginx: our one file beside whatever else it serves, and proof that it is in force.

SITE_FILE=/etc/nginx/conf.d/lqpt.conf
NGINX_ERROR_LOG=/var/log/nginx/error.log

# install_nginx: from the distribution's packages, unless it is there. Nothing of it may run before the
# firewall is proven, and the package's own start is not our start: so the unit is masked until reboot at most.
install_nginx() {
	mkdir -p "$STATE" || refuse E_STATE "$STATE cannot be made; expected a writable disk"
	# A run that was cut off within the installation left this behind; then it is taken up again.
	if command -v nginx >/dev/null 2>&1 && [ ! -e "$STATE/installing-nginx" ]; then
		return 0
	fi
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
	if [ "$installed" != 0 ] || ! command -v nginx >/dev/null 2>&1; then
		command -v nginx >/dev/null 2>&1 || rm -f "$STATE/installing-nginx"
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

ca_bundle() {
	for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
		[ -r "$bundle" ] && printf '%s' "$bundle" && return
	done
	return 1
}

# render_site: the document's site with this machine's own paths in it, to $WORK/site.conf.
render_site() {
	bundle=$(ca_bundle) || {
		problem E_CA "no CA bundle was found in /etc/ssl/certs or /etc/pki/tls/certs; expected the package ca-certificates"
		return
	}
	sed "s|{{ca-bundle}}|$bundle|" "$WORK/site" | with_temporary >"$WORK/site.conf" ||
		problem E_DOCUMENT "the site has no list that those let in at the console could be added to; expected one. Bring the tool that belongs to the document: pulumi up"
}

# known_site FILE: is it one that we wrote, in this run's past or in a run that was cut off? An empty one is what a power
# cut leaves of ours.
known_site() {
	[ -s "$1" ] || { [ ! -e "$STATE/document" ] && [ ! -e "$STATE/pending" ]; } || return 0
	for ours in "$STATE/site.conf" "$STATE"/pending/sites/*; do
		[ -e "$ours" ] && cmp -s "$1" "$ours" && return 0
	done
	return 1
}

check_foreign_site() {
	check_other_sites
	[ -e "$SITE_FILE" ] || return 0
	known_site "$SITE_FILE" && return 0
	cmp -s "$SITE_FILE" "$WORK/site.conf" && return 0
	grep -Fqx -- "$SITE_FILE" "$WORK/remove" && return 0
	problem E_FOREIGN_SITE "$SITE_FILE is there and not as lqptctl left it; expected none, or ours untouched. If it is to go, name it in lqpt:remove"
}

# check_other_sites: another server on our port would be one that has no list; nginx itself says which files it reads.
check_other_sites() {
	command -v nginx >/dev/null 2>&1 || return 0
	nginx -T 2>/dev/null | LC_ALL=C awk -v port="$port" -v ours="$SITE_FILE" '
		sub(/^# configuration file /, "") { sub(/:$/, ""); file = $0; next }
		/^[ \t]*listen[ \t]/ && file != ours {
			gsub(/[;\r]/, " ")
			n = split($2, part, ":")
			if (part[n] == port) print file
		}' | sort -u | while IFS= read -r other; do
		problem E_FOREIGN_SITE "$other has a server on port $port too, which nginx would ask for some calls in place of ours; expected the port for ours alone. Take that server away, then run this again"
	done
}

nginx_active() {
	[ "$(systemctl is-active nginx 2>/dev/null)" = active ]
}

# nginx_workers: process ids of the workers of the running master, sorted.
nginx_workers() {
	master=$(cat /run/nginx.pid 2>/dev/null || cat /var/run/nginx.pid 2>/dev/null) || return 0
	[ -n "$master" ] && ps -o pid= -o args= --ppid "$master" 2>/dev/null |
		awk '/worker process/ && !/shutting down/ { print $1 }' | sort
}

listens() {
	ss -ltn | awk -v bind="$1" -v port="$2" '
		NR > 1 && ($4 == bind ":" port || (bind == "0.0.0.0" && $4 == "*:" port)) { hit = 1 }
		END { exit !hit }'
}

port_is_silent() {
	! ss -ltn | awk -v port="$1" 'NR > 1 { n = split($4, p, ":"); if (p[n] == port) hit = 1 } END { exit !hit }'
}

new_workers() {
	nginx_workers >"$WORK/workers-now"
	[ -n "$(comm -13 "$WORK/workers-before" "$WORK/workers-now")" ]
}

# put_site FILE: FILE becomes our site, or there is none if FILE is empty or missing.
put_site() {
	if [ -s "$1" ]; then
		cat "$1" >"$SITE_FILE.lqpt-new" && chmod 0644 "$SITE_FILE.lqpt-new" && flush "$SITE_FILE.lqpt-new" && mv -f "$SITE_FILE.lqpt-new" "$SITE_FILE"
	else
		rm -f "$SITE_FILE"
	fi
}

# load_site BIND PORT: nginx reads its files and is seen to serve them: exit codes alone prove nothing,
# since a reload "succeeds" while nginx keeps the old configuration. Why it failed goes to $WORK/nginx-error.
load_site() {
	# nginx -t makes the log files that are missing; they are not for everyone to read.
	(umask 027 && nginx -t) >"$WORK/nginx-error" 2>&1 || return 1
	nginx_told=yes
	nginx_workers >"$WORK/workers-before"
	log_size=$(wc -c <"$NGINX_ERROR_LOG" 2>/dev/null || echo 0)
	if nginx_active && moves_on_its_port "$1" "$2"; then
		systemctl restart nginx 9>&- >"$WORK/nginx-error" 2>&1 || return 1
	elif nginx_active; then
		systemctl reload nginx 9>&- >"$WORK/nginx-error" 2>&1 || return 1
	else
		systemctl start nginx 9>&- >"$WORK/nginx-error" 2>&1 || return 1
	fi
	enable_nginx
	if ! wait_until 10 new_workers; then
		echo "nginx took the command and no new worker came up within 10 s: $(tail -c "+$((log_size + 1))" "$NGINX_ERROR_LOG" 2>/dev/null | tail -n 2 | tr '\n' ' ')" >"$WORK/nginx-error"
		return 1
	fi
	if ! wait_until 5 listens "$1" "$2"; then
		echo "nginx runs and nothing listens on $1:$2; does nginx.conf include /etc/nginx/conf.d/*.conf?" >"$WORK/nginx-error"
		return 1
	fi
}

# enable_nginx: only where it is not: enabling costs a second.
enable_nginx() {
	systemctl is-enabled nginx >/dev/null 2>&1 || systemctl enable nginx >/dev/null 2>&1
}

# moves_on_its_port BIND PORT: nginx cannot open a new address on a port that its old one still holds.
moves_on_its_port() {
	ss -ltnp | awk -v bind="$1" -v port="$2" '
		NR > 1 && /"nginx"/ { n = split($4, p, ":"); if (p[n] == port && $4 != bind ":" port) hit = 1 }
		END { exit !hit }'
}

# unload_site: after its file is gone. An nginx that we installed and that serves nobody else is stopped.
unload_site() {
	command -v nginx >/dev/null 2>&1 && nginx_active || return 0
	if [ -e "$STATE/nginx-is-ours" ] && no_other_sites; then
		systemctl stop nginx 9>&- >"$WORK/nginx-error" 2>&1 && systemctl disable nginx >/dev/null 2>&1
	else
		nginx -t >"$WORK/nginx-error" 2>&1 && systemctl reload nginx 9>&- >"$WORK/nginx-error" 2>&1
	fi
}

no_other_sites() {
	for other in /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*; do
		[ -e "$other" ] && return 1
	done
	return 0
}
