# Whose this host is: "ID HOST", the lqpt:id and the host's name in the stack that manages it.

# check_owner ID HOST: refuses a host of another id. The same id under another host name takes it over:
# that is a host renamed in the config.
check_owner() {
	[ -s "$STATE/owner" ] || return 0
	read -r held_id held_host <"$STATE/owner"
	[ "$held_id" = "$1" ] ||
		refuse E_OWNER "this host is held by $held_id (as $held_host), not by $1; expected a host that nobody holds. Destroy that stack first, or mend lqpt:id"
}

# owned_by ID HOST: is it exactly this one's?
owned_by() {
	[ -e "$STATE/owner" ] || return 1
	read -r held_id held_host <"$STATE/owner"
	[ "$held_id $held_host" = "$1 $2" ]
}

# may_release ID HOST: the late removal of a host that was renamed must do nothing. Succeeds where the
# removal is to go on.
may_release() {
	[ ! -e "$STATE/owner" ] && return 0
	[ -s "$STATE/owner" ] || fail E_STATE "$STATE/owner is empty; expected whose this host is. Nothing was removed. Run 'pulumi up' first, which writes it again"
	owned_by "$1" "$2" && return 0
	say "this host is now $held_host of $held_id; what $2 of $1 was is no more, and nothing is to be removed"
	return 1
}
