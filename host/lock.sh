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

open_lock() {
	: >>/run/lqpt.lock 2>/dev/null || refuse E_LOCK "/run/lqpt.lock cannot be opened for writing; expected a writable /run"
	exec 9>>/run/lqpt.lock
}

# The lock's descriptor must not pass to a daemon that outlives us, so whatever starts one closes it: 9>&-.
