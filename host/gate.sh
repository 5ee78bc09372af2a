# What is decided before firewalld is started where it was off: everything that it could cut off, sshd above all.

# pass_gate: firewalld filters, and it stays. Where it was off it is started, and this run ends.
pass_gate() {
	! is_armed || take_up_start
	if [ "$(systemctl is-active firewalld 2>/dev/null)" = active ]; then
		filters_for_real ||
			refuse E_FIREWALLD "firewalld runs here and does not filter; expected its rules in the kernel. See 'journalctl -u firewalld', restart it, then run this again"
		return
	fi
	[ ! -e "$STATE/document" ] ||
		warn "EXPOSED: firewalld did not run here, so anybody could open a connection to port $port; nginx answered nobody who is not listed"
	preflight_commands
	refuse_if_problems
	preflight_firewall "$WORK/keep-open" "$WORK/closes" "$port"
	if owned_by "$id" "$host"; then
		preflight_port "$port"
		check_foreign_site
	else
		survey_unstarted
	fi
	refuse_if_problems
	start_firewall "$(cat "$WORK/rollback-seconds")" "$WORK/keep-open"
}

# take_up_start: this is the second dial. A host that is ours filters from now on, whatever else this run is refused for:
# without that anybody gets a handshake. On any other the start is held once nothing is left to refuse, since there it cuts
# off whoever called until now; $WORK/start says that this run is to undo it if it does not end well.
take_up_start() {
	# Whoever started it was cut off before he said so.
	[ -s "$STATE/armed/since" ] || note_start "$WORK/keep-open"
	new_connection || {
		printf 'lqptctl %s: REFUSED on %s\n  [E_CONFIRM] firewalld was started and waits for a new SSH connection; this one is older or none. Run this again over a new one, or lqptctl confirm\n' \
			"$LQPTCTL_VERSION" "$(uname -n)" >&2
		exit 13
	}
	if owned_by "$id" "$host"; then
		confirm_firewall
	else
		: >"$WORK/start"
	fi
}

# rulesets: the foreign ones in force, one word each: ufw, nftables, iptables.
rulesets() {
	! command -v ufw >/dev/null 2>&1 || ! ufw status 2>/dev/null | grep -q '^Status: active' || echo ufw
	kernel_look || return 0
	grep '^table ' "$WORK/kernel-nft" | grep -v -e ' firewalld ' -e " $FOLLOWS " -e " $HOLDS " -e " $REFUSES " >"$WORK/foreign-tables"
	# iptables of today keeps its rules in nftables, under these names.
	if grep -Eqv '^table (ip|ip6|arp|bridge) (filter|nat|mangle|raw|security) ' "$WORK/foreign-tables"; then
		echo nftables
	fi
	# Chains that hold nothing and let all pass are no ruleset: firewalld leaves them behind where iptables is its backend.
	if awk '
		/^table / { theirs = $2 ~ /^ip6?$/ && $3 ~ /^(filter|nat|mangle|raw|security)$/ }
		theirs && /^\t\t/ && (!/^\t\ttype / || /policy drop/) { hit = 1 }
		END { exit !hit }' "$WORK/kernel-nft" ||
		grep '^-A ' "$WORK/kernel-ipt" | grep -Fqv " $REFUSES" || grep -Eq '^:(INPUT|FORWARD) DROP' "$WORK/kernel-ipt"; then
		echo iptables
	fi
}

# forwarding: whether this machine passes on what is for others: firewalld refuses that by default.
forwarding() {
	[ "$(cat /proc/sys/net/ipv4/ip_forward 2>/dev/null)" != 1 ] || echo forwarding
}

# raw_sockets: what speaks neither TCP nor UDP, VRRP for example, as listeners prints it: "ip 112 * keepalived 211".
# Everybody has ICMP, and firewalld leaves it alone.
raw_sockets() {
	ss -lwnp 2>/dev/null | socket_lines ip 4 | awk '$2 != 1 && $2 != 58'
}

# in_ports FILE: the lines "PROTOCOL PORT WORDS" of stdin whose port is in none of FILE's entries (443/tcp, 8000-9000/tcp).
in_ports() {
	awk 'FILENAME == ARGV[1] { split($0, p, "/"); n++; protocol[n] = p[2]; split(p[1], r, "-"); low[n] = r[1]; high[n] = r[2] == "" ? r[1] : r[2]; next }
		{ for (i = 1; i <= n; i++) if (protocol[i] == $1 && low[i] + 0 <= $2 + 0 && $2 + 0 <= high[i] + 0) next; print }' "$1" -
}

