# After a reboot: our nginx waits until firewalld filters. An nginx that was there before us is left alone.

# The waiting is a unit of its own, and no ExecStartPre of nginx's: a distribution's unit runs `nginx -t` before whatever a
# drop-in adds, and that listens on the port for a moment.
FILTER_UNIT=/etc/systemd/system/lqpt-filter.service

# boot_in_order: is it so? In mode external nobody of ours filters, so there is nothing to wait for.
boot_in_order() {
	if [ ! -e "$STATE/nginx-is-ours" ] || [ "$mode" = external ]; then
		[ ! -e "$NGINX_DROP_IN" ] && [ ! -e "$FILTER_UNIT" ]
		return
	fi
	printf '# Managed by lqpt: do not edit.\n[Unit]\nRequires=lqpt-filter.service\nAfter=firewalld.service lqpt-filter.service\n[Service]\nLimitNOFILE=65536\n' >"$WORK/drop-in"
	printf '# Managed by lqpt: do not edit.\n[Unit]\nDescription=lqpt: nginx waits until firewalld filters\nWants=firewalld.service\nAfter=firewalld.service\n[Service]\nType=oneshot\nExecStart=%s await-filter\n' "$TOOL" >"$WORK/filter-unit"
	cmp -s "$WORK/drop-in" "$NGINX_DROP_IN" && cmp -s "$WORK/filter-unit" "$FILTER_UNIT"
}

order_boot() {
	boot_in_order && return 0
	if [ ! -e "$STATE/nginx-is-ours" ] || [ "$mode" = external ]; then
		forget_boot_order
		return
	fi
	(umask 022 && mkdir -p "${NGINX_DROP_IN%/*}" && cat "$WORK/filter-unit" >"$FILTER_UNIT" && cat "$WORK/drop-in" >"$NGINX_DROP_IN") &&
		flush "$FILTER_UNIT" "$NGINX_DROP_IN" "${NGINX_DROP_IN%/*}" "${FILTER_UNIT%/*}" && systemctl daemon-reload
}

forget_boot_order() {
	[ -e "$NGINX_DROP_IN" ] || [ -e "$FILTER_UNIT" ] || return 0
	rm -f "$NGINX_DROP_IN" "$FILTER_UNIT"
	rmdir "${NGINX_DROP_IN%/*}" 2>/dev/null
	systemctl daemon-reload
}

# may_serve: the site may be taken away while it is waited for.
may_serve() {
	[ ! -e "$SITE_FILE" ] || filters_for_real
}

# await_filter: called by that unit. Where firewalld does not come, nginx stays down: nobody gets in.
await_filter() {
	need_root
	[ ! -s "$STATE/site-file" ] || SITE_FILE=$(cat "$STATE/site-file")
	# Without our site there is nothing to guard, and the machine's other sites need not wait.
	[ -e "$SITE_FILE" ] || return 0
	wait_until 60 may_serve && return 0
	say "firewalld does not filter after 60 s, so nginx is not started here: its port would be open to everybody. See 'journalctl -u firewalld'"
	exit 10
}
