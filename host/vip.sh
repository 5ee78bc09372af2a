# The address that a pair of hosts shares, as far as the document has one: what it is here, and what it may be refused for.

# Root's alone: keepalived's own configuration holds the password as well.
VRRP_PASSWORD=/etc/lqpt/vrrp-pass
KEEPALIVED_CONF=/etc/keepalived/keepalived.conf
KEEPALIVED_OLDEST=1.3.5
# Told to the check that keepalived makes, which is nobody's but its own: so others may look in.
VIP_FOLDER=/run/lqpt

# wants_vip: after split_document: does the document share an address?
wants_vip() {
	[ -s "$WORK/vip-address" ]
}

# read_vip: its values, all empty where there is none.
read_vip() {
	vip=$(cat "$WORK/vip-address")
	vip_address=${vip%/*}
	vip_interface=$(cat "$WORK/vip-interface")
	vip_own=$(cat "$WORK/vip-own")
	vip_peer=$(cat "$WORK/vip-peer")
	vip_router=$(cat "$WORK/vip-router-id")
	vip_port=$(cat "$WORK/port")
	vip_scheme=https
	[ "$(cat "$WORK/tls")" != none ] || vip_scheme=http
	keepalived_bin=$(command -v keepalived)
}

# read_vip_in_force: the same of the document that is in force; fails where it has none.
read_vip_in_force() {
	mkdir -p "$WORK/in-force-document" && split_document "$STATE/document" "$WORK/in-force-document" 2>/dev/null || return 1
	vf_folder=$WORK
	WORK=$WORK/in-force-document
	read_vip
	wants_vip
	vf_status=$?
	WORK=$vf_folder
	return "$vf_status"
}

# add_peer: the other of the pair asks whether this one is healthy, so it is let in to the port; nginx answers it nothing
# else, and it is on nobody's list.
add_peer() {
	: >"$WORK/peer-only"
	wants_vip && ! grep -Fqx -f "$WORK/vip-peer" "$WORK/allow" || return 0
	cp "$WORK/vip-peer" "$WORK/peer-only"
	sort -u -o "$WORK/allow" "$WORK/allow" "$WORK/peer-only"
}

# known_peers: who was let in as the other of a pair by the document in force, and by one that was cut off half-way.
known_peers() {
	for kp_past in "$STATE/document" "$STATE/pending/document"; do
		sed -n '/^\[vip\]$/,/^$/s/^peer //p' "$kp_past" 2>/dev/null
	done
}

# survey_vip: after survey_firewall: what the shared address may be refused for.
survey_vip() {
	read_vip
	vrrp_zone=-
	wants_vip || return 0
	[ "$mode" = external ] || survey_vrrp
	survey_interface
	survey_keepalived
	[ -s "$VRRP_PASSWORD" ] ||
		problem E_KEYS "the password that the two hosts know each other by is not on this host; expected it in $VRRP_PASSWORD. Run pulumi up of the whole stack, which brings it"
	for sv_word in curl useradd; do
		command -v "$sv_word" >/dev/null 2>&1 ||
			problem E_COMMANDS "$sv_word is missing here, and the shared address needs it; install the package that brings it (curl; passwd or shadow-utils)"
	done
}

# survey_vrrp: where it comes in, and that nobody else's does.
survey_vrrp() {
	vrrp_zone=$(vrrp_enters "$vip_interface" "$vip_peer")
	vrrp_from_others >"$WORK/vrrp-others"
	while IFS= read -r sv_other; do
		problem E_VIP "VRRP is let in from others than the peer: $sv_other; expected it from $vip_peer alone, since whoever sends it can take $vip_address. Take that away with firewall-cmd, then run this again"
	done <"$WORK/vrrp-others"
}

survey_interface() {
	if [ ! -e "/sys/class/net/$vip_interface" ]; then
		problem E_VIP "this host has no interface $vip_interface; expected the one that $vip is to be on: $(ip -o link show 2>/dev/null | sed -n 's/^[0-9]*: \([^:@]*\).*/\1/p' | grep -vx lo | paste -s -d ' '). Write the right one to lqpt:vip.interface"
		return
	fi
	has_address "$vip_own" ||
		problem E_VIP "interface $vip_interface has not the address $vip_own; expected this host's own address there, which has: $(addresses_of "$vip_interface" | paste -s -d ' '). Write the right one to lqpt:vip.hosts or lqpt:vip.interface"
	# Ours may have been killed; the next start takes the address off before anything else.
	! has_address "$vip_address" || keepalived_active || [ -e "$STATE/keepalived.conf" ] ||
		problem E_VIP "interface $vip_interface has the address $vip_address already, and keepalived does not run here; expected that nobody has it but by keepalived. Take it off this host's own configuration, or choose another lqpt:vip.address"
}

survey_keepalived() {
	if [ -z "$keepalived_bin" ]; then
		[ "$nginx_source" != files ] ||
			problem E_VIP "keepalived is not on this host and was not among lqpt:nginx.files; expected it, since lqpt:nginx.source is files. Install it on the host, or name its package (keepalived…) and what that needs in lqpt:nginx.files, each by itself and not in an archive"
	else
		sk_version=$(keepalived_version)
		is_at_least "$sk_version" "$KEEPALIVED_OLDEST" ||
			problem E_VIP "keepalived is version ${sk_version:-unknown} here; expected $KEEPALIVED_OLDEST or newer. Bring a newer one"
	fi
	[ ! -s "$KEEPALIVED_CONF" ] || known_conf || sample_conf || grep -Fqx "$KEEPALIVED_CONF" "$WORK/remove" ||
		problem E_VIP "$KEEPALIVED_CONF is there and not as lqptctl left it; expected none, or ours untouched. If it is to go, name it in lqpt:remove"
}

# keepalived_version: 2.2.7
keepalived_version() {
	"${keepalived_bin:-keepalived}" --version 2>&1 | sed -n 's/^Keepalived v\([0-9.]*\).*/\1/p'
}

# known_conf: is it one that we wrote, in this run's past or in a run that was cut off?
known_conf() {
	cmp -s "$KEEPALIVED_CONF" "$STATE/keepalived.conf" || cmp -s "$KEEPALIVED_CONF" "$STATE/keepalived-next"
}

# sample_conf: Red Hat's package brings one, which is nobody's as long as it is as it came and nobody runs by it.
sample_conf() {
	! keepalived_active && rpm -qf "$KEEPALIVED_CONF" >/dev/null 2>&1 && ! rpm -V keepalived 2>/dev/null | grep -Fq " $KEEPALIVED_CONF"
}

addresses_of() {
	ip -4 -o address show dev "$1" 2>/dev/null | sed -n 's/.* inet \([0-9.]*\).*/\1/p'
}

# has_address ADDRESS: on the interface of the shared one.
has_address() {
	addresses_of "$vip_interface" | grep -Fx "$1" >/dev/null
}

holds_vip() {
	has_address "$vip_address"
}

# vip_settled: somebody has the address: this host, or one that answers there.
vip_settled() {
	holds_vip || vip_answers
}

# vip_answers: does anybody answer on the port at the shared address?
vip_answers() {
	answers "$vip_scheme://$vip_address:$vip_port/lqpt-health"
}

# answers URL: at once, as on a network that both are on. Any HTTP answer counts, and so does an nginx that closes (52, 56;
# 35 where it does in the handshake).
answers() {
	timeout 0.5 curl -q -sk -o /dev/null --noproxy '*' "$1" </dev/null
	case $? in
	0 | 35 | 52 | 56) return 0 ;;
	*) return 1 ;;
	esac
}

