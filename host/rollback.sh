# What is done when a transaction fails after its first change.

# What was begun stays noted in $STATE/pending until a run ends well, so that the next one knows its traces.

# give_up WHY: puts back what was, except that whoever was to be cut stays cut, and says where that leaves us.
give_up() {
	trap '' TERM INT
	trap clean_up EXIT
	say "failed: $1; putting back what was"
	status=11
	restore_sources || status=12
	restore_site || status=12
	restore_vip || status=12
	take_back_temporary
	# Where not all is as it was, firewalld is what keeps strangers out.
	gu_start=no
	if [ "$status" = 11 ] && [ -e "$WORK/start" ]; then
		if undo_start "what was to follow failed"; then gu_start=undone; else status=12; fi
	fi
	{
		printf 'lqptctl %s: FAILED on %s: %s\n' "$LQPTCTL_VERSION" "$(uname -n)" "$1"
		if [ "$gu_start" = undone ]; then
			printf '  [E_ROLLED_BACK] the site and the sources are as they were, and firewalld is off again, as before: whoever got in then gets in now. Mend the cause, then run this again\n'
		elif [ "$status" = 11 ] && [ "$mode" = external ]; then
			printf '  [E_ROLLED_BACK] the site is as it was. Its list is the only lock here, so %s source(s) that were to go are let in again: cut them in the firewall that filters for this host. Mend the cause, then run this again\n' \
				"$(wc -l <"$WORK/removed")"
		elif [ "$status" = 11 ]; then
			printf '  [E_ROLLED_BACK] the site and the sources are as they were, except that %s source(s) that were to go stay cut%s. Mend the cause, then run this again\n' \
				"$(sort -u "$WORK/cut-runtime" "$WORK/cut-permanent" | wc -l)" "$([ ! -s "$WORK/close" ] || echo ' and the opening to everyone stays closed')"
		else
			printf '  [E_NOT_ROLLED_BACK] and not everything could be put back; expected a look by a person: lqptctl status. Who may come in is at most the old list\n'
		fi
	} >&2
	clean_up
	exit "$status"
}

# restore_sources: each configuration back to what it held, less whoever was to go, plus whoever keeps his place
# by a rule of his own instead of a wider one.
restore_sources() {
	rs_status=0
	[ "$mode" = firewalld ] || return 0
	for scope in runtime permanent; do
		read_sources "$scope" "$zone" "$port" >"$WORK/now" || return 1
		comm -23 "$WORK/$scope" "$WORK/cut-$scope" | sort -u - "$WORK/early-$scope" >"$WORK/back"
		comm -23 "$WORK/now" "$WORK/back" >"$WORK/too-much"
		comm -13 "$WORK/now" "$WORK/back" >"$WORK/too-little"
		change_sources remove "$scope" "$zone" "$port" "$WORK/too-much" || rs_status=1
		change_sources add "$scope" "$zone" "$port" "$WORK/too-little" || rs_status=1
		read_sources "$scope" "$zone" "$port" >"$WORK/now" || rs_status=1
		cmp -s "$WORK/now" "$WORK/back" || rs_status=1
	done
	# It may believe what it could not write: whoever was to go would be back once it is restarted.
	written_sources "$zone" "$port" >"$WORK/now"
	cmp -s "$WORK/now" "$WORK/back" || rs_status=1
	return "$rs_status"
}

# restore_site: nginx back on the site before, or off the port if there was none.
restore_site() {
	put_back "$WORK/before" || return 1
	# It never read the new file, so it still serves the old one, whatever else is wrong with its configuration.
	[ "$nginx_told" = yes ] || return 0
	if [ "$was_served" = yes ] && [ -e "$STATE/place" ]; then
		read -r old_zone old_port old_bind <"$STATE/place"
		load_site "$old_bind" "$old_port"
	elif [ "$was_served" = yes ]; then
		# Somebody's own, which was being adopted: where it listens is its own affair.
		test_nginx && nginx_reload >"$WORK/nginx-error" 2>&1
	else
		unload_site && wait_until 10 port_is_silent "$port"
	fi
}
