# One change at a time: parallel permanent edits once erased a zone file (firewalld#1495).

# take_lock: waits up to two minutes for whoever holds it. The kernel lets go of it when the holder dies,
# however it dies, so there is no stale lock to clear.
take_lock() {
	open_lock
	# Whoever looks at this host's health is done in a moment.
	flock -w 2 9 && return 0
	say "another lqptctl is at work on this host; waiting up to 120 s for it"
	flock -w 120 9 || refuse E_LOCK "another lqptctl has held /run/lqpt.lock for over 120 s; see 'ps -ef | grep lqptctl', then run this again"
}

# await_run: lets a run that is under way come to its end, for up to ten seconds: in the middle of it this host is like no
# document. Without holding the lock, for whoever only looks must keep nobody from changing. at_work tells if it goes on.
await_run() {
	at_work=no
	flock -s -w 10 /run/lqpt.lock true 2>/dev/null || [ "$?" != 1 ] || at_work=yes
}

# at_rest COMMAND: COMMAND fills $WORK while no run changes this host: it does so anew where one came in between, which
# would look like one that was cut off. Each has left its mark on our folder. After the third, one is at work.
at_rest() {
	for _ in 1 2 3; do
		await_run
		ar_before=$(stat -c %y "$STATE" 2>/dev/null)
		"$1"
		[ "$at_work" = no ] && [ "$(stat -c %y "$STATE" 2>/dev/null)" != "$ar_before" ] || return 0
		rm -rf "${WORK:?}"/*
	done
	at_work=yes
	"$1"
}

open_lock() {
	: >>/run/lqpt.lock 2>/dev/null || refuse E_LOCK "/run/lqpt.lock cannot be opened for writing; expected a writable /run"
	exec 9>>/run/lqpt.lock
}

# The lock's descriptor must not pass to a daemon that outlives us, so whatever starts one closes it: 9>&-.
