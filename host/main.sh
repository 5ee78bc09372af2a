# What may be called, and with what.

usage() {
	cat <<USAGE
lqptctl $LQPTCTL_VERSION: makes this host equal to its lqpt document (who may reach the Leqi proxy, and the proxy itself).

For a person at this host:
  lqptctl status                       who may reach the proxy, since when, and what deviates from the document, as JSON
  lqptctl history                      every change of the last $HISTORY_DAYS days, one JSON object a line
  lqptctl doctor [--port PORT]         facts of this machine for support, as JSON; of who gets in to PORT too; changes nothing
  lqptctl check                        is Leqi reached? Directly and through nginx, as JSON; at most $CHECK_BUDGET calls an hour
  lqptctl close                        nobody gets in; 'pulumi up' is refused until 'lqptctl open'
  lqptctl open                         back to the document
  lqptctl allow ADDRESS --for 2h       lets one more address in for a while (90s, 30m, 2h, 1d; at most 7d)
  lqptctl confirm                      keeps a firewalld that was just started; over a new SSH connection

For lqpt:
  lqptctl apply --tool VERSION         the document on stdin comes into force, as a transaction; a report on stdout
  lqptctl remove --owner ID --host NAME     takes away the site and the rules that apply made
  lqptctl install --owner ID --host NAME --port PORT [--mode external] [--nginx files|vendor|existing] [--keep-open LIST] [--closes LIST]
                                       brings nginx, and this file to $TOOL
  lqptctl nginx --owner ID --host NAME      brings nginx from files, or the vendor's archive, as the order on stdin says
  lqptctl keys --owner ID --host NAME       the listener's certificate and key, PEM on stdin, and the password of a shared address; forget-keys takes them away
  lqptctl uninstall --owner ID --host NAME  takes this tool away
  lqptctl rollback | expire | resolve | health | await-filter | trim-logs | join | vip-start | vip-stop | vip-stopped
                                       called by this host's own timers, before nginx, by logrotate, around keepalived
  lqptctl version | --help

Exit status: 0 done or already so; 10 refused, nothing changed but an opening to everyone, which is closed; 11 failed, put back; 12 failed, not all put back; 13 firewalld was started and waits for a new SSH connection; 14 Leqi is not reached; 64 wrong use.
What is kept: $STATE (root only); the history of changes in $HISTORY; who called in the folder lqpt beside nginx's own logs.
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
	wanted_mode=firewalld
	wanted_source=package
	keep_open=
	closes=
	duration=
	address=
	case $verb,${1-} in
	allow,[!-]*)
		address=$1
		shift
		;;
	esac
	while [ "$#" -gt 0 ]; do
		[ "$#" -ge 2 ] || wrong_use "$1 needs a value"
		case $1 in
		--owner) owner_id=$2 ;;
		--host) owner_host=$2 ;;
		--port) wanted_port=$2 ;;
		--tool) wanted_tool=$2 ;;
		--mode) wanted_mode=$2 ;;
		--nginx) wanted_source=$2 ;;
		--keep-open) keep_open=$2 ;;
		--closes) closes=$2 ;;
		--for) duration=$2 ;;
		*) wrong_use "unknown option $1" ;;
		esac
		shift 2
	done
	case $verb in
	--help | -h | help) usage ;;
	version | --version) printf 'lqptctl %s\n' "$LQPTCTL_VERSION" ;;
	doctor)
		case $wanted_port in *[!0-9]*) wrong_use "found --port $wanted_port; expected a number" ;; esac
		doctor "$wanted_port"
		;;
	status | history | check | close | open | confirm | rollback | expire | resolve | health | join) "$verb" ;;
	vip-start) vip_start ;;
	vip-stop) vip_stop ;;
	vip-stopped) vip_stopped ;;
	await-filter) await_filter ;;
	trim-logs) trim_logs ;;
	allow)
		[ -n "$address" ] && [ -n "$duration" ] || wrong_use "allow needs an address and --for"
		allow "$address" "$duration"
		;;
	apply)
		cat >"$WORK/document"
		[ "$wanted_tool" = "$LQPTCTL_VERSION" ] ||
			refuse E_TOOL "lqptctl $LQPTCTL_VERSION is installed here; the document was made for ${wanted_tool:-no version named}. Bring the tool that belongs to it: pulumi up of the whole stack"
		apply
		;;
	install)
		[ -n "$owner_id" ] && [ -n "$owner_host" ] && [ -n "$wanted_port" ] || wrong_use "install needs --owner, --host and --port"
		install "$owner_id" "$owner_host" "$wanted_port" "$keep_open" "$closes"
		;;
	nginx | keys | forget-keys | remove | uninstall)
		[ -n "$owner_id" ] && [ -n "$owner_host" ] || wrong_use "$verb needs --owner and --host"
		case $verb in
		nginx) cat >"$WORK/order" && bring_nginx "$owner_id" "$owner_host" ;;
		keys) cat >"$WORK/pem" && keys "$owner_id" "$owner_host" ;;
		forget-keys) forget_keys "$owner_id" "$owner_host" ;;
		*) "$verb" "$owner_id" "$owner_host" ;;
		esac
		;;
	*) wrong_use "unknown verb $verb" ;;
	esac
}

main "$@"
