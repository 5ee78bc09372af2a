# Is this host fit to be called? For load balancers, which ask nginx at /lqpt-health, and for those that only look whether
# the port can be connected to. Where that cannot be told, it is not.

HEALTH_UNIT=lqpt-health
# Started by systemd where a look fails, hangs or is killed: what was said before must not stay.
HEALTH_LOST=lqpt-health-lost.service
# The table of the kernel, or with iptables the chain, that refuses what health checks open while this host is not healthy.
REFUSES=lqpt_health
# Seconds between two connections to Leqi, and between two while none comes through.
LEQI_EVERY=60
LEQI_AGAIN=20

# check_health_commands: what a document with health checks needs.
check_health_commands() {
	[ ! -s "$WORK/health-leqi" ] || command -v curl >/dev/null 2>&1 ||
		problem E_COMMANDS "curl is missing here, and this host looks at its own health with it; install the package curl"
}

# health: called by the timer. While a run changes this host, what was said before it holds; that run says what comes.
health() {
	trap 'rm -f "$HEALTHY"; clean_up' EXIT
	need_root
	open_lock
	flock -n 9
	case $? in
	0)
		: >"$WORK/unwell"
		look_at_document && judge_health
		answer_health
		;;
	# Held by somebody; any other is no word on that. Whoever holds it longer than any run of ours takes has it for
	# something else, and what was said before he came is worth nothing any more.
	1) ! find "$HEALTHY" -mmin +15 2>/dev/null | grep -q . || rm -f "$HEALTHY" ;;
	*) exit 11 ;;
	esac
	trap clean_up EXIT
}

unwell() {
	printf '%s\n' "$1" >>"$WORK/unwell"
}

# look_at_document: the one in force, and where.
look_at_document() {
	if ! split_document "$STATE/document" "$WORK" 2>/dev/null; then
		unwell "$STATE/document is damaged or gone; pulumi up writes it again"
		# Of whom checks come is known no more.
		mode=unknown
		return 1
	fi
	read_words
	if [ ! -s "$STATE/place" ] || [ ! -s "$STATE/site-file" ]; then
		unwell "$STATE is damaged: where the document is in force is not known; pulumi up writes it again"
		return 1
	fi
	read -r zone port bind <"$STATE/place"
	SITE_FILE=$(cat "$STATE/site-file")
	[ ! -s "$STATE/temporary" ] || add_temporary 2>/dev/null
	add_peer
}

# judge_health: each reason why this host is not to be called, a sentence a line, to $WORK/unwell.
judge_health() {
	if [ -e "$STATE/closed" ]; then
		unwell "this host was closed by a person at $(cat "$STATE/closed")"
		return
	fi
	! is_armed || unwell "a start of firewalld waits for its confirmation"
	[ "$mode" != firewalld ] || judge_list
	cmp -s "$SITE_FILE" "$STATE/site.conf" || unwell "$SITE_FILE is not as lqptctl left it"
	ca_in_force || unwell "$PINNED_CA is not the document's"
	if ! listens "$bind" "$port"; then
		unwell "nothing listens on $bind:$port"
	elif ! asks_itself; then
		# One that was just told to read its files may be letting go of the last who used the old ones.
		sleep 0.2
		asks_itself || unwell "nginx does not answer on port $port"
	fi
	[ "$(cat "$WORK/health-leqi")" = no ] || leqi_reached || unwell "Leqi cannot be connected to"
}

# judge_list: who is let in, by the kernel's own account: firewalld's words cost a Python each time.
judge_list() {
	filters_for_real || {
		unwell "firewalld does not filter"
		return
	}
	kernel_rules "$zone" "$port" >"$WORK/kernel-rules"
	sed -n "s/^source$TAB//p" "$WORK/kernel-rules" | sort -u >"$WORK/kernel-allowed"
	{
		sed -n "s/^other$TAB//p" "$WORK/kernel-rules" | sort -u
		comm -13 "$WORK/allow" "$WORK/kernel-allowed" | less_just_over | sed "s/^/let in by nobody's document: /"
		comm -23 "$WORK/allow" "$WORK/kernel-allowed" | sed 's/^/listed and not let in: /'
	} >>"$WORK/unwell"
}

