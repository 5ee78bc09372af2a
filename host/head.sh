#!/bin/sh
# lqptctl: makes this host equal to its lqpt document: who may open TCP to the Leqi proxy's port, and the proxy.
# Brought by lqpt and replaced by it at every version: do not edit. POSIX sh; see `lqptctl --help`.
#
# It works without anything else of lqpt on the machine, so that whoever administers it can read what runs as root.

set -u
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset IFS CDPATH ENV BASH_ENV

TOOL=/usr/local/sbin/lqptctl
STATE=/var/lib/lqpt
# What this run was called for.
verb=
HISTORY_FOLDER=/var/log/lqpt
TAB=$(printf '\t')

# The caller may be gone before we are done (a cut line, an ended pulumi): the transaction is finished all the same.
trap '' HUP PIPE
# What opens the way in again, what nginx waits for at boot, who goes by himself or at once, and what makes room must not
# depend on room in /tmp.
case ${1-} in
rollback | await-filter | health | join | vip-start | vip-stop | vip-stopped) room=/run ;;
close | expire | resolve | trim-logs) room=/run ;;
# Nor may a key ever lie on a disk but where it belongs.
keys | nginx) room=/run ;;
*) room=/tmp ;;
esac
# Made for as long as this host is healthy (host/health.sh). What nobody can decide is not so.
HEALTHY=/run/lqpt/healthy
WORK=$(mktemp -d "$room/lqptctl.XXXXXX") || {
	[ "${1-}" != health ] || rm -f "$HEALTHY"
	echo "lqptctl: no private folder could be made in $room; expected room there. Nothing was changed" >&2
	exit 10
}
# Lists are compared through files there: one that could not be written would read as "nothing there".
dd if=/dev/zero of="$WORK/room" bs=64k count=32 2>/dev/null || {
	[ "${1-}" != health ] || rm -f "$HEALTHY"
	rm -rf "$WORK"
	echo "lqptctl: $room has no room for 2 MiB; expected that it has. Nothing was changed" >&2
	exit 10
}
rm -f "$WORK/room"

clean_up() {
	rm -rf "$WORK"
}
trap clean_up EXIT

# wait_until SECONDS COMMAND...: asked up to twenty times a second, so that what is quick stays quick; by the clock, for
# a COMMAND may take its time.
wait_until() {
	read -r wu_end _ </proc/uptime
	wu_end=$((${wu_end%.*} + $1))
	shift
	until "$@"; do
		read -r wu_now _ </proc/uptime
		[ "${wu_now%.*}" -le "$wu_end" ] || return 1
		sleep 0.05
	done
}
