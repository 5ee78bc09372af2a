# VRRP: by it the two hosts of a pair know of each other. firewalld lets it in from the peer, and from nobody else.

# vrrp_rule PEER: as firewalld prints it back.
vrrp_rule() {
	printf 'rule family="ipv4" source address="%s" protocol value="vrrp" accept' "$1"
}

# zone_of INTERFACE: after look runtime.
zone_of() {
	awk -v want="$1" '
		/^[^ \t]/ { zone = $1 }
		/^  interfaces:/ { for (i = 2; i <= NF; i++) if ($i == want) { print zone; exit } }' "$WORK/zones-runtime" | grep . || default_zone
}

# vrrp_enters INTERFACE PEER: the zone that the peer's VRRP comes in by, after look runtime.
vrrp_enters() {
	printf '%s\n' "$2" >"$WORK/peer-alone"
	bound_zones |
		while read -r ve_zone ve_network; do
			printf '%s\n' "$ve_network" >"$WORK/one"
			[ -z "$(inside "$WORK/peer-alone" "$WORK/one")" ] || printf '%s\n' "$ve_zone"
		done | sort | head -n 1 | grep . || zone_of "$1"
}

# vrrp_from_others: after look_both: what lets VRRP in from anybody but the peer, a sentence a line.
vrrp_from_others() {
	{
		vrrp_places
		printf '%s %s\n' "$vrrp_zone" "$vip_peer"
	} | while read -r vo_zone vo_peer; do
		printf '%s %s\n' "$vo_zone" "$(vrrp_rule "$vo_peer")"
	done >"$WORK/vrrp-ours"
	for scope in runtime permanent; do
		awk -v scope="$scope" '
			FILENAME == ARGV[1] { ours[$0]; next }
			/^[^ \t]/ { zone = $1; next }
			/^  protocols: / { for (i = 2; i <= NF; i++) if ($i == "vrrp" || $i == "112") print "zone " zone " lets in protocol " $i " (" scope ")" }
			/^[ \t]+rule / && / accept/ && /protocol value="(vrrp|112)"/ {
				sub(/^[ \t]+/, "")
				if (!((zone " " $0) in ours)) print "zone " zone " has the rule: " $0 " (" scope ")"
			}' "$WORK/vrrp-ours" "$WORK/zones-$scope" 2>/dev/null
	done
}

# vrrp_places: where rules of ours for VRRP are or may be, "ZONE PEER" a line.
vrrp_places() {
	cat "$STATE/vrrp" "$STATE/pending/vrrp" 2>/dev/null | grep -v '^-' | sort -u
}

# has_vrrp runtime|permanent ZONE PEER: after look.
has_vrrp() {
	awk -v want="$2" -v rule="$(vrrp_rule "$3")" '
		/^[^ \t]/ { zone = $1; next }
		zone == want { sub(/^[ \t]+/, ""); if ($0 == rule) hit = 1 }
		END { exit !hit }' "$WORK/zones-$1" 2>/dev/null
}

# vrrp_in_force: after survey_vip: the rule of today in both configurations, and none of another day.
vrrp_in_force() {
	[ "$mode" = firewalld ] || return 0
	wants_vip || {
		[ -z "$(vrrp_places)" ]
		return
	}
	[ "$(vrrp_places)" = "$vrrp_zone $vip_peer" ] && has_vrrp runtime "$vrrp_zone" "$vip_peer" && has_vrrp permanent "$vrrp_zone" "$vip_peer"
}

# change_vrrp add|remove runtime|permanent ZONE PEER
change_vrrp() {
	cv_place=
	if [ "$2" = permanent ]; then
		cv_place=$(permanent_zone "$3")
		[ -n "$cv_place" ] || return 1
	fi
	change_source "$1" "$cv_place" "$3" "$(vrrp_rule "$4")"
}

