# What a change is made of: who comes, who goes, and in which order.

# plan_sources: what is to come and to go, for each configuration by what it holds itself:
# early    comes, and lies inside what is let in already: it comes first, so that cutting the wider rule cuts nobody
# moving   comes, and is let in at a place that is given up: it comes before the site is there, so that nobody waits for it
# late     comes, and is new
# cut      goes
# covered  goes, and lies inside what is to be let in: it goes last, for the same reason
plan_sources() {
	# Whose time is over has gone already, by expire.
	touch "$WORK/expired-now"
	comm -23 "$WORK/in-force" "$WORK/allow" | sort -u - "$WORK/expired-now" >"$WORK/removed"
	comm -13 "$WORK/in-force" "$WORK/allow" >"$WORK/added"
	for scope in runtime permanent; do
		cp "$WORK/$scope" "$WORK/open-$scope"
		[ ! -s "$WORK/close" ] || echo 0.0.0.0/0 >>"$WORK/open-$scope"
		comm -13 "$WORK/$scope" "$WORK/allow" >"$WORK/coming"
		comm -23 "$WORK/$scope" "$WORK/allow" >"$WORK/going"
		inside "$WORK/coming" "$WORK/open-$scope" >"$WORK/early-$scope"
		: >"$WORK/former"
		[ "$mode" = external ] || former_sources "$scope" >"$WORK/former"
		comm -23 "$WORK/coming" "$WORK/early-$scope" >"$WORK/new"
		inside "$WORK/new" "$WORK/former" | sort -u >"$WORK/moving-$scope"
		comm -23 "$WORK/new" "$WORK/moving-$scope" >"$WORK/late-$scope"
		inside "$WORK/going" "$WORK/allow" >"$WORK/covered-$scope"
		comm -23 "$WORK/going" "$WORK/covered-$scope" >"$WORK/cut-$scope"
	done
}

# old_places: where rules of ours are or may be, "ZONE PORT BIND" a line.
old_places() {
	cat "$STATE/place" "$STATE/pending/places" "$STATE/places-left" 2>/dev/null | sort -u
}
