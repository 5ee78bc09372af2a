# After a reboot: our nginx waits until firewalld filters. An nginx that was there before us is left alone.

# boot_in_order: is it so? In mode external nobody of ours filters, so there is nothing to wait for.
boot_in_order() {
	if [ ! -e "$STATE/nginx-is-ours" ] || [ "$mode" = external ]; then
		[ ! -e "$NGINX_DROP_IN" ]
		return
	fi
	printf '# Managed by lqpt: do not edit.\n[Unit]\nWants=firewalld.service\nAfter=firewalld.service\n[Service]\nExecStartPre=%s await-filter\n' "$TOOL" >"$WORK/drop-in"
	cmp -s "$WORK/drop-in" "$NGINX_DROP_IN"
}

order_boot() {
	boot_in_order && return 0
	if [ -e "$NGINX_DROP_IN" ] && { [ ! -e "$STATE/nginx-is-ours" ] || [ "$mode" = external ]; }; then
		forget_boot_order
		return
	fi
	(umask 022 && mkdir -p "${NGINX_DROP_IN%/*}" && cat "$WORK/drop-in" >"$NGINX_DROP_IN") && flush "$NGINX_DROP_IN" "${NGINX_DROP_IN%/*}" && systemctl daemon-reload
}

forget_boot_order() {
	[ -e "$NGINX_DROP_IN" ] || return 0
	rm -f "$NGINX_DROP_IN"
	rmdir "${NGINX_DROP_IN%/*}" 2>/dev/null
	systemctl daemon-reload
}

# await_filter: called by nginx's unit. Where firewalld does not come, nginx stays down: nobody gets in.
await_filter() {
	need_root
	[ ! -s "$STATE/site-file" ] || SITE_FILE=$(cat "$STATE/site-file")
	# Without our site there is nothing to guard, and the machine's other sites need not wait.
	[ -e "$SITE_FILE" ] || return 0
	wait_until 60 filters_for_real && return 0
	say "firewalld does not filter after 60 s, so nginx is not started here: its port would be open to everybody. See 'journalctl -u firewalld'"
	exit 10
}
