# firewalld: who may open TCP to the port. Deltas to the runtime and the permanent configuration,
# never a reload: a reload rejects new connections meanwhile, and on 0.6.3 it drops established ones.

# The end of a network wider than /8, by its prefix or by its mask.
WIDE_MASK='/(0*[0-7]|(0|128|192|224|240|248|252|254)[.][0-9.]*)'

# firewall_running SECONDS: does it answer, within so many?
firewall_running() {
	[ "$(timeout "$1" firewall-cmd --state 2>/dev/null)" = running ]
}

# fw runtime|permanent OPTION...: one firewall-cmd call on that configuration. It is Python and costs 0.2 to 0.5 s. A
# daemon that hangs on D-Bus must not hang us.
fw() {
	fw_scope=$1
	shift
	if [ "$fw_scope" = permanent ]; then
		timeout 60 firewall-cmd --permanent "$@"
	else
		timeout 60 firewall-cmd "$@"
	fi
}

# rich_rule SOURCE PORT: as in the vendor's document, and as firewalld prints it back.
rich_rule() {
	printf 'rule family="ipv4" source address="%s" port port="%s" protocol="tcp" accept' "$1" "$2"
}

# default_zone: firewalld writes it to its file whenever it is changed; asking the daemon costs half a second.
default_zone() {
	written_default_zone | grep . || firewall-cmd --get-default-zone 2>/dev/null
}

# written_default_zone: of several lines firewalld takes the first.
written_default_zone() {
	sed -n '/^DefaultZone=/{s/^DefaultZone=//p;q;}' /etc/firewalld/firewalld.conf 2>/dev/null
}

# find_zone WANTED: after look runtime: the zone that the traffic enters, to $WORK/found-zone. For "auto" that is the
# zone of the interface through which the allowed sources are answered.
find_zone() {
	if [ "$1" != auto ]; then
		grep -q "^$1\( \|\$\)" "$WORK/zones-runtime" ||
			refuse E_ZONE "zone $1 does not exist here; expected one of: $(sed -n 's/^\([^ \t][^ \t]*\).*/\1/p' "$WORK/zones-runtime" | tr '\n' ' ')"
		printf '%s\n' "$1" >"$WORK/found-zone"
		return 0
	fi
	zones_entered >"$WORK/zones"
	[ "$(wc -l <"$WORK/zones")" = 1 ] ||
		refuse E_ZONE "the allowed sources come in through several zones ($(tr '\n' ' ' <"$WORK/zones")); expected one. Write the right one to lqpt:firewall.zone"
	cp "$WORK/zones" "$WORK/found-zone"
}

# zones_entered: after look runtime: the zones of the interfaces through which the allowed sources are answered.
zones_entered() {
	# All at once: a process for each of 256 sources would take seconds. Without -force it ends at the first without a way back.
	touch "$WORK/peer-only"
	comm -23 "$WORK/allow" "$WORK/peer-only" | sed 's|/.*||; s/^/route get /' | ip -4 -force -batch - 2>/dev/null |
		sed -n 's/^[0-9][0-9.]* .*dev \([^ ]*\).*/\1/p' | sort -u >"$WORK/interfaces"
	while IFS= read -r interface; do
		zone_of "$interface"
	done <"$WORK/interfaces" | sort -u | grep . || default_zone
}

# look runtime|permanent: all zones as firewalld prints them, to $WORK/zones-SCOPE. One call answers every question
# below; firewall-cmd is asked where the daemon itself cannot be. Fails where firewalld does not answer: no answer is not
# an empty list. A list that broke off is asked for again, since a whole transaction would go back for it; not from a
# daemon that hangs (124, timeout's) or is gone (252, its own).
look() {
	ask_zones "$1" && return 0
	[ "$?" != 124 ] || return 1
	look_by_command "$1"
}

look_by_command() {
	look_once "$1"
	case $? in
	0) return 0 ;;
	124 | 252) return 1 ;;
	esac
	say "firewalld did not answer ($(look_words)), and is asked once more"
	look_once "$1"
}

look_once() {
	fw "$1" --list-all-zones >"$WORK/zones-$1" 2>"$WORK/look-$1" || return
	grep -q '^[^ \t]' "$WORK/zones-$1"
}

# look_words: what firewall-cmd said where look failed; nothing where it was ended for the time that it took.
look_words() {
	cat "$WORK/look-runtime" "$WORK/look-permanent" 2>/dev/null | tail -n 1
}

