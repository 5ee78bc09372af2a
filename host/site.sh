# lqpt.conf: made from the document for this machine, put beside whatever else nginx serves, and taken away again.

# Below /etc, where SELinux lets nginx read.
PINNED_CA=/etc/lqpt/leqi-ca.pem

ca_bundle() {
	for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
		[ -r "$bundle" ] && printf '%s' "$bundle" && return
	done
	return 1
}

# render_site: the document's site as this machine gets it, to $WORK/site.conf; what its nginx cannot do, to
# $WORK/site-dropped.
render_site() {
	: >"$WORK/site-dropped"
	cp "$WORK/nginx-facts" "$WORK/site-facts"
	resolve_leqi
	[ ! -s "$WORK/name-servers" ] || echo "name server" >>"$WORK/site-facts"
	bundle=$(ca_bundle) || {
		! grep -q '{{ca-bundle}}' "$WORK/site" ||
			problem E_CA "no CA bundle was found in /etc/ssl/certs or /etc/pki/tls/certs; expected the package ca-certificates"
	}
	keep_lines "$WORK/site-facts" "$WORK/site-dropped" <"$WORK/site" |
		awk -v addresses="$WORK/leqi-addresses" '
			!/\{\{leqi-address\}\}/ { print; next }
			{ while ((getline address <addresses) > 0) { line = $0; sub(/\{\{leqi-address\}\}/, address, line); print line } }' |
		sed "s|{{ca-bundle}}|$bundle|; s|{{pinned-ca}}|$PINNED_CA|; s|{{log-folder}}|$ACCESS_FOLDER|; s|{{name-servers}}|$(paste -s -d ' ' "$WORK/name-servers")|" |
		with_temporary >"$WORK/site.conf" ||
		problem E_DOCUMENT "the site has no list that those let in at the console could be added to; expected one. Bring the tool that belongs to the document: pulumi up"
}

