# check: is Leqi reached? The test of the vendor's document, directly and through our own nginx. An action and no state:
# of what is enforced it changes nothing. Nobody has published what earns a ban, so calls are few and counted.

# Calls of one hour, direct ones and those through nginx together.
CHECK_BUDGET=8
CHECK_TRIES=2
CHECK_PAUSE=${LQPT_CHECK_PAUSE-10}
# What Leqi answers to a call without a body: it read the call, and complains of its empty body.
CHECK_ANSWER='json数据格式不正确'

# check: for a person, and for whoever looks after a fleet. Exit status 14 where Leqi is not reached.
check() {
	need_document
	command -v curl >/dev/null 2>&1 || refuse E_COMMANDS "curl is missing here, and the check is made with it; install the package curl"
	split_document "$STATE/document" "$WORK" || refuse_damaged
	read_words
	find_own_nginx
	# Leqi may take its time, and whoever closes this host meanwhile must not wait for it.
	exec 9>&-
	run_check
	cat "$WORK/check"
	[ "$check_connected" = yes ] || exit 14
}

# run_check: the answer as one JSON object to $WORK/check; sets check_connected.
run_check() {
	check_connected=yes
	leqi_name=$(cat "$WORK/leqi-name")
	leqi_port=$(cat "$WORK/leqi-port")
	{
		printf '{"time":"%s","leqi":%s,"environments":{' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(json_string "$leqi_name:$leqi_port")"
		rc_separator=
		while read -r environment check_path; do
			printf '%s"%s":{"direct":' "$rc_separator" "$environment"
			rc_separator=,
			check_way direct
			printf ',"nginx":'
			check_way nginx
			printf '}'
		done <"$WORK/environment"
		printf '},"egress":'
		check_egress
		printf ',"callsLeft":%s}\n' "$((CHECK_BUDGET - $(calls_made)))"
	} >"$WORK/check"
}

# calls_made: how many within the last hour.
calls_made() {
	touch "$STATE/checks" 2>/dev/null
	awk -v now="$(date +%s)" '$1 > now - 3600 && $1 <= now' "$STATE/checks" 2>/dev/null | wc -l | tr -d ' '
}

# take_call: one of them, noted before it is made; fails where none is left, or none can be noted. Checks may run side by
# side: the host's own lock is not held meanwhile.
take_call() (
	exec 8>>/run/lqpt-checks.lock && flock -w 10 8 && [ "$(calls_made)" -lt "$CHECK_BUDGET" ] || exit 1
	{
		awk -v now="$(date +%s)" '$1 > now - 3600' "$STATE/checks" 2>/dev/null
		date +%s
	} >"$WORK/checks" && keep "$WORK/checks" "$STATE/checks"
)

# check_way direct|nginx: tries until it is clear, prints what came of it. 403 may be passing, so it is tried once more.
check_way() {
	cw_try=0
	cw_result=
	while [ "$cw_try" -lt "$CHECK_TRIES" ]; do
		take_call || {
			[ -n "$cw_result" ] || cw_result=not-tried
			break
		}
		[ "$cw_try" = 0 ] || sleep "$CHECK_PAUSE"
		cw_try=$((cw_try + 1))
		call_leqi "$1" "$environment"
		cw_result=$(judge_call "$1")
		[ "$cw_result" = forbidden ] || break
	done
	[ "$cw_result" = connected ] || check_connected=no
	printf '{"result":"%s","says":%s' "$cw_result" "$(json_string "$(words_for "$cw_result" "$1")")"
	[ "$cw_result" = not-tried ] || printf ',"status":%s,"curl":%s,"tries":%s' "${cw_status:-0}" "${cw_exit:-0}" "$cw_try"
	case $cw_result in
	tls-unverified) printf ',"chain":' && chain_of | json_array ;;
	esac
	printf '}'
}

# call_leqi direct|nginx ENVIRONMENT: one call, its body to $WORK/answer; sets cw_exit, cw_status and cw_connected (the
# seconds after which TCP stood, 0 for never).
call_leqi() {
	: >"$WORK/answer"
	set -- "$1" "$2" -sS -o "$WORK/answer" -w '%{http_code} %{time_connect}' --connect-timeout 10 --max-time 30 -X POST \
		-H 'Content-Type: application/json' -H "jrdwptbh: $(cat "$WORK/leqi-id")" -H "sydwptbh: $(cat "$WORK/leqi-id")"
	cl_way=$1
	cl_environment=$2
	shift 2
	[ "$cl_environment" != sandbox ] || set -- "$@" -H 'sxcsbz: 1'
	if [ "$cl_way" = nginx ]; then
		set -- "$@" --noproxy '*' "http://127.0.0.1:$(cat "$WORK/check-port")$check_path"
	else
		case $(cat "$WORK/verify") in
		pinned) set -- "$@" --cacert "$PINNED_CA" ;;
		off) set -- "$@" -k ;;
		system) set -- "$@" --cacert "$(ca_bundle)" ;;
		esac
		[ ! -s "$WORK/leqi-address" ] || set -- "$@" --resolve "$leqi_name:$leqi_port:$(head -n 1 "$WORK/leqi-address")"
		set -- "$@" -4 --noproxy '*' "https://$leqi_name:$leqi_port$check_path"
	fi
	curl "$@" >"$WORK/curl" 2>"$WORK/curl-error" </dev/null
	cw_exit=$?
	read -r cw_status cw_connected <"$WORK/curl" || :
	cw_status=$(printf '%s' "${cw_status:-0}" | sed 's/[^0-9]//g; s/^0*\(.\)/\1/')
}