# asks_itself: does nginx answer on the port, whatever it says?
asks_itself() {
	ai_scheme=https
	[ "$(cat "$WORK/tls")" != none ] || ai_scheme=http
	curl -q -sk --noproxy '*' --max-time 3 -o "$WORK/health-answer" "$ai_scheme://$(own_way_in):$port/lqpt-health" </dev/null 2>/dev/null &&
		grep -qx -e healthy -e 'not healthy' "$WORK/health-answer"
}

# leqi_reached: by a connection that is closed at once, and seldom: nobody has published what Leqi bans for. One that
# fails is tried once more by the next look before it counts.
leqi_reached() {
	read -r lr_now _ </proc/uptime
	lr_now=${lr_now%.*}
	read -r lr_then lr_failures 2>/dev/null <"$HEALTHY.leqi" || lr_failures=
	case $lr_failures in
	0) lr_pause=$LEQI_EVERY ;;
	[2-9]) lr_pause=$LEQI_AGAIN ;;
	*) lr_pause=0 ;;
	esac
	if [ "$lr_pause" = 0 ] || [ "$((lr_now - lr_then))" -ge "$lr_pause" ]; then
		if connects_to_leqi; then lr_failures=0; elif [ "$lr_failures" = 0 ]; then lr_failures=1; else lr_failures=2; fi
		printf '%s %s\n' "$lr_now" "$lr_failures" >"$HEALTHY.leqi"
	fi
	[ "$lr_failures" -lt 2 ]
}

# connects_to_leqi: curl speaks no telnet where the other side does not begin it, so nothing is sent.
connects_to_leqi() {
	{ head -n 2 "$WORK/leqi-address" | grep . || cat "$WORK/leqi-name"; } | while IFS= read -r cl_address; do
		curl -q -s -4 --noproxy '*' --connect-timeout 3 --max-time 4 -o /dev/null -w '%{time_connect}\n' \
			"telnet://$cl_address:$(cat "$WORK/leqi-port")" </dev/null 2>/dev/null
	done | grep -q '[1-9]'
}

# answer_health: after judge_health: what nginx and the kernel say from now on.
answer_health() {
	# Made anew after each boot, so nobody can have taken it for another's; what tells of a shared address is there too.
	(umask 022 && mkdir -p "${HEALTHY%/*}")
	! selinux_on || chcon -t httpd_sys_content_t "${HEALTHY%/*}" 2>/dev/null
	read -r ah_was ah_since 2>/dev/null <"$HEALTHY.why" || ah_was=
	[ "$ah_was" != healthy ] || [ -e "$HEALTHY" ] || ah_was=
	[ -s "$WORK/unwell" ] || [ "$mode" != firewalld ] || refuse_no_more ||
		unwell "the kernel's table or chain $REFUSES, which refuses health checks, could not be taken away"
	ah_is=unhealthy
	if [ -s "$WORK/unwell" ]; then
		rm -f "$HEALTHY"
		[ "$mode" != firewalld ] || [ ! -s "$WORK/health-from" ] || refuse_checks ||
			unwell "health checks by TCP alone still find the port open: the kernel did not take the refusal"
	elif (umask 022 && : >"$HEALTHY"); then
		ah_is=healthy
	fi
	[ "$ah_was" = "$ah_is" ] || {
		ah_since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
		log_health "$ah_is$(sed '1s/^/: /' "$WORK/unwell" | paste -s -d ';')"
	}
	{
		printf '%s %s\n' "$ah_is" "$ah_since"
		cat "$WORK/unwell"
	} >"$WORK/health-now"
	cmp -s "$WORK/health-now" "$HEALTHY.why" || keep "$WORK/health-now" "$HEALTHY.why"
}

log_health() {
	! command -v logger >/dev/null 2>&1 || logger -t lqptctl -p daemon.warning "this host is $1"
}

# refuse_checks: new connections from health checks alone get a reset, before any rule of firewalld's, and without it.
refuse_checks() {
	kernel_change "add table ip $REFUSES
delete table ip $REFUSES
add table ip $REFUSES
add chain ip $REFUSES checks { type filter hook input priority -10; policy accept; }
add rule ip $REFUSES checks ip saddr { $(paste -s -d , "$WORK/health-from") } tcp dport $port tcp flags & (fin|syn|rst|ack) == syn reject with tcp reset" ||
		refuse_by_iptables
}