# look_both: runtime and permanent. firewall-cmd is asked for both side by side: most of each call is the start of its
# Python.
look_both() {
	ask_zones runtime permanent && return 0
	[ "$?" != 124 ] || return 1
	look_by_command permanent &
	lb_permanent=$!
	look_by_command runtime
	lb_runtime=$?
	wait "$lb_permanent" && [ "$lb_runtime" = 0 ]
}

# sources_in runtime|permanent ZONE PORT: after look: whom rules like ours let in, sorted. Fails without that zone.
sources_in() {
	awk -v want="$2" '/^[^ \t]/ { zone = $1; if (zone == want) seen = 1 } /^[ \t]/ && zone == want { sub(/^[ \t]+/, ""); print } END { exit !seen }' \
		"$WORK/zones-$1" >"$WORK/zone-rules" || return 1
	our_sources "$3" <"$WORK/zone-rules"
}

# read_sources runtime|permanent ZONE PORT: the same, looked at now.
read_sources() {
	look "$1" && sources_in "$1" "$2" "$3"
}

# written_sources ZONE PORT: as firewalld's files have them, whatever it has in its memory.
written_sources() {
	firewall-offline-cmd --zone="$1" --list-rich-rules 2>/dev/null | our_sources "$2"
}

# our_sources PORT: what is wider than /8, also where its mask is written as 0.0.0.0, is nobody's address but an opening
# to everyone.
our_sources() {
	sed -n 's/^rule family="ipv4" source address="\([0-9./]*\)" port port="'"$1"'" protocol="tcp" accept$/\1/p' | grep -Ev "$WIDE_MASK\$" | sort -u
}

# change_sources add|remove runtime|permanent ZONE PORT FILE: FILE's sources, one by one. Told to the daemon over D-Bus
# (firewalld.dbus(5)), as firewall-cmd does, which takes twenty times as long because it is Python.
change_sources() {
	[ -s "$5" ] || return 0
	cs_place=
	if [ "$2" = permanent ]; then
		cs_place=$(permanent_zone "$3")
		[ -n "$cs_place" ] || return 1
	fi
	while IFS= read -r source; do
		change_source "$1" "$cs_place" "$3" "$(rich_rule "$source" "$4")" || return 1
	done <"$5"
}

# change_source add|remove PLACE ZONE RULE: PLACE is permanent_zone's, and empty for the runtime. That it is so already
# is no failure, as it is none to firewall-cmd.
change_source() {
	if [ -n "$2" ]; then
		firewalld "$2" .config.zone "$1RichRule" s "$4"
	elif [ "$1" = add ]; then
		firewalld "" .zone addRichRule ssi "$3" "$4" 0
	else
		firewalld "" .zone removeRichRule ss "$3" "$4"
	fi >/dev/null 2>"$WORK/firewalld-error" || grep -Eq 'ALREADY_ENABLED|NOT_ENABLED' "$WORK/firewalld-error"
}

# permanent_zone ZONE: where its permanent configuration is, below firewalld's own path; nothing where it has none.
permanent_zone() {
	firewalld /config .config getZoneByName s "$1" 2>"$WORK/firewalld-error" |
		sed -n 's|^o "/org/fedoraproject/FirewallD1\(/config/zone/[0-9]*\)"$|\1|p'
}

# firewalld_words: what it said to the change that it refused.
firewalld_words() {
	grep . "$WORK/firewalld-error" 2>/dev/null || echo "it said nothing, perhaps for 60 s"
}

# firewalld PATH INTERFACE METHOD SIGNATURE ARGUMENT...: one call of the daemon. Some busctl colour what they say to a file, and their
# errors by another word than the rest.
firewalld() {
	firewalld_path=/org/fedoraproject/FirewallD1$1
	firewalld_interface=org.fedoraproject.FirewallD1$2
	shift 2
	SYSTEMD_COLORS=0 SYSTEMD_LOG_COLOR=0 timeout 60 busctl call org.fedoraproject.FirewallD1 "$firewalld_path" "$firewalld_interface" "$@" </dev/null
}

# close_opening runtime|permanent DETAIL: as other_openings gives it.
close_opening() {
	fw "$1" --zone="${2%% *}" "${2#* }" >/dev/null 2>&1
}
