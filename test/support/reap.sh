#!/bin/sh
# Takes a lab away: its processes, mounts, namespaces, control groups and folder.
#
#   reap.sh RUN        waits until its standard input ends, that is until the owner of the lab stops it, or is
#                      dead, however it died; then takes the lab away
#   reap.sh RUN now    takes it away at once
#   reap.sh RUN list   says what there is of it, and leaves it
#
# Nothing is recorded: all that belongs to a lab carries its name, and each of its processes lives in one of
# its network namespaces. So a number that the kernel gave to another process meanwhile is never killed.
set -u

run=${1:?the name of a run}
labs=/run/lqpt-lab
folder=$labs/$run

if [ $# -eq 1 ]; then
	# Ctrl-C is for the owner; what follows from it is that our input ends.
	trap '' HUP INT QUIT TERM PIPE
	cat >/dev/null
fi

namespaces() {
	ip netns list | while read -r name _; do
		case $name in "lqpt-$run-"*) echo "$name" ;; esac
	done
}

processes() {
	for name in $(namespaces); do
		ip netns pids "$name" 2>/dev/null
	done
}

# Innermost last in the table of mounts, so first here.
mounts() {
	while read -r _ where _; do
		case $where in "$folder"/*) echo "$where" ;; esac
	done </proc/self/mounts | sort -r
}

cgroups() {
	find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "lqpt-$run-*" 2>/dev/null
}

leftovers() {
	processes | sed 's/^/process /'
	mounts | sed 's/^/mount /'
	namespaces | sed 's/^/namespace /'
	cgroups | sed 's/^/control group /'
	[ ! -e "$folder" ] || echo "folder $folder"
}

if [ "${2-}" = list ]; then
	leftovers
	exit 0
fi

# One at a time: the sweep of a next run may meet the reaper of a killed one.
mkdir -p "$labs"
exec 9<"$labs"
flock 9

tries=0
while [ -n "$(leftovers)" ] && [ $tries -lt 100 ]; do
	[ $tries -eq 0 ] || sleep 0.1
	tries=$((tries + 1))
	victims=$(processes)
	if [ -n "$victims" ]; then
		# shellcheck disable=SC2086 # one number a word
		kill -KILL $victims 2>/dev/null
		continue
	fi
	mounts | while read -r where; do umount "$where" 2>/dev/null; done
	cgroups | while read -r group; do
		find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
	done
	if [ -z "$(mounts)" ]; then
		for name in $(namespaces); do ip netns delete "$name" 2>/dev/null; done
		rm -rf --one-file-system "$folder"
	fi
done

left=$(leftovers)
[ -z "$left" ] || {
	echo "$left" >&2
	exit 1
}