# refuse_by_iptables: where there is no nftables. firewalld takes the chain away with all others when it is started.
refuse_by_iptables() {
	command -v iptables >/dev/null 2>&1 || return 1
	# Asked before: while iptables-restore reads, it holds the lock that this waits for.
	rb_jump=
	iptables -w -C INPUT -j "$REFUSES" 2>/dev/null || rb_jump="-I INPUT 1 -j $REFUSES"
	{
		printf '*filter\n:%s - [0:0]\n' "$REFUSES"
		sed "s|.*|-A $REFUSES -s & -p tcp -m tcp --dport $port --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with tcp-reset|" "$WORK/health-from"
		printf '%s\nCOMMIT\n' "$rb_jump"
	} | iptables-restore -n 2>/dev/null
}

# refuse_no_more: after kernel_look.
refuse_no_more() {
	! grep -q "^table ip $REFUSES " "$WORK/kernel-nft" || kernel_change "delete table ip $REFUSES" || return 1
	! grep -q "^:$REFUSES " "$WORK/kernel-ipt" || {
		iptables -w -D INPUT -j "$REFUSES" 2>/dev/null
		iptables -w -F "$REFUSES" && iptables -w -X "$REFUSES"
	} 2>/dev/null
}

# keep_health: at the end of a run: the timer and the answer where somebody may ask, and nothing of it elsewhere.
keep_health() {
	if [ ! -s "$WORK/health-leqi" ]; then
		forget_health
		return 0
	fi
	kh_before=$(systemctl is-active "$HEALTH_UNIT.timer" 2>/dev/null)
	if ! arm_health; then
		rm -f "$HEALTHY"
		warn "the timer that looks at this host's health could not be made (systemd), so it counts as not healthy; see 'journalctl -n 20'"
		return 0
	fi
	[ "$kh_before" = active ] || step "this host's health is looked at"
	# Where nobody filters but somebody else, no table of ours is left from before.
	[ "$mode" = firewalld ] || ! kernel_look || refuse_no_more
	: >"$WORK/unwell"
	judge_health
	answer_health
}

# arm_health: LogLevelMax is for journals that would hold nothing else; an older systemd knows no such word.
arm_health() {
	printf '[Unit]\nDescription=lqpt: this host counts as not healthy, since a look at it failed\n[Service]\nType=oneshot\nExecStart=/bin/rm -f %s\n' "$HEALTHY" >"$WORK/health-lost"
	cmp -s "$WORK/health-lost" "/etc/systemd/system/$HEALTH_LOST" || (umask 022 && cat "$WORK/health-lost" >"/etc/systemd/system/$HEALTH_LOST") || return 1
	make_timer "$HEALTH_UNIT" "lqpt: is this host healthy?" 4 health "TimeoutStartSec=20
LogLevelMax=notice
[Unit]
OnFailure=$HEALTH_LOST
"
}

forget_health() {
	[ -d "${HEALTHY%/*}" ] || [ -e "/etc/systemd/system/$HEALTH_UNIT.timer" ] || return 0
	rm -f "/etc/systemd/system/$HEALTH_LOST"
	forget_timer "$HEALTH_UNIT"
	! kernel_look || refuse_no_more
	rm -f "$HEALTHY" "$HEALTHY".*
	rmdir "${HEALTHY%/*}" 2>/dev/null
	return 0
}

# report_health: what was last said, for status; null where nobody may ask.
report_health() {
	if [ ! -s "$WORK/health-leqi" ]; then
		printf null
		return
	fi
	read -r _ rh_since 2>/dev/null <"$HEALTHY.why" || rh_since=
	rh_healthy=false
	[ ! -e "$HEALTHY" ] || rh_healthy=true
	printf '{"healthy":%s,"since":%s,"why":' "$rh_healthy" "$([ -n "$rh_since" ] && json_string "$rh_since" || echo null)"
	if [ ! -e "$HEALTHY.why" ]; then
		echo "nobody has looked since this host was started"
	elif [ "$rh_healthy" = false ] && grep -q '^healthy ' "$HEALTHY.why"; then
		echo "it was taken back, because this host was closed or a look failed"
	else
		sed 1d "$HEALTHY.why"
	fi | json_array
	printf '}'
}
