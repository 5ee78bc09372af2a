# The one step that could cut SSH: starting firewalld where it was off. It is armed with a dead man's timer before, and
# only a new SSH connection confirms it; otherwise this host goes back to what it had.

ROLLBACK_UNIT=lqpt-rollback
# A restart forgets the timer, and nginx's unit would start firewalld again: this one goes back at boot.
ROLLBACK_AT_BOOT=lqpt-rollback-at-boot.service

# rulesets: the foreign ones in force, one word each: ufw, nftables, iptables.
rulesets() {
	! command -v ufw >/dev/null 2>&1 || ! ufw status 2>/dev/null | grep -q '^Status: active' || echo ufw
	kernel_look || return 0
	grep '^table ' "$WORK/kernel-nft" | grep -v ' firewalld ' >"$WORK/foreign-tables"
	# iptables of today keeps its rules in nftables, under these names.
	if grep -Eqv '^table (ip|ip6|arp|bridge) (filter|nat|mangle|raw|security) ' "$WORK/foreign-tables"; then
		echo nftables
	fi
	# Chains that hold nothing and let all pass are no ruleset: firewalld leaves them behind where iptables is its backend.
	if awk '
		/^table / { theirs = $2 ~ /^ip6?$/ && $3 ~ /^(filter|nat|mangle|raw|security)$/ }
		theirs && /^\t\t/ && (!/^\t\ttype / || /policy drop/) { hit = 1 }
		END { exit !hit }' "$WORK/kernel-nft" ||
		grep -q '^-A ' "$WORK/kernel-ipt" || grep -Eq '^:(INPUT|FORWARD) DROP' "$WORK/kernel-ipt"; then
		echo iptables
	fi
}

# in_ports FILE: the lines "PROTOCOL PORT WORDS" of stdin whose port is in none of FILE's entries (443/tcp, 8000-9000/tcp).
in_ports() {
	awk 'FILENAME == ARGV[1] { split($0, p, "/"); n++; protocol[n] = p[2]; split(p[1], r, "-"); low[n] = r[1]; high[n] = r[2] == "" ? r[1] : r[2]; next }
		{ for (i = 1; i <= n; i++) if (protocol[i] == $1 && low[i] + 0 <= $2 + 0 && $2 + 0 <= high[i] + 0) next; print }' "$1" -
}

# ssh_ports: where sshd listens, whatever it is; through systemd's socket too.
ssh_ports() {
	listeners | awk '$1 == "tcp" && ($4 == "sshd" || ($4 == "systemd" && $2 == 22)) { print $2 }' | sort -un
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
	listeners | while read -r protocol port_of address name; do
		[ "$protocol" = tcp ] && grep -qx "$port_of" "$WORK/ssh-ports" && continue
		[ "$protocol $port_of" = "tcp $3" ] && continue
		printf '%s %s %s\n' "$protocol" "$port_of" "${name% *}"
	done | in_ports "$WORK/decided" | sort -u >"$WORK/undecided"
	[ ! -s "$WORK/undecided" ] ||
		problem E_LISTENERS "firewalld is not running, and starting it would close what listens here beside sshd: $(
			awk '{ port = $2; protocol = $1; $1 = $2 = ""; sub(/^ +/, ""); print $0 " on " protocol " " port }' "$WORK/undecided" | paste -s -d ';' | sed 's/;/; /g'
		). Write each to lqpt:firewall.keepOpen or closes ($(awk '{ print $2 "/" $1 }' "$WORK/undecided" | sort -u | paste -s -d ' ')), then run this again"
	rulesets | sort -u | while IFS= read -r ruleset; do
		grep -Fqx "$ruleset" "$2" || printf '%s\n' "$ruleset"
	done >"$WORK/undecided"
	[ ! -s "$WORK/undecided" ] ||
		problem E_RULESET "firewalld is not running, and this machine is filtered already, by $(paste -s -d ' ' "$WORK/undecided"); expected that somebody decided what becomes of that. firewalld comes on top: what that lets in may be refused by it, and with iptables as its backend it clears those rules. Write the word to lqpt:firewall.closes if that is right, or choose mode external"
}