# known_site FILE: is it one that we wrote, in this run's past or in a run that was cut off? An empty one is what a power
# cut leaves of ours.
known_site() {
	[ -s "$1" ] || { [ ! -e "$STATE/document" ] && [ ! -e "$STATE/pending" ]; } || return 0
	for ours in "$STATE/site.conf" "$STATE/site-next" "$STATE"/pending/sites/*; do
		[ -e "$ours" ] && cmp -s "$1" "$ours" && return 0
	done
	return 1
}

# find_foreign_sites: other files by which this nginx listens on the port, as it reads them itself, to
# $WORK/foreign-sites; of $SITE_FILE, whether it is ours.
find_foreign_sites() {
	: >"$WORK/foreign-sites"
	if [ -e "$SITE_FILE" ] && ! known_site "$SITE_FILE" && ! cmp -s "$SITE_FILE" "$WORK/site.conf"; then
		printf '%s\n' "$SITE_FILE" >>"$WORK/foreign-sites"
	fi
	look_at_port || :
	files_on_port >>"$WORK/foreign-sites"
}

# look_at_port: what nginx, as it reads its files itself, has on the port, to $WORK/on-port. Fails where it refuses them;
# why goes to $WORK/nginx-error.
look_at_port() {
	test_nginx
	lp_status=$?
	nginx_tree <"$WORK/nginx-T" | on_port "$port" "127.0.0.1:$(cat "$WORK/check-port")" >"$WORK/on-port"
	return "$lp_status"
}

# files_on_port: after look_at_port: the files other than ours in which that is.
files_on_port() {
	sed -n "s/^home$TAB//p" "$WORK/on-port" | grep -Fvx -e "$SITE_FILE"
}

# holds_more FILE: after look_at_port: would anything but the server on the port go with it?
holds_more() {
	grep -Fqx -e "mixed$TAB$1" -e "other$TAB$1" "$WORK/on-port"
}

check_foreign_site() {
	find_foreign_sites
	while IFS= read -r foreign; do
		if [ "$foreign" = "$nginx_conf" ]; then
			problem E_FOREIGN_SITE "$foreign itself has a server on port $port; expected it in a file of its own. Move that server block out of it and include it, then run this again"
		elif holds_more "$foreign"; then
			problem E_FOREIGN_SITE "$foreign has more than a whole server on port $port, such as one on another port, which would go with it; expected the file to be about this port alone. Move the rest to a file of its own, then run this again"
		elif ! grep -Fqx -- "$foreign" "$WORK/remove"; then
			problem E_FOREIGN_SITE "$foreign is there and not as lqptctl left it; expected none, or ours untouched. If it is to go, name it in lqpt:remove"
		fi
	done <"$WORK/foreign-sites"
}

# site_files: every file that putting the site changes, a path a line.
site_files() {
	{
		printf '%s\n%s\n%s\n' "$SITE_FILE" "$(readlink -f "$nginx_conf")" "$PINNED_CA"
		cat "$WORK/foreign-sites"
	} | sort -u
}

# save_site FOLDER: those files as they are, to be put back.
save_site() {
	mkdir -p "$1" && site_files >"$1/list" || return 1
	ss_n=0
	while IFS= read -r ss_file; do
		ss_n=$((ss_n + 1))
		[ ! -e "$ss_file" ] || cp -Pp "$ss_file" "$1/$ss_n" || return 1
	done <"$1/list"
}

# put_back FOLDER: each of them as it was. A file that was not there goes last: until then nginx.conf may include it.
put_back() {
	pb_status=0
	for pb_turn in replace remove; do
		pb_n=0
		while IFS= read -r pb_file; do
			pb_n=$((pb_n + 1))
			if [ -L "$1/$pb_n" ] || [ -e "$1/$pb_n" ]; then
				[ "$pb_turn" = remove ] || { [ -e "$pb_file" ] && cmp -s "$1/$pb_n" "$pb_file"; } || put_back_one "$1/$pb_n" "$pb_file" || pb_status=1
			elif [ "$pb_turn" = remove ]; then
				rm -f "$pb_file" || pb_status=1
			fi
		done <"$1/list"
	done
	return "$pb_status"
}

# put_back_one SAVED FILE: with its owner and its rights; a link as a link.
put_back_one() {
	rm -f "$2.lqpt-new" && cp -Pp "$1" "$2.lqpt-new" && mv -f "$2.lqpt-new" "$2"
}

# replace_file FROM TO: at once; a TO that was there keeps its owner and its rights.
replace_file() {
	if [ -e "$2" ]; then cp -p "$2" "$2.lqpt-new"; else (umask 022 && : >"$2.lqpt-new"); fi &&
		cat "$1" >"$2.lqpt-new" && flush "$2.lqpt-new" && mv -f "$2.lqpt-new" "$2"
}

# put_site FILE: FILE becomes our site, and what it replaces goes.
put_site() {
	while IFS= read -r ps_foreign; do
		[ "$ps_foreign" = "$SITE_FILE" ] || rm -f "$ps_foreign" || return 1
	done <"$WORK/foreign-sites"
	(umask 022 && mkdir -p "${SITE_FILE%/*}") && replace_file "$1" "$SITE_FILE" && put_include "$site_needs_include"
}

# put_include yes|no: nginx.conf with our line or without it; untouched where it is so already.
put_include() {
	pi_conf=$(readlink -f "$nginx_conf")
	with_include "$1" <"$pi_conf" >"$WORK/nginx.conf" && [ -s "$WORK/nginx.conf" ] || return 1
	# Nor for the want of a last line's end.
	awk 1 "$pi_conf" | cmp -s - "$WORK/nginx.conf" || replace_file "$WORK/nginx.conf" "$pi_conf"
}

# take_site: our file goes, and our line in nginx.conf.
# The line first: nginx starts with no file that it is told to include and does not find.
take_site() {
	if [ -n "$nginx_conf" ] && [ -e "$nginx_conf" ]; then
		put_include no || return 1
		step "nginx.conf is without our line"
	fi
	rm -f "$SITE_FILE"
}

# ca_in_force: the certificates that Leqi is known by, where they are pinned.
ca_in_force() {
	[ ! -s "$WORK/ca" ] || cmp -s "$WORK/ca" "$PINNED_CA"
}

# put_ca: they are not secret, and read by nginx alone. Those that nothing names any more go once the new site stands.
put_ca() {
	[ -s "$WORK/ca" ] || return 0
	(umask 022 && mkdir -p "${PINNED_CA%/*}") && cmp -s "$WORK/ca" "$PINNED_CA" || replace_file "$WORK/ca" "$PINNED_CA"
}
