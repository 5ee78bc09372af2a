# The history of changes: who, when, under which ticket, from what to what. It outlives the tool.

# add_history BEFORE AFTER
add_history() {
	mkdir -p "$HISTORY_FOLDER"
	who=${SUDO_USER:-${LOGNAME:-root}}
	{
		printf '{"time":"%s","who":%s,"ticket":%s,"before":"%s","after":"%s","added":' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
			"$(json_string "$who")" "$(json_string "$(cat "$WORK/ticket" 2>/dev/null)")" "$1" "$2"
		json_array <"$WORK/added"
		printf ',"removed":'
		json_array <"$WORK/removed"
		printf '}\n'
	} >>"$HISTORY_FOLDER/history.jsonl"
}
