# Connections that are open: firewalld lets an established one live on, whatever its rules say by now.

# strangers PORT FILE: the addresses that are connected to the port and lie in none of FILE's networks. What the kernel
# remembers of a connection that has ended (TIME-WAIT) is none: nothing can come through it, and nobody can reset it.
strangers() {
	ss -tn state connected "sport = :$1" 2>/dev/null | awk 'NR > 1 && $1 != "TIME-WAIT" { print $NF }' |
		sed 's/:[0-9]*$//; s/^\[::ffff:\(.*\)\]$/\1/; s/[][]//g' | sort -u >"$WORK/peers"
	grep -E '^[0-9.]+$' "$WORK/peers" >"$WORK/peers4"
	inside "$WORK/peers4" "$2" | sort -u >"$WORK/peers-listed"
	comm -23 "$WORK/peers" "$WORK/peers-listed"
}

# forget_connections PORT FILE: what the connection tracking remembers of whoever is in none of FILE's networks goes. It
# may remember one for days whose end it never saw (while nothing filtered, say), and whoever calls from the same port
# again is then taken for that one, and let in.
forget_connections() {
	command -v conntrack >/dev/null 2>&1 || return 0
	conntrack -L -p tcp --dport "$1" 2>/dev/null | sed -n 's/^[^=]* src=\([0-9.]*\) .*/\1/p' | sort -u >"$WORK/remembered"
	inside "$WORK/remembered" "$2" | sort -u >"$WORK/remembered-listed"
	comm -23 "$WORK/remembered" "$WORK/remembered-listed" | while IFS= read -r peer; do
		conntrack -D -p tcp -s "$peer" --dport "$1" >/dev/null 2>&1
	done
}

# cut_connections PORT FILE: ends the open connections of whoever is in none of FILE's networks, and of nobody else.
# The kernel resets them where it can; elsewhere they lose their entry in the connection tracking, and are then new
# ones to the firewall; else they end when nginx lets go of them.
cut_connections() {
	strangers "$1" "$2" >"$WORK/strangers"
	while IFS= read -r peer; do
		ss -tK "dst = $peer" "sport = :$1" >/dev/null 2>&1
		! command -v conntrack >/dev/null 2>&1 || conntrack -D -p tcp -s "$peer" --dport "$1" >/dev/null 2>&1
	done <"$WORK/strangers"
	forget_connections "$1" "$2"
	[ -s "$WORK/strangers" ] || return 0
	strangers "$1" "$2" >"$WORK/strangers-left"
	if [ -s "$WORK/strangers-left" ]; then
		warn "connections that were open when their source was cut could not be reset: $(paste -s -d ' ' "$WORK/strangers-left"); each ends when nginx closes it"
	else
		say "ended the open connections of $(paste -s -d ' ' "$WORK/strangers")"
	fi
}
