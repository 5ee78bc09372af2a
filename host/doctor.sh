# doctor: facts of the machine, for support. It changes nothing, needs no document, and holds no secret.

# doctor [PORT]: with a port also who gets in there, and what serves it.
doctor() {
	need_root
	printf '{"lqptctl":"%s","time":"%s"' "$LQPTCTL_VERSION" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	fact os "$(. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME-}")"
	fact kernel "$(uname -r)"
	fact machine "$(uname -m)"
	fact systemd "$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')"
	fact firewalld "$(firewall-cmd --version 2>/dev/null)"
	fact firewalldActive "$(systemctl is-active firewalld 2>/dev/null)"
	fact firewalldEnabled "$(systemctl is-enabled firewalld 2>/dev/null)"
	fact firewallBackend "$(sed -n 's/^FirewallBackend=//p' /etc/firewalld/firewalld.conf 2>/dev/null)"
	fact zoneDrifting "$(sed -n 's/^AllowZoneDrifting=//p' /etc/firewalld/firewalld.conf 2>/dev/null)"
	printf ',"firewalldFilters":%s' "$(firewall_filters)"
	[ -z "$1" ] || choose_master "$1"
	find_nginx existing
	fact nginx "$(sed -n 's/^nginx //p' "$WORK/nginx-facts" 2>/dev/null)"
	fact nginxProgram "$nginx_bin"
	fact nginxConf "$nginx_conf"
	fact keepalived "$(keepalived_version)"
	fact keepalivedActive "$(systemctl is-active keepalived 2>/dev/null)"
	fact openssl "$(openssl version 2>/dev/null)"
	fact curl "$(curl --version 2>/dev/null | sed -n '1s/^curl \([^ ]*\).*/\1/p')"
	fact shell "$(readlink -f /bin/sh)"
	fact awk "$(readlink -f "$(command -v awk)")"
	fact selinux "$(getenforce 2>/dev/null)"
	fact cores "$(nproc 2>/dev/null)"
	fact memoryMiB "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)"
	fact root "$(df -Pm / | awk 'NR == 2 { print $4 " MiB free of " $2 }')"
	printf ',"rulesets":'
	rulesets | json_array
	printf ',"listeners":'
	listeners | awk '{ print $4 " on " $1 " " $3 ":" $2 }' | json_array
	printf ',"zones":'
	if look runtime; then json_array <"$WORK/zones-runtime"; else printf 'null'; fi
	printf ',"conntrack":%s,"history":%s' "$(command -v conntrack >/dev/null 2>&1 && echo true || echo false)" \
		"$(wc -l 2>/dev/null <"$HISTORY" || echo 0)"
	if [ -n "$1" ]; then
		printf ',"proxy":{"port":%s' "$1"
		found "$1"
		printf '}'
	fi
	printf '}\n'
}

# firewall_filters: whether a firewalld that runs has its rules in the kernel; null where it does not run, or the kernel's
# rules cannot be read here.
firewall_filters() {
	if [ "$(systemctl is-active firewalld 2>/dev/null)" != active ] || ! kernel_look; then
		printf null
	elif kernel_filters; then
		printf true
	else
		printf false
	fi
}

fact() {
	printf ',"%s":' "$1"
	if [ -n "$2" ]; then json_string "$2"; else printf 'null'; fi
}
