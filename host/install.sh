# install and uninstall: the tool comes, and goes.

# install ID HOST PORT KEEP CLOSES: refuses on what is wrong with the machine, then brings nginx and this tool. KEEP and
# CLOSES are what lqpt:firewall says, comma by comma.
install() {
	need_root
	take_lock
	check_owner "$1" "$2"
	printf '%s\n' "$4" | tr ',' '\n' | awk NF >"$WORK/keep-open"
	printf '%s\n' "$5" | tr ',' '\n' | awk NF >"$WORK/closes"
	settle_gate
	find_nginx "$wanted_source"
	preflight "$3" "$WORK/keep-open" "$WORK/closes"
	refuse_if_problems
	install_nginx "$wanted_source"
	step "nginx is installed"
	if [ "$0" != "$TOOL" ] && ! cmp -s "$0" "$TOOL"; then
		(umask 022 && mkdir -p "${TOOL%/*}")
		cp "$0" "$TOOL.new" && chmod 0755 "$TOOL.new" && flush "$TOOL.new" && mv -f "$TOOL.new" "$TOOL" ||
			fail E_STATE "$TOOL cannot be written; expected a writable disk. Nothing of ours listens"
		step "installed as $TOOL"
	fi
	printf '{"lqptctl":"%s","os":%s,"cores":%s,"memoryMiB":%s,"nginx":%s,"firewalld":%s,"warnings":' "$LQPTCTL_VERSION" \
		"$(json_string "$os")" "$cores" "$memory" "$(json_string "$(sed -n 's/^nginx //p' "$WORK/nginx-facts")")" \
		"$(json_string "$(firewall-cmd --version 2>/dev/null)")"
	keep_warnings install
	json_array <"$WORK/warnings"
	printf '}\n'
}

# uninstall ID HOST: the tool and its state go; the history of changes stays, for whoever asks later.
uninstall() {
	need_root
	take_lock
	may_release "$1" "$2" || return 0
	! is_armed || roll_back "the tool was taken away before a new SSH connection confirmed it"
	# An apply that outlived its caller, or one cut off half-way, is in no stack's state: it goes with the tool.
	if [ -e "$STATE/document" ] || [ -e "$STATE/pending" ]; then
		remove_all "$1" "$2"
	fi
	forget_password
	forget_pair
	rm -rf "$STATE"
	step "$STATE is gone"
	rm -f "$TOOL"
	say "uninstalled; $HISTORY_FOLDER/history.jsonl and the nginx package stay"
}
