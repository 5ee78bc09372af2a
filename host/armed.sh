# A start of firewalld that waits for its confirmation: the timer, the proof that a connection is new, and the way back.

ROLLBACK_UNIT=lqpt-rollback
# A restart forgets the timer, and the unit that nginx waits for would start firewalld again: this one goes back at boot.
ROLLBACK_AT_BOOT=lqpt-rollback-at-boot.service

# arm SECONDS: the timer outlives us, the connection and the lock; the unit at boot outlives the timer.
arm() {
	arm_boot || {
		roll_back "the unit for the next boot could not be made"
		fail E_FIREWALLD "/etc/systemd/system/$ROLLBACK_AT_BOOT could not be made and enabled, so firewalld was not started; nothing of ours listens. See 'journalctl -n 20', then run this again"
	}
	systemctl stop "$ROLLBACK_UNIT.timer" >/dev/null 2>&1
	systemctl reset-failed "$ROLLBACK_UNIT.service" >/dev/null 2>&1
	systemd-run --unit="$ROLLBACK_UNIT" --on-active="$1" --on-unit-inactive=30 --timer-property=AccuracySec=1s "$TOOL" rollback 9>&- >/dev/null 2>&1
	[ "$(systemctl is-active "$ROLLBACK_UNIT.timer" 2>/dev/null)" = active ] && return 0
	roll_back "the timer could not be armed"
	fail E_FIREWALLD "the timer that would undo a start of firewalld could not be armed (systemd-run), so firewalld was not started; nothing of ours listens. See 'journalctl -n 20', then run this again"
}

arm_boot() {
	(umask 022 && printf '[Unit]\nDescription=lqpt: undoes a start of firewalld that nobody confirmed\nAfter=firewalld.service\nBefore=lqpt-filter.service nginx.service lqpt-nginx.service\n[Service]\nType=oneshot\nExecStart=%s rollback\n[Install]\nWantedBy=multi-user.target\n' "$TOOL" >"/etc/systemd/system/$ROLLBACK_AT_BOOT") &&
		systemctl enable "$ROLLBACK_AT_BOOT" >/dev/null 2>&1 && flush "/etc/systemd/system/$ROLLBACK_AT_BOOT"
}

disarm() {
	systemctl stop "$ROLLBACK_UNIT.timer" >/dev/null 2>&1
	[ -e "/etc/systemd/system/$ROLLBACK_AT_BOOT" ] || return 0
	systemctl --no-reload disable "$ROLLBACK_AT_BOOT" >/dev/null 2>&1
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

# new_connection: did the SSH connection that runs this begin after firewalld was started? Its first sshd, below the one
# that listens, is an ancestor of this process; sudo hides the connection's variables, and nobody can hide from /proc.
# Status: 0 yes, 1 no, 2 there is no sshd above this.
new_connection() {
	ancestor=$$
	began=
	while [ "$ancestor" -gt 1 ]; do
		read_process "$ancestor" || return 1
		case $(tr '\0' ' ' <"/proc/$ancestor/cmdline" 2>/dev/null) in
		*"[listener]"*) ;;
		sshd:* | sshd-session:* | sshd-auth:*) began=$process_start ;;
		esac
		ancestor=$process_parent
	done
	[ -n "$began" ] || return 2
	[ -s "$STATE/armed/since" ] || return 1
	awk -v start="$began" -v ticks="$(getconf CLK_TCK 2>/dev/null || echo 100)" -v since="$(cat "$STATE/armed/since")" 'BEGIN { exit !(start / ticks > since + 0) }'
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

# firewall_at_boot: a firewall that does not come back after a reboot would leave the port open to the world.
firewall_at_boot() {
	[ "$(systemctl is-enabled firewalld 2>/dev/null)" = enabled ] && return 0
	systemctl enable firewalld >/dev/null 2>&1
	systemctl is-enabled firewalld >/dev/null 2>&1
}

enable_firewall() {
	firewall_at_boot ||
		fail E_FIREWALLD "firewalld runs, and 'systemctl enable firewalld' did not make it start at boot; nothing was changed on the port. Mend that, then run this again"
}

# hold_start: on a host that is not ours: from here on firewalld stays, also after a reboot or a death of this run. Its way
# back is kept until this run has ended well; with that goes the timer, which finds nothing armed meanwhile.
hold_start() {
	firewall_at_boot ||
		refuse E_FIREWALLD "firewalld runs, and 'systemctl enable firewalld' did not make it start at boot; expected that it does. Mend that, then run this again"
	rm -rf "$STATE/confirmed" && mv "$STATE/armed" "$STATE/confirmed" ||
		refuse E_STATE "$STATE cannot be written; expected a writable disk"
	step "firewalld is no longer armed"
	say "confirmed by a new SSH connection: firewalld stays"
}

# undo_start WHY: a start that this very run found confirmed, on a host that is not ours, goes with the rest of the run:
# whoever was let in before it would be cut off by a run that changed nothing.
undo_start() {
	[ -e "$WORK/start" ] || return 0
	rm -f "$WORK/start"
	{ is_armed || mv "$STATE/confirmed" "$STATE/armed"; } && step "the start of firewalld is to be undone" && roll_back "$1" && return 0
	printf 'firewalld was started and could not be put back to off, so whoever no rule lets in is cut off: see lqptctl status\n' >>"$WORK/changed"
	return 1
}