# ssh_ports: where sshd listens, whatever it is; through systemd's socket too.
ssh_ports() {
	systemctl show -p Listen ssh.socket sshd.socket 2>/dev/null | sed -n 's/^Listen[A-Za-z]*=.*[^0-9]\([0-9][0-9]*\) (Stream)$/\1/p' >"$WORK/ssh-sockets"
	listeners | awk 'FILENAME == ARGV[1] { socket[$1] = 1; next }
		$1 == "tcp" && ($4 == "sshd" || ($4 == "systemd" && ($2 == 22 || $2 in socket))) { print $2 }' "$WORK/ssh-sockets" - | sort -un
}

# would_cut DECIDED PORT: what starting firewalld would close, "PROTOCOL PORT PROGRAM" a line: all that listens but sshd,
# PORT, and DECIDED's entries.
would_cut() {
	ssh_ports >"$WORK/ssh-ports"
	{ listeners && raw_sockets; } | while read -r protocol port_of address name; do
		[ "$protocol" = tcp ] && grep -qx "$port_of" "$WORK/ssh-ports" && continue
		[ "$protocol $port_of" = "tcp $2" ] && continue
		# Ours, whose rule is in the files that firewalld will load.
		[ "$protocol $port_of ${name% *}" = "ip 112 keepalived" ] && [ -e "$STATE/keepalived.conf" ] && [ -n "$(vrrp_places)" ] && continue
		printf '%s %s %s\n' "$protocol" "$port_of" "${name% *}"
	done | in_ports "$1" | sort -u
}

# preflight_firewall KEEP CLOSES PORT: where firewalld must be started, each thing that it could cut off has a decision.
# KEEP and CLOSES are files of entries, as in lqpt:firewall.
preflight_firewall() {
	command -v firewall-cmd >/dev/null 2>&1 || return 0
	[ "$(systemctl is-active firewalld 2>/dev/null)" != active ] || return 0
	[ "$(systemctl is-enabled firewalld 2>/dev/null)" != masked ] ||
		problem E_FIREWALLD "firewalld is masked here; expected that it can be started. 'systemctl unmask firewalld' if nothing else filters this machine"
	sort -u "$1" "$2" | grep / >"$WORK/decided"
	ssh_ports >"$WORK/ssh-ports"
	[ -s "$WORK/ssh-ports" ] ||
		problem E_SSHD "firewalld is not running, and no sshd was found listening here; expected one, so that starting firewalld keeps its port open"
	would_cut "$WORK/decided" "$3" >"$WORK/undecided"
	[ ! -s "$WORK/undecided" ] ||
		problem E_LISTENERS "firewalld is not running, and starting it would close what listens here beside sshd: $(
			awk '{ port = $2; protocol = $1; $1 = $2 = ""; sub(/^ +/, ""); print $0 " on " protocol " " port }' "$WORK/undecided" | paste -s -d ';' | sed 's/;/; /g'
		). Write each to lqpt:firewall.keepOpen or closes ($(awk '{ print $2 "/" $1 }' "$WORK/undecided" | sort -u | paste -s -d ' ')), then run this again"
	{ rulesets && forwarding; } | sort -u | while IFS= read -r ruleset; do
		grep -Fqx "$ruleset" "$2" || printf '%s\n' "$ruleset"
	done >"$WORK/undecided"
	[ ! -s "$WORK/undecided" ] ||
		problem E_RULESET "firewalld is not running, and this machine filters or forwards already: $(paste -s -d ' ' "$WORK/undecided"); expected that somebody decided what becomes of that. firewalld comes on top: what that lets in or passes on may be refused by it, and with iptables as its backend it clears those rules. Write the word to lqpt:firewall.closes if that is right, or choose mode external"
}

# keeps_ssh: after look of both: where a firewalld that runs is to be started at boot too, sshd's ports must be open in
# what it will load then.
keeps_ssh() {
	[ "$(systemctl is-enabled firewalld 2>/dev/null)" != enabled ] || return 0
	ssh_ports | while IFS= read -r ssh_port; do
		sed -n 's/^\([^ \t][^ \t]*\).*/\1/p' "$WORK/zones-runtime" | while IFS= read -r ssh_zone; do
			! zone_allows runtime "$ssh_zone" "$ssh_port/tcp" || zone_allows permanent "$ssh_zone" "$ssh_port/tcp" ||
				problem E_SSHD "firewalld runs here, is not started at boot, and has sshd's port $ssh_port open in zone $ssh_zone at run time only; expected it open for good, or a reboot would lock everybody out. 'firewall-cmd --permanent --zone=$ssh_zone --add-port=$ssh_port/tcp', then run this again"
		done
	done
}