# judge_call direct|nginx: one word.
judge_call() {
	if grep -Fq "$CHECK_ANSWER" "$WORK/answer" 2>/dev/null; then
		echo connected
		return
	fi
	case $cw_exit,$cw_status in
	0,403) echo forbidden ;;
	0,502 | 0,504) [ "$1" = nginx ] && echo bad-gateway || echo answered ;;
	0,*) echo answered ;;
	6,*) echo no-name ;;
	7,*) echo refused ;;
	28,*) awk -v t="${cw_connected:-0}" 'BEGIN { exit !(t + 0 == 0) }' && echo dropped || echo no-answer ;;
	51,* | 60,*) echo tls-unverified ;;
	35,*) echo tls-failed ;;
	52,*) echo no-answer ;;
	*) echo failed ;;
	esac
}

# words_for RESULT WAY: what it means and what to do next.
words_for() {
	case $1 in
	connected) echo "Leqi read the call" ;;
	forbidden) echo "403: Leqi refuses this address, perhaps for a while only. Check again after 30 minutes; if it stays, ask whether the address that the world sees is the registered one, and whether it was banned" ;;
	bad-gateway) echo "nginx got no answer from Leqi: see its error log, and what the direct call says" ;;
	answered) echo "an answer that is not the expected one, with status $cw_status: $(head -c 200 "$WORK/answer" | tr -c '[:print:]' ' ')" ;;
	no-name) echo "$leqi_name is not resolved here: mend the name server or /etc/hosts, or write lqpt:leqi.addresses" ;;
	refused) if [ "$2" = nginx ]; then echo "nobody listens on 127.0.0.1:$(cat "$WORK/check-port"): see lqptctl status"; else echo "the connection was refused: $(tail -n 1 "$WORK/curl-error")"; fi ;;
	dropped) echo "no connection within 10 s: something on the way drops tcp $leqi_port, or Leqi does" ;;
	no-answer) echo "a connection and no answer: $(tail -n 1 "$WORK/curl-error")" ;;
	tls-unverified) echo "the certificate is not one that this machine trusts (lqpt:leqi.verify is $(cat "$WORK/verify")). Compare the chain by another channel; then pin its CA: lqpt:leqi.verify pinned, with ca" ;;
	tls-failed) echo "no TLS with Leqi: $(tail -n 1 "$WORK/curl-error")" ;;
	not-tried) echo "not called: $CHECK_BUDGET calls were made within the last hour; check again in an hour" ;;
	*) echo "curl ended with $cw_exit: $(tail -n 1 "$WORK/curl-error")" ;;
	esac
}

# chain_of: the certificates that Leqi sends, "SUBJECT; issued by ISSUER; until DATE; sha256 FINGERPRINT" a line.
chain_of() {
	co_address=$(head -n 1 "$WORK/leqi-address")
	timeout 15 openssl s_client -connect "${co_address:-$leqi_name}:$leqi_port" -servername "$leqi_name" -showcerts </dev/null 2>/dev/null |
		awk -v out="$WORK/certificate" '/-----BEGIN CERTIFICATE-----/ { n++; on = 1 } on { print >(out n) } /-----END CERTIFICATE-----/ { on = 0; close(out n) }'
	for certificate in "$WORK"/certificate[0-9]*; do
		[ -s "$certificate" ] || continue
		openssl x509 -in "$certificate" -noout -subject -issuer -enddate -fingerprint -sha256 2>/dev/null |
			sed 's/^subject= */is /; s/^issuer= */issued by /; s/^notAfter=/until /; s/^.*[Ff]ingerprint=/sha256 /' | paste -s -d ';' | sed 's/;/; /g'
	done
}

# check_egress: the address that the world sees, where a reflector is configured, against the registered one.
check_egress() {
	[ -s "$WORK/reflector" ] || {
		printf 'null'
		return
	}
	ce_seen=$(curl -sS --max-time 15 -4 "$(cat "$WORK/reflector")" 2>/dev/null </dev/null | head -c 200 | grep -Eo '([0-9]{1,3}\.){3}[0-9]{1,3}' | head -n 1)
	ce_registered=$(cat "$WORK/registered-ip")
	ce_equal=null
	[ -z "$ce_seen" ] || [ -z "$ce_registered" ] || {
		ce_equal=false
		[ "$ce_seen" != "$ce_registered" ] || ce_equal=true
	}
	[ "$ce_equal" != false ] || check_connected=no
	printf '{"seen":%s,"registered":%s,"equal":%s}' "$(json_string "$ce_seen")" "$(json_string "$ce_registered")" "$ce_equal"
}

# check_after: what an apply that has come into force asks, where it is to.
check_after() {
	ca_when=$(cat "$WORK/after")
	[ "$ca_when" != never ] || return 0
	if ! command -v curl >/dev/null 2>&1; then
		[ "$ca_when" = report ] || fail E_COMMANDS "the document is in force, and curl is missing here, which the check is made with; install the package curl, then run this again"
		warn "Leqi was not asked: curl is missing here, which the check is made with; install the package curl"
		return 0
	fi
	echo owed >"$STATE/check-owed"
	run_check
	if [ "$check_connected" = yes ]; then
		rm -f "$STATE/check-owed"
	elif [ "$ca_when" = report ]; then
		rm -f "$STATE/check-owed"
		warn "Leqi is not reached: $(cat "$WORK/check")"
	else
		fail E_CHECK "the document is in force, and Leqi is not reached: $(cat "$WORK/check"). Mend that, then run this again; lqpt:check.after: report fails nothing by it"
	fi
}
