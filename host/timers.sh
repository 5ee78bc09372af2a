# Timers of ours that a reboot does not forget; each calls a verb of this tool. By the clock that nobody sets: one by the
# calendar stands still for hours on a machine that came up with its clock ahead (systemd before 246).

# `enable` and `disable` have systemd read its units again, which takes a tenth of a second, unless told --no-reload.

# make_timer UNIT DESCRIPTION SECONDS VERB [LINES]: each SECONDS after the last run ended. LINES are further ones of the service's [Service] and sections after it.
make_timer() {
	printf '[Unit]\nDescription=%s\n[Service]\nType=oneshot\nExecStart=%s %s\n%s' "$2" "$TOOL" "$4" "${5-}" >"$WORK/$1.service" &&
		printf '[Unit]\nDescription=%s\n[Timer]\nOnActiveSec=1s\nOnUnitInactiveSec=%ss\nAccuracySec=1s\n[Install]\nWantedBy=timers.target\n' "$2" "$3" >"$WORK/$1.timer" || return 1
	if cmp -s "$WORK/$1.service" "/etc/systemd/system/$1.service" && cmp -s "$WORK/$1.timer" "/etc/systemd/system/$1.timer" &&
		[ "$(systemctl is-active "$1.timer" 2>/dev/null)" = active ]; then
		return 0
	fi
	(umask 022 && cat "$WORK/$1.service" >"/etc/systemd/system/$1.service" && cat "$WORK/$1.timer" >"/etc/systemd/system/$1.timer") &&
		systemctl enable "$1.timer" >/dev/null 2>&1 && systemctl restart "$1.timer" >/dev/null 2>&1
}

# forget_timer UNIT
forget_timer() {
	[ -e "/etc/systemd/system/$1.timer" ] || return 0
	systemctl --no-reload disable "$1.timer" >/dev/null 2>&1
	systemctl stop "$1.timer" >/dev/null 2>&1
	rm -f "/etc/systemd/system/$1.timer" "/etc/systemd/system/$1.service"
	systemctl daemon-reload
}
