# What may be called, and with what.

usage() {
	cat <<USAGE
lqptctl $LQPTCTL_VERSION: makes this host equal to its lqpt document (who may reach the Leqi proxy, and the proxy itself).

  lqptctl apply --tool VERSION         the document on stdin comes into force, as a transaction; a report on stdout
  lqptctl status                       what is in force, as JSON; exit status 0 whether it equals the document or not
  lqptctl remove --owner ID --host NAME     takes away the site and the rules that apply made
  lqptctl install --owner ID --host NAME --port PORT     brings nginx and firewalld and this file to $TOOL
  lqptctl uninstall --owner ID --host NAME  takes this tool away
  lqptctl version | --help

Exit status: 0 done or already so; 10 refused, nothing changed but an opening to everyone, which is closed; 11 failed, put back; 12 failed, not all put back; 64 wrong use.
What is kept: $STATE (root only); the history of changes in $HISTORY_FOLDER/history.jsonl.
USAGE
}

wrong_use() {
	printf "lqptctl: %s; see '%s --help'\n" "$1" "$TOOL" >&2
	exit 64
}

need_root() {
	[ "$(id -u)" = 0 ] || refuse E_ROOT "lqptctl runs as $(id -un); expected root. Call it through sudo"
}

main() {
	verb=${1:---help}
	[ "$#" -eq 0 ] || shift
	owner_id=
	owner_host=
	wanted_port=
	wanted_tool=
	while [ "$#" -gt 0 ]; do
		[ "$#" -ge 2 ] || wrong_use "$1 needs a value"
		case $1 in
		--owner) owner_id=$2 ;;
		--host) owner_host=$2 ;;
		--port) wanted_port=$2 ;;
		--tool) wanted_tool=$2 ;;
		*) wrong_use "unknown option $1" ;;
		esac
		shift 2
	done
	case $verb in
	--help | -h | help) usage ;;
	version | --version) printf 'lqptctl %s\n' "$LQPTCTL_VERSION" ;;
	status) status ;;
	apply)
		cat >"$WORK/document"
		[ "$wanted_tool" = "$LQPTCTL_VERSION" ] ||
			refuse E_TOOL "lqptctl $LQPTCTL_VERSION is installed here; the document was made for ${wanted_tool:-no version named}. Bring the tool that belongs to it: pulumi up of the whole stack"
		apply
		;;
	install)
		[ -n "$owner_id" ] && [ -n "$owner_host" ] && [ -n "$wanted_port" ] || wrong_use "install needs --owner, --host and --port"
		install "$owner_id" "$owner_host" "$wanted_port"
		;;
	remove | uninstall)
		[ -n "$owner_id" ] && [ -n "$owner_host" ] || wrong_use "$verb needs --owner and --host"
		"$verb" "$owner_id" "$owner_host"
		;;
	*) wrong_use "unknown verb $verb" ;;
	esac
}

main "$@"
