# The history of changes: who, when, under which ticket, from what to what. It outlives the tool.

HISTORY=$HISTORY_FOLDER/history.jsonl
HISTORY_DAYS=180

# who: the person as far as this host can see one.
who() {
	if [ -n "${SUDO_USER-}" ]; then
		printf '%s' "$SUDO_USER"
	else
		printf '%s' "${LOGNAME:-root}"
	fi
}

# add_history VERB BEFORE AFTER: $WORK/added and $WORK/removed are the sources that came and went.
add_history() {
	mkdir -p "$HISTORY_FOLDER"
	touch "$WORK/added" "$WORK/removed" "$WORK/ticket"
	{
		printf '{"time":"%s","verb":"%s","who":%s,"ticket":%s,"before":"%s","after":"%s","added":' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
			"$1" "$(json_string "$(who)")" "$(json_string "$(cat "$WORK/ticket")")" "$2" "$3"
		json_array <"$WORK/added"
		printf ',"removed":'
		json_array <"$WORK/removed"
		printf '}\n'
	} >"$WORK/history-line"
	forget_history
	cat "$WORK/history-line" >>"$HISTORY"
	! command -v logger >/dev/null 2>&1 || logger -t lqptctl -p auth.notice <"$WORK/history-line"
}

# forget_history: what is older than it is to be kept; the last hundred stay in any case, whatever the clock says.
forget_history() {
	[ -s "$HISTORY" ] || return 0
	oldest=$(date -u -d "-$HISTORY_DAYS days" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null) || return 0
	awk -v oldest="$oldest" -v lines="$(wc -l <"$HISTORY")" 'substr($0, 10, 20) >= oldest || NR > lines - 100' "$HISTORY" >"$HISTORY.new" && mv -f "$HISTORY.new" "$HISTORY"
}

# history: one JSON object a line, oldest first.
history() {
	need_root
	[ ! -e "$HISTORY" ] || cat "$HISTORY"
}