# status_vip: as JSON.
status_vip() {
	wants_vip || {
		printf null
		return
	}
	printf '{"address":"%s","interface":%s,"own":"%s","peer":"%s","holds":%s,"joined":%s,"keepalived":%s,"version":%s}' "$vip" \
		"$(json_string "$vip_interface")" "$vip_own" "$vip_peer" "$(holds_vip && echo true || echo false)" \
		"$([ -e "$VIP_FOLDER/joined" ] && echo true || echo false)" "$(json_string "$(systemctl is-active keepalived 2>/dev/null)")" \
		"$(json_string "$([ -z "$keepalived_bin" ] || keepalived_version)")"
}

# judge_vip: for status.
judge_vip() {
	wants_vip || return 0
	if ! keepalived_active; then
		deviates "keepalived does not run, so this host does not stand in for its peer"
		! holds_vip || deviates "interface $vip_interface has $vip_address, and keepalived does not run: the peer may have it too"
	fi
	[ "$(systemctl is-enabled keepalived 2>/dev/null)" = enabled ] || deviates "keepalived is not started at boot"
	cmp -s "$KEEPALIVED_CONF" "$STATE/keepalived.conf" || deviates "$KEEPALIVED_CONF is not as lqptctl left it"
	! has_check || return 0
	deviates "keepalived's check of this host, or what orders its start and end, is not as lqptctl left it"
}