# let_vrrp_in: the peer's rule, in both configurations, and seen there; what was not there before is noted.
let_vrrp_in() {
	[ "$mode" = firewalld ] || return 0
	: >"$WORK/vrrp-added"
	for scope in runtime permanent; do
		! has_vrrp "$scope" "$vrrp_zone" "$vip_peer" || continue
		echo "$scope" >>"$WORK/vrrp-added"
		change_vrrp add "$scope" "$vrrp_zone" "$vip_peer" || return 1
		step "VRRP comes in from $vip_peer: firewalld, $scope, zone $vrrp_zone"
	done
	[ -s "$WORK/vrrp-added" ] || return 0
	look_both && has_vrrp runtime "$vrrp_zone" "$vip_peer" && has_vrrp permanent "$vrrp_zone" "$vip_peer"
}

# keep_vrrp_out: what let_vrrp_in added goes again.
keep_vrrp_out() {
	[ -s "$WORK/vrrp-added" ] || return 0
	ko_status=0
	while IFS= read -r scope; do
		change_vrrp remove "$scope" "$vrrp_zone" "$vip_peer" || ko_status=1
	done <"$WORK/vrrp-added"
	look_both || return 1
	while IFS= read -r scope; do
		! has_vrrp "$scope" "$vrrp_zone" "$vip_peer" || ko_status=1
	done <"$WORK/vrrp-added"
	return "$ko_status"
}

# clear_vrrp ZONE PEER: that rule goes, and is seen to be gone. Where firewalld does not run, its files are changed.
clear_vrrp() {
	if ! firewall_running 60; then
		firewall-offline-cmd --zone="$1" --remove-rich-rule="$(vrrp_rule "$2")" >/dev/null 2>&1
		return
	fi
	look_both || return 1
	for scope in runtime permanent; do
		! has_vrrp "$scope" "$1" "$2" || change_vrrp remove "$scope" "$1" "$2" || return 1
	done
	look_both && ! has_vrrp runtime "$1" "$2" && ! has_vrrp permanent "$1" "$2"
}

# retire_vrrp: rules for former peers go, and those of a zone that was given up. In mode external nothing of a firewall is
# touched: they go with the next mode firewalld, or with the rest.
retire_vrrp() {
	vrrp_places >"$WORK/vrrp-places"
	: >"$WORK/vrrp-left"
	while read -r rv_zone rv_peer; do
		[ "$rv_zone $rv_peer" != "$vrrp_zone ${vip_peer:--}" ] || continue
		if [ "$mode" = external ] || ! clear_vrrp "$rv_zone" "$rv_peer"; then
			printf '%s %s\n' "$rv_zone" "$rv_peer" >>"$WORK/vrrp-left"
			[ "$mode" = external ] || warn "firewalld still lets VRRP in from $rv_peer, which is not the peer any more, by a rule of ours in zone $rv_zone: $(firewalld_words); the next change tries again"
		fi
	done <"$WORK/vrrp-places"
	! wants_vip || printf '%s %s\n' "$vrrp_zone" "$vip_peer" >>"$WORK/vrrp-left"
	keep "$WORK/vrrp-left" "$STATE/vrrp"
}

# judge_vrrp: for status, after look permanent and look runtime.
judge_vrrp() {
	wants_vip && [ "$mode" = firewalld ] || return 0
	jv_zone=$(vrrp_places | awk -v peer="$vip_peer" '$2 == peer { print $1; exit }')
	for scope in runtime permanent; do
		[ -n "$jv_zone" ] && has_vrrp "$scope" "$jv_zone" "$vip_peer" ||
			deviates "VRRP of the peer $vip_peer is not let in ($scope), so both hosts may take $vip_address"
	done
	vrrp_zone=$(vrrp_enters "$vip_interface" "$vip_peer")
	[ -z "$jv_zone" ] || [ "$jv_zone" = "$vrrp_zone" ] ||
		deviates "VRRP of the peer $vip_peer comes in by zone $vrrp_zone now and is let in in zone $jv_zone, so both hosts may take $vip_address"
	vrrp_from_others >"$WORK/vrrp-others"
	while IFS= read -r jv_other; do deviates "VRRP is let in from others than the peer: $jv_other"; done <"$WORK/vrrp-others"
}
