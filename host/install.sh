# install, remove, uninstall: the tool comes, what it made goes, the tool goes.

# install ID HOST PORT: refuses on what is wrong with the machine, then brings nginx, firewalld and this tool.
install() {
	need_root
	take_lock
	check_owner "$1" "$2"
	preflight "$3"
	refuse_if_problems
	nginx_installed=no
	install_nginx
	mkdir -p "$STATE" || fail E_STATE "$STATE cannot be made; expected a writable disk. Nothing of ours listens"
	[ "$nginx_installed" = no ] || : >"$STATE/nginx-is-ours"
	start_firewall
	if [ "$0" != "$TOOL" ] && ! cmp -s "$0" "$TOOL"; then
		mkdir -p "${TOOL%/*}"
		cp "$0" "$TOOL.new" && chmod 0755 "$TOOL.new" && mv -f "$TOOL.new" "$TOOL" ||
			fail E_STATE "$TOOL cannot be written; expected a writable disk. Nothing of ours listens"
		say "installed as $TOOL"
	fi
	printf '{"lqptctl":"%s","os":%s,"cores":%s,"memoryMiB":%s,"nginx":%s,"firewalld":%s,"warnings":' "$LQPTCTL_VERSION" \
		"$(json_string "$os")" "$cores" "$memory" "$(json_string "$(nginx -v 2>&1 | sed 's|.*/||')")" \
		"$(json_string "$(firewall-cmd --version 2>/dev/null)")"
	touch "$WORK/warnings"
	json_array <"$WORK/warnings"
	printf '}\n'
}

# remove ID HOST: the site first, then the rules for our port. The machine's other sites and rules stay,
# firewalld stays as it is, SSH stays open.
remove() {
	need_root
	take_lock
	may_release "$1" "$2" || return 0
	for past in "$STATE/document" "$STATE/pending/document"; do
		[ -e "$past" ] && split_document "$past" "$WORK" && remove_one
	done
	rm -rf "$STATE/document" "$STATE/pending" "$STATE/site.conf" "$STATE/zone" "$STATE/owner"
	say "removed: site and rules of $2 of $1"
}

remove_one() {
	port=$(cat "$WORK/port")
	if [ -e "$SITE_FILE" ] && known_site "$SITE_FILE"; then
		rm -f "$SITE_FILE"
		unload_site "$port" || fail E_REMOVE "nginx still listens on $port: $(tr '\n' ' ' <"$WORK/nginx-error"); what was removed stays removed. Mend the cause, then run this again"
	elif [ -e "$SITE_FILE" ]; then
		say "warning: $SITE_FILE is not as lqptctl left it; it stays"
	fi
	if firewall_running; then
		zone=$(cat "$STATE/zone" 2>/dev/null || firewall-cmd --get-default-zone)
		for scope in runtime permanent; do
			read_sources "$scope" "$zone" "$port" >"$WORK/in-force"
			change_sources remove "$scope" "$zone" "$port" "$WORK/in-force" || fail E_REMOVE "firewalld did not take a rule away: $(tail -n 1 "$WORK/firewall-cmd.log"); what was removed stays removed. Mend the cause, then run this again"
		done
	else
		remove_offline
	fi
}

# remove_offline: firewalld does not run, so nothing of its runtime is left; the files still hold our rules.
remove_offline() {
	zone=$(cat "$STATE/zone" 2>/dev/null || firewall-offline-cmd --get-default-zone)
	while IFS= read -r source; do
		firewall-offline-cmd --zone="$zone" --remove-rich-rule="$(rich_rule "$source" "$port")" >/dev/null 2>&1
	done <"$WORK/allow"
}

# uninstall ID HOST: the tool and its state go; the history of changes stays, for whoever asks later.
uninstall() {
	need_root
	take_lock
	may_release "$1" "$2" || return 0
	[ ! -e "$STATE/document" ] ||
		refuse E_IN_FORCE "a document is in force on this host; expected 'lqptctl remove' first"
	rm -rf "$STATE"
	rm -f "$TOOL"
	say "uninstalled; $HISTORY_FOLDER/history.jsonl and the nginx package stay"
}
