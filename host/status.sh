# report and status: what is in force, read from the machine, never from what was asked.

# report CHANGED: the answer of an apply. The whitelist in it is what was read back.
report() {
	printf '{"lqptctl":"%s","owner":%s,"host":%s,"digest":"sha256:%s","changed":%s,"zone":%s,"port":%s,"whitelist":' \
		"$LQPTCTL_VERSION" "$(json_string "$id")" "$(json_string "$host")" "$(digest "$WORK/document")" "$1" \
		"$(json_string "$zone")" "$port"
	read_sources runtime "$zone" "$port" | json_array
	printf ',"nginx":%s,"warnings":' "$(json_string "$(nginx -v 2>&1 | sed 's|.*/||')")"
	touch "$WORK/warnings"
	json_array <"$WORK/warnings"
	printf '}\n'
}

# status: does the machine equal its document? For a person and for whoever compares a fleet.
status() {
	need_root
	if [ ! -e "$STATE/document" ]; then
		printf '{"lqptctl":"%s","owner":null,"equal":null}\n' "$LQPTCTL_VERSION"
		return 0
	fi
	split_document "$STATE/document" "$WORK" || refuse E_STATE "$STATE/document is damaged: $(cat "$WORK/document-error")"
	read -r zone port bind <"$STATE/place"
	filters=true
	filters_for_real || filters=false
	for scope in runtime permanent; do
		read_sources "$scope" "$zone" "$port" >"$WORK/$scope" || filters=false
		other_openings "$scope" "$zone" "$port" | cut -f 3
	done >"$WORK/openings"
	serves=true
	{ nginx_active && listens "$bind" "$port" && cmp -s "$SITE_FILE" "$STATE/site.conf"; } || serves=false
	equal=false
	[ "$filters$serves" = truetrue ] && [ ! -e "$STATE/pending" ] && [ ! -s "$WORK/openings" ] &&
		cmp -s "$WORK/runtime" "$WORK/allow" && cmp -s "$WORK/permanent" "$WORK/allow" && equal=true
	printf '{"lqptctl":"%s","owner":%s,"host":%s,"digest":"sha256:%s","equal":%s,"firewallFilters":%s,"siteServes":%s,"zone":%s,"port":%s,"whitelist":' \
		"$LQPTCTL_VERSION" "$(json_string "$(cat "$WORK/owner-id")")" "$(json_string "$(cat "$WORK/host")")" \
		"$(digest "$STATE/document")" "$equal" "$filters" "$serves" "$(json_string "$zone")" "$port"
	json_array <"$WORK/runtime"
	printf ',"permanent":'
	json_array <"$WORK/permanent"
	printf ',"otherOpenings":'
	json_array <"$WORK/openings"
	printf '}\n'
}
