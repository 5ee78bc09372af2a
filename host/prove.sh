# Proof that a change did what it was to do: by the kernel, firewalld and the sockets, never by an exit code.

# prove_cut: before anything listens, all is proven; where our listener stands already, that nobody who was cut is still
# let in is enough here, and the rest follows at the end.
prove_cut() {
	if ! listens "$bind" "$port"; then
		prove_closed
	elif [ "$mode" = firewalld ]; then
		filters_for_real || give_up "firewalld stopped filtering"
		kernel_sources "$zone" "$port" >"$WORK/now-runtime"
		prove_listed runtime
	fi
}

# prove_closed: nobody gets in but whoever is listed: by the kernel's own account, and by what firewalld will load when
# it is started again.
prove_closed() {
	if [ "$mode" = external ]; then
		cp "$WORK/allow" "$WORK/now-runtime"
		return
	fi
	filters_for_real || give_up "firewalld stopped filtering"
	look permanent && sources_in permanent "$zone" "$port" >"$WORK/now-permanent" || give_up "firewalld does not answer: $(look_words)"
	kernel_sources "$zone" "$port" >"$WORK/now-runtime"
	{
		kernel_openings "$zone" "$port"
		other_openings permanent "$zone" "$port" | cut -f 3
	} >"$WORK/openings-now"
	[ ! -s "$WORK/openings-now" ] || give_up "the port is open in another way: $(head -n 1 "$WORK/openings-now")"
	prove_listed runtime
	prove_listed permanent
}

# prove_listed runtime|permanent: whom it lets in is on the list, or inside a network that is.
prove_listed() {
	inside "$WORK/now-$1" "$WORK/allow" | sort -u >"$WORK/now-listed"
	cmp -s "$WORK/now-$1" "$WORK/now-listed" || give_up "a source that was to be cut is still let in ($1)"
}

# read_back: the real thing, not the exit codes above.
read_back() {
	prove_closed
	for scope in runtime permanent; do
		[ "$mode" = external ] || cmp -s "$WORK/now-$scope" "$WORK/allow" ||
			give_up "firewalld's $scope configuration holds $(tr '\n' ' ' <"$WORK/now-$scope")and not what was asked"
	done
	listens "$bind" "$port" || give_up "nothing listens on $bind:$port"
}