# start_firewall SECONDS KEEP: armed, with sshd's ports and KEEP's opened first. Ends this run: whoever called calls
# again, over a new connection.
start_firewall() {
	gate_zones >"$WORK/gate-zones"
	[ -s "$WORK/gate-zones" ] ||
		refuse E_FIREWALLD "firewalld does not run here, and 'firewall-offline-cmd --get-default-zone' names no zone; expected one. Mend its configuration in /etc/firewalld, then run this again"
	mkdir -p "$STATE/armed.new" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	say "starting firewalld; sshd's port and lqpt:firewall.keepOpen stay open, and all is put back unless a new SSH connection confirms it within $1 s"
	{ ssh_ports | sed 's|$|/tcp|' && cat "$2"; } | sort -u >"$WORK/keep"
	: >"$STATE/armed.new/opened"
	cat /proc/sys/kernel/random/boot_id >"$STATE/armed.new/boot"
	cut -d ' ' -f 1 /proc/uptime >"$STATE/armed.new/since"
	date -u +%Y-%m-%dT%H:%M:%SZ >"$STATE/armed.new/time"
	printf '%s\n' "$1" >"$STATE/armed.new/seconds"
	! kernel_look || cp "$WORK/kernel-ipt" "$STATE/armed.new/iptables"
	rm -rf "$STATE/armed"
	flush "$STATE"/armed.new/*
	mv "$STATE/armed.new" "$STATE/armed" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
	step "the way back is noted"
	open_ports
	step "what is to stay open will"
	arm "$1"
	step "firewalld is armed"
	systemctl start firewalld 9>&- >/dev/null 2>&1
	# Its rules stand before it has started; stopped in between, it would leave some behind.
	if ! { wait_until 20 filters_for_real && firewall_running; }; then
		words=$(journalctl -u firewalld -n 3 --no-pager -o cat 2>/dev/null | tr '\n' ' ')
		roll_back "it was started and did not filter"
		fail E_FIREWALLD "firewalld was started and does not filter: $words; expected it running and its rules in the kernel. It was stopped again; nothing of ours listens. See 'journalctl -u firewalld', then run this again"
	fi
	step "firewalld filters"
	printf 'lqptctl %s: firewalld was started on %s\n  [E_CONFIRM] it stays only if a new SSH connection confirms it within %s s, else this host goes back to what it had: run the same apply again, or lqptctl confirm\n' \
		"$LQPTCTL_VERSION" "$(uname -n)" "$1" >&2
	exit 13
}

# gate_zones: the zones that traffic may enter by, as firewalld's files have them.
gate_zones() {
	{
		firewall-offline-cmd --get-default-zone
		firewall-offline-cmd --list-all-zones | awk '/^[^ \t]/ { zone = $1 } /^  (interfaces|sources): ./ { print zone }'
	} 2>/dev/null | sort -u
}

open_ports() {
	while IFS= read -r gate_zone; do
		while IFS= read -r entry; do
			[ "$entry" = 22/tcp ] && firewall-offline-cmd --zone="$gate_zone" --query-service=ssh >/dev/null 2>&1 && continue
			firewall-offline-cmd --zone="$gate_zone" --query-port="$entry" >/dev/null 2>&1 && continue
			printf '%s %s\n' "$gate_zone" "$entry" >>"$STATE/armed/opened"
			firewall-offline-cmd --zone="$gate_zone" --add-port="$entry" >/dev/null 2>&1
			firewall-offline-cmd --zone="$gate_zone" --query-port="$entry" >/dev/null 2>&1 && continue
			roll_back "a port could not be opened"
			fail E_FIREWALLD "$entry could not be opened in zone $gate_zone, so firewalld was not started; nothing of ours listens. See 'firewall-offline-cmd --zone=$gate_zone --list-all', then run this again"
		done <"$WORK/keep"
	done <"$WORK/gate-zones"
}

# arm SECONDS: the timer outlives us, the connection and the lock; the unit at boot outlives the timer.
arm() {
	arm_boot || {
		roll_back "the unit for the next boot could not be made"
		fail E_FIREWALLD "/etc/systemd/system/$ROLLBACK_AT_BOOT could not be made and enabled, so firewalld was not started; nothing of ours listens. See 'journalctl -n 20', then run this again"
	}
	systemctl stop "$ROLLBACK_UNIT.timer" >/dev/null 2>&1
	systemctl reset-failed "$ROLLBACK_UNIT.service" >/dev/null 2>&1
	systemd-run --unit="$ROLLBACK_UNIT" --on-active="$1" --timer-property=AccuracySec=1s "$TOOL" rollback 9>&- >/dev/null 2>&1
	[ "$(systemctl is-active "$ROLLBACK_UNIT.timer" 2>/dev/null)" = active ] && return 0
	roll_back "the timer could not be armed"
	fail E_FIREWALLD "the timer that would undo a start of firewalld could not be armed (systemd-run), so firewalld was not started; nothing of ours listens. See 'journalctl -n 20', then run this again"
}

arm_boot() {
	printf '[Unit]\nDescription=lqpt: undoes a start of firewalld that nobody confirmed\nAfter=firewalld.service\nBefore=nginx.service\n[Service]\nType=oneshot\nExecStart=%s rollback\n[Install]\nWantedBy=multi-user.target\n' "$TOOL" >"/etc/systemd/system/$ROLLBACK_AT_BOOT" &&
		systemctl daemon-reload && systemctl enable "$ROLLBACK_AT_BOOT" >/dev/null 2>&1 && flush "/etc/systemd/system/$ROLLBACK_AT_BOOT"
}

disarm() {
	systemctl stop "$ROLLBACK_UNIT.timer" >/dev/null 2>&1
	[ -e "/etc/systemd/system/$ROLLBACK_AT_BOOT" ] || return 0
	systemctl disable "$ROLLBACK_AT_BOOT" >/dev/null 2>&1
	rm -f "/etc/systemd/system/$ROLLBACK_AT_BOOT"
	systemctl daemon-reload
}

# is_armed: a start of firewalld waits for its confirmation.
is_armed() {
	[ -d "$STATE/armed" ]
}

# settle_gate: after a reboot there is no timer any more. And a firewalld that was stopped by hand leaves nothing to
# confirm.
settle_gate() {
	is_armed || return 0
	if [ "$(cat "$STATE/armed/boot")" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then
		roll_back "this host was restarted before a new SSH connection confirmed it"
	elif [ "$(systemctl is-active firewalld 2>/dev/null)" != active ]; then
		roll_back "firewalld ended before a new SSH connection confirmed it"
	fi
}

# new_connection: did the SSH connection that runs this begin after firewalld was started? Its sshd is an ancestor of
# this process; sudo hides the connection's variables, and nobody can hide from /proc.
new_connection() {
	[ -s "$STATE/armed/since" ] || return 1
	ancestor=$$
	while [ "$ancestor" -gt 1 ]; do
		# The name may hold blanks and brackets, so what follows the last bracket counts: state, parent, …, start.
		fields=$(sed 's/.*) //' "/proc/$ancestor/stat" 2>/dev/null) || return 1
		case $(cat "/proc/$ancestor/comm" 2>/dev/null) in
		sshd | sshd-session | sshd-auth)
			# shellcheck disable=SC2086 # numbers, to be split
			set -- $fields
			awk -v start="${20}" -v ticks="$(getconf CLK_TCK 2>/dev/null || echo 100)" -v since="$(cat "$STATE/armed/since")" 'BEGIN { exit !(start / ticks > since + 0) }'
			return
			;;
		esac
		# shellcheck disable=SC2086 # numbers, to be split
		set -- $fields
		ancestor=$2
	done
	return 2
}

# confirm_firewall: from here on it stays, also after a reboot.
confirm_firewall() {
	disarm
	step "firewalld is no longer armed"
	enable_firewall
	step "firewalld starts at boot"
	rm -rf "$STATE/armed"
	say "confirmed by a new SSH connection: firewalld stays"
}

# enable_firewall: a firewall that does not come back after a reboot would leave the port open to the world.
enable_firewall() {
	[ "$(systemctl is-enabled firewalld 2>/dev/null)" = enabled ] && return 0
	systemctl enable firewalld >/dev/null 2>&1
	systemctl is-enabled firewalld >/dev/null 2>&1 ||
		fail E_FIREWALLD "firewalld runs, and 'systemctl enable firewalld' did not make it start at boot; nothing was changed on the port. Mend that, then run this again"
}

# roll_back WHY: the lock is held: this host goes back to what it had before firewalld was started. Our own listener goes
# down with it; whatever else was open before is open again, and told.
roll_back() {
	disarm
	if [ ! -e "$SITE_FILE" ] || known_site "$SITE_FILE"; then
		drop_site
	fi
	systemctl stop firewalld 9>&- >/dev/null 2>&1
	while read -r rb_zone rb_entry; do
		firewall-offline-cmd --zone="$rb_zone" --remove-port="$rb_entry" >/dev/null 2>&1
	done <"$STATE/armed/opened"
	if [ -s "$STATE/armed/iptables" ] && [ "$(cat "$STATE/armed/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
		restore_iptables
	fi
	{
		printf 'at %s firewalld was started and not kept: %s. This host was put back to what it had; nothing of ours listens; OPEN, as before: ' \
			"$(cat "$STATE/armed/time")" "$1"
		listeners | awk '{ print $4 " on " $1 " " $2 }' | sort -u | paste -s -d ',' | sed 's/,/, /g'
	} >"$STATE/rolled-back"
	rm -rf "$STATE/armed"
	say "$(cat "$STATE/rolled-back")"
}

# restore_iptables: firewalld clears what iptables held when that is its backend. The two families were saved one after
# the other; each holds the tables of its own.
restore_iptables() {
	kernel_look || return 1
	grep '^-A ' "$STATE/armed/iptables" >"$WORK/ipt-before"
	grep '^-A ' "$WORK/kernel-ipt" >"$WORK/ipt-now"
	cmp -s "$WORK/ipt-before" "$WORK/ipt-now" && return 0
	awk -v out="$WORK/ipt" '/^# Generated by/ { n++ } { print >(out n ".restore") }' "$STATE/armed/iptables"
	n=0
	for save in iptables-save ip6tables-save; do
		command -v "$save" >/dev/null 2>&1 || continue
		n=$((n + 1))
		[ -s "$WORK/ipt$n.restore" ] && "${save%-save}-restore" <"$WORK/ipt$n.restore"
	done
}

# rollback: called by the timer, and at boot.
rollback() {
	need_root
	take_lock
	settle_gate
	is_armed || return 0
	roll_back "no new SSH connection confirmed it within $(cat "$STATE/armed/seconds") s"
}

# confirm: by a person: over a new SSH connection, or at the console, which SSH cannot be cut from.
confirm() {
	need_root
	take_lock
	is_armed || refuse E_CONFIRM "no start of firewalld waits for a confirmation here; see lqptctl status"
	new_connection
	case $? in
	0) ;;
	2) say "no SSH connection above this shell: confirmed by whoever is at the console" ;;
	*) refuse E_CONFIRM "this SSH connection is older than firewalld's start, so it proves nothing; expected a new one. Log in again, then run this" ;;
	esac
	confirm_firewall
}
