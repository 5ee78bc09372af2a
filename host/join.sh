# Whether the peer speaks VRRP as this host does. After a start of this host, and after a change that the peer has yet to
# follow, nobody knows; until it was heard, this host takes the address only where nobody answers there.

JOIN_UNIT=lqpt-join
JOIN_UNIT_FILE=/etc/systemd/system/$JOIN_UNIT.service

join_unit() {
	printf '[Unit]\nDescription=lqpt: listens for the peer that shares an address with this host\nAfter=network.target\n[Service]\nExecStart=%s join\n[Install]\nWantedBy=multi-user.target\n' "$TOOL"
}

# part_from_peer: from here on it is not known.
part_from_peer() {
	systemctl stop "$JOIN_UNIT" >/dev/null 2>&1
	rm -f "$VIP_FOLDER/joined"
}

# await_peer: by the document in force it is listened for, also after a restart of this host.
await_peer() {
	systemctl is-enabled "$JOIN_UNIT" >/dev/null 2>&1 || systemctl enable "$JOIN_UNIT" >/dev/null 2>&1
	[ -e "$VIP_FOLDER/joined" ] || systemctl restart "$JOIN_UNIT" >/dev/null 2>&1
}

forget_peer_wait() {
	systemctl --no-reload disable "$JOIN_UNIT" >/dev/null 2>&1
	part_from_peer
}

# join: called by that unit. Whoever has the address himself need hear nobody.
join() {
	need_root
	while [ ! -e "$VIP_FOLDER/joined" ]; do
		read_vip_in_force || return 0
		if holds_vip || hear_peer 5; then
			(umask 022 && mkdir -p "$VIP_FOLDER" && : >"$VIP_FOLDER/joined")
			say "this host and its peer $vip_peer speak the same VRRP, or this one has $vip_address"
		else
			sleep 1
		fi
	done
}

# hear_peer SECONDS: an advertisement of the peer's, as ours are, within so many. By Python, which firewalld is written in.
hear_peer() {
	for python in python3 python python2 /usr/libexec/platform-python; do
		command -v "$python" >/dev/null 2>&1 || continue
		# From a folder in which nobody else puts modules.
		(cd / && "$python" -c '
import socket, sys, time
peer, router, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[4])
secret = open(sys.argv[3], "rb").read().strip()[:8].ljust(8, b"\0")
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
end = time.time() + seconds
while time.time() < end:
    raw.settimeout(max(0.05, end - time.time()))
    try:
        packet, source = raw.recvfrom(2048)
    except socket.timeout:
        break
    said = bytearray(packet)
    said = said[(said[0] & 15) * 4:]
    at = 8 + 4 * said[3] if len(said) > 3 else 8
    if source[0] == peer and len(said) >= at + 8 and said[0] == 0x21 and said[1] == router and said[2] > 0 and bytes(said[at:at + 8]) == secret:
        sys.exit(0)
sys.exit(3)' "$vip_peer" "$vip_router" "$VRRP_PASSWORD" "$1") 2>/dev/null
		return
	done
	return 1
}
