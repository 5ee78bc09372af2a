# What lqptctl says: progress and refusals to stderr, one JSON object to stdout.

# Exit statuses, stable: 0 done (or already so), 10 refused and nothing changed, 11 failed and put back,
# 12 failed and could not be put back, 13 armed and to be confirmed, 14 Leqi is not reached, 64 wrong use. `1` and `126` upwards are never ours: sudo's, timeout's
# and the shell's own.

say() {
	printf 'lqptctl: %s\n' "$*" >&2
}

# step TEXT: between two steps of a transaction. Tests end the run here, without a word, as a power cut would:
# LQPT_DIE_AT=n at the nth.
steps=0
step() {
	steps=$((steps + 1))
	[ "${LQPT_DIE_AT-}" != "$steps" ] || kill -KILL $$
	say "$1"
}

# warn TEXT: told now, and in the report, from which every run of the stack tells it again.
warn() {
	say "warning: $*"
	printf '%s\n' "$*" >>"$WORK/warnings"
}

# keep_warnings VERB: those of a run whose own answer no stack reads; each apply repeats them.
keep_warnings() {
	touch "$WORK/warnings"
	mkdir -p "$STATE" && keep "$WORK/warnings" "$STATE/warnings-$1" || refuse E_STATE "$STATE cannot be written; expected room on a writable disk"
}

repeat_warnings() {
	cat "$STATE"/warnings-* 2>/dev/null | while IFS= read -r warning; do warn "$warning"; done
}

# note_change TEXT: a change that could not wait for the transaction; told in any case.
note_change() {
	warn "$1"
	printf '%s\n' "$1" >>"$WORK/changed"
}

# problem CODE TEXT: one reason to refuse. Collected, so that a person mends all of them in one go.
problem() {
	printf '[%s] %s\n' "$1" "$2" >>"$WORK/problems" && return 0
	printf 'lqptctl: REFUSED; [%s] %s\n  and /tmp is full\n' "$1" "$2" >&2
	exit 10
}

# Ends the run if any problem was noted. To be called before the first change.
refuse_if_problems() {
	[ -s "$WORK/problems" ] || return 0
	take_back_temporary
	undo_start "what was to follow was refused" || say "the start of firewalld could not be undone"
	{
		printf 'lqptctl %s: REFUSED on %s; nothing on this host was changed%s\n' "$LQPTCTL_VERSION" "$(uname -n)" \
			"$([ ! -s "$WORK/changed" ] || printf ', but %s' "$(paste -s -d ';' "$WORK/changed")")"
		sed 's/^/  /' "$WORK/problems"
	} >&2
	exit 10
}

refuse() {
	problem "$1" "$2"
	refuse_if_problems
}

# fail CODE TEXT: after the first change, where TEXT says what state the host is left in.
fail() {
	printf 'lqptctl %s: FAILED on %s\n  [%s] %s\n' "$LQPTCTL_VERSION" "$(uname -n)" "$1" "$2" >&2
	exit 11
}

# utc SECONDS: since 1970, as a person and a program read it.
utc() {
	date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ
}

# json_string TEXT: TEXT as a JSON string. Control characters are dropped: no report needs one.
json_string() {
	# What is nearly every text needs none of the programs below.
	case $1 in
	*[!A-Za-z0-9_.,:/+@\ -]*) ;;
	*)
		printf '"%s"' "$1"
		return
		;;
	esac
	printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037\177' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# json_array: the lines of stdin as a JSON array of strings. Few programs, since a list may have 256 lines.
json_array() {
	printf '['
	tr -d '\000-\011\013-\037\177' | LC_ALL=C sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&"/' | paste -s -d , | tr -d '\n'
	printf ']'
}