# forget_start: this run has ended well. Where the traffic enters by another zone than was thought before the start, whom
# we let in there goes.
forget_start() {
	[ -d "$STATE/confirmed" ] || return 0
	disarm
	if [ -s "$STATE/confirmed/let-in" ] && read -r fs_zone fs_port <"$STATE/confirmed/let-in" && [ "$fs_zone" != "${zone-}" ]; then
		tail -n +2 "$STATE/confirmed/let-in" >"$WORK/let-in-elsewhere"
		for scope in runtime permanent; do
			change_sources remove "$scope" "$fs_zone" "$fs_port" "$WORK/let-in-elsewhere" ||
				warn "zone $fs_zone of firewalld still lets $(paste -s -d ' ' "$WORK/let-in-elsewhere") in to port $fs_port ($scope), by rules of ours; take them away"
		done
	fi
	rm -rf "$STATE/confirmed"
}

# roll_back WHY: the lock is held: this host goes back to what it had before firewalld was started. Our own listener goes
# down with it; whatever else was open before is open again, and told. Armed until all is done: what is cut off in the
# middle is taken up by the timer, or at boot.
roll_back() {
	find_own_nginx
	if [ ! -e "$SITE_FILE" ] || known_site "$SITE_FILE"; then
		drop_site
	fi
	rb_ours="nothing of ours listens"
	! still_served || rb_ours="EXPOSED: the proxy's port is still listened on, and only nginx's own list keeps strangers out"
	# Before its ports are closed in its files: a power cut must not bring it up without sshd's.
	[ "$(cat "$STATE/armed/enabled" 2>/dev/null)" != disabled ] || systemctl disable firewalld >/dev/null 2>&1
	step "firewalld does not start at boot"
	follow_no_more
	# Still armed, so that the timer tries it again.
	stop_firewalld || {
		say "firewalld was stopped, and its rules are still in the kernel; they filter, and SSH may be cut. This is tried again"
		return 1
	}
	step "firewalld is stopped"
	while read -r rb_zone rb_entry; do
		rb_add=$(add_option "$rb_entry")
		firewall-offline-cmd --zone="$rb_zone" "--remove${rb_add#--add}" >/dev/null 2>&1
	done <"$STATE/armed/opened"
	[ ! -s "$STATE/armed/let-in" ] || let_in_offline remove "$STATE/armed/let-in"
	rb_rules="This host was put back to what it had"
	restore_iptables || rb_rules="This host was put back to what it had, but for rules of iptables that could not be: they are kept in $STATE/iptables-before"
	{
		printf 'at %s firewalld was started and not kept: %s. %s; %s; OPEN, as before: ' "$(cat "$STATE/armed/time")" "$1" "$rb_rules" "$rb_ours"
		listeners | awk '{ print $4 " on " $1 " " $2 }' | sort -u | paste -s -d ',' | sed 's/,/, /g'
	} >"$STATE/rolled-back"
	# Whoever starts nginx now must not start firewalld with it.
	forget_boot_order
	disarm
	rm -rf "$STATE/armed"
	say "$(cat "$STATE/rolled-back")"
}

# stop_firewalld: systemd calls it active some time before its rules stand, at boot above all; stopped in between, it would
# leave some of them in the kernel, where nobody takes them away.
stop_firewalld() {
	stop_firewalld_once && return 0
	# One that was killed took nothing away. A start that goes well, and a stop, do.
	systemctl start firewalld 9>&- >/dev/null 2>&1
	stop_firewalld_once
}

stop_firewalld_once() {
	case $(systemctl is-active firewalld 2>/dev/null) in
	active | activating) wait_until 10 firewall_running 5 ;;
	esac
	systemctl stop firewalld 9>&- >/dev/null 2>&1
	rules_are_gone
}

# rules_are_gone: firewalld's own, from the kernel, as far as that can be read.
rules_are_gone() {
	! kernel_look || ! kernel_filters
}

# save_iptables FOLDER: each command's own tables in a file of its name.
save_iptables() {
	for save in iptables-save ip6tables-save; do
		! command -v "$save" >/dev/null 2>&1 || "$save" >"$1/$save" 2>/dev/null
	done
}

# restore_iptables: firewalld clears what iptables held when that is its backend. After a restart the kernel has none of
# it, and whoever loads them at boot does.
restore_iptables() {
	[ "$(cat "$STATE/armed/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 0
	ri_status=0
	for save in iptables-save ip6tables-save; do
		[ -s "$STATE/armed/$save" ] || continue
		ipt_words <"$STATE/armed/$save" >"$WORK/ipt-before"
		"$save" 2>/dev/null | ipt_words >"$WORK/ipt-now"
		cmp -s "$WORK/ipt-before" "$WORK/ipt-now" && continue
		"${save%-save}-restore" <"$STATE/armed/$save" || {
			mkdir -p "$STATE/iptables-before" && cp "$STATE/armed/"*-save "$STATE/iptables-before/"
			ri_status=1
		}
	done
	return "$ri_status"
}

# ipt_words: of what iptables-save prints, the tables, policies and rules, without what is counted.
ipt_words() {
	sed -n 's/ \[[0-9]*:[0-9]*\]$//; /^[*:-]/p'
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
	2)
		# An old session within tmux or screen has no sshd above it either.
		case $(tty 2>/dev/null) in
		/dev/tty[0-9]* | /dev/ttyS* | /dev/hvc* | /dev/console) say "confirmed by whoever is at the console" ;;
		*) refuse E_CONFIRM "this shell is neither below an SSH connection nor at a console, so it proves nothing; expected a new SSH connection. Log in again, then run this" ;;
		esac
		;;
	*) refuse E_CONFIRM "this SSH connection is older than firewalld's start, so it proves nothing; expected a new one. Log in again, then run this" ;;
	esac
	confirm_firewall
}
