# The vendor's nginx, from its archive: /usr/local/nginx, by its own nginx_install.sh with the Leqi ID.

# install_vendor: the installer starts what it installs, with a site that nobody reviewed and no list. So it runs in a
# network of its own, where nobody reaches that nor systemd and firewalld are reached, and what it started ends before
# anything of ours begins. There are no name servers in there, and an nginx whose upstream has no address does not start:
# so Leqi's name has one.
install_vendor() {
	iv_folder=$BROUGHT/vendor
	read -r sha256 _ name <"$WORK/order-files"
	rm -rf "$iv_folder"
	(umask 022 && mkdir "$iv_folder" && tar -xf "$BROUGHT/$sha256" -C "$iv_folder") >"$WORK/package.log" 2>&1 || return 1
	iv_script=$(find "$iv_folder" -name nginx_install.sh -type f | head -n 1)
	[ -n "$iv_script" ] || {
		echo "Error: $name holds no nginx_install.sh" >"$WORK/package.log"
		return 1
	}
	{ cat /etc/hosts 2>/dev/null && printf '127.0.0.1 %s\n' "$(cat "$WORK/order-leqi-name")"; } >"$WORK/hosts"
	# shellcheck disable=SC2016 # for the shell in there
	(umask 022 && cd "${iv_script%/*}" && unshare -n -m sh -c '
		mount --make-rprivate / && hide() { [ ! -e "$1" ] || mount --bind "$2" "$1"; } &&
		hide /run/systemd/private /dev/null && hide /run/dbus/system_bus_socket /dev/null && chmod 644 "$1" && mount --bind "$1" /etc/hosts && ip link set lo up && exec sh nginx_install.sh "$2"
	' sh "$WORK/hosts" "$(cat "$WORK/leqi-id")") </dev/null >"$WORK/package.log" 2>&1 9>&-
	iv_status=$?
	end_vendor || {
		echo "Error: what the installer started does not end" >>"$WORK/package.log"
		return 1
	}
	[ "$iv_status" = 0 ] && [ -x "$VENDOR_NGINX" ] || return 1
	keep_vendors_site
	make_vendor_unit
}

# end_vendor: whatever runs of it; it was not there before the installer.
end_vendor() {
	wait_until 20 vendor_told_to_end
}

vendor_told_to_end() {
	nginx_masters | sed -n "s|^\([0-9]*\) $VENDOR_NGINX\$|\1|p" >"$WORK/vendor-masters"
	[ -s "$WORK/vendor-masters" ] || return 0
	while read -r pid; do kill -TERM "$pid" 2>/dev/null; done <"$WORK/vendor-masters"
	return 1
}

# keep_vendors_site: its lqpt.conf has no list, and would be somebody else's site on our port. It is kept to be read.
keep_vendors_site() {
	iv_site=${VENDOR_NGINX%/sbin/nginx}/conf/conf.d/lqpt.conf
	[ -e "$iv_site" ] || return 0
	keep "$iv_site" "$STATE/vendors-lqpt.conf" && rm -f "$iv_site" &&
		say "the installer's own lqpt.conf is kept as $STATE/vendors-lqpt.conf; it has no list, and is not used"
}

# make_vendor_unit: hardened as far as systemd 219 knows how.
make_vendor_unit() {
	iv_home=${VENDOR_NGINX%/sbin/nginx}
	(umask 022 && cat >"/etc/systemd/system/$VENDOR_UNIT.service") <<UNIT
# Managed by lqpt: do not edit.
[Unit]
Description=nginx of the Leqi proxy
After=network-online.target nss-lookup.target
Wants=network-online.target
[Service]
Type=forking
PIDFile=$iv_home/logs/nginx.pid
ExecStart=$VENDOR_NGINX
ExecReload=/bin/kill -HUP \$MAINPID
KillSignal=SIGQUIT
TimeoutStopSec=20
KillMode=mixed
Restart=on-failure
LimitNOFILE=65536
PrivateTmp=true
PrivateDevices=true
ProtectHome=true
ProtectSystem=full
ReadWriteDirectories=$iv_home
NoNewPrivileges=true
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL
[Install]
WantedBy=multi-user.target
UNIT
	systemctl daemon-reload
}
