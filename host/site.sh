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
	for ours in "$STATE/site.conf" "$STATE"/pending/sites/*; do
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
	nginx_run -T 2>/dev/null | LC_ALL=C awk -v port="$port" -v ours="$SITE_FILE" '
		sub(/^# configuration file /, "") { sub(/:$/, ""); file = $0; next }
		/^[ \t]*listen[ \t]/ {
			gsub(/[;\r]/, " ")
			n = split($2, part, ":")
			if (part[n] == port && file != ours) print file
		}' | sort -u >>"$WORK/foreign-sites"
}

check_foreign_site() {
	find_foreign_sites
	while IFS= read -r foreign; do
		if [ "$foreign" = "$nginx_conf" ]; then
			problem E_FOREIGN_SITE "$foreign itself has a server on port $port; expected it in a file of its own. Move that server block out of it and include it, then run this again"
		elif other_servers "$foreign"; then
			problem E_FOREIGN_SITE "$foreign has a server on port $port and others on other ports, which would go with it; expected the file to be about this port alone. Move the others to a file of their own, then run this again"
		elif ! grep -Fqx -- "$foreign" "$WORK/remove"; then
			problem E_FOREIGN_SITE "$foreign is there and not as lqptctl left it; expected none, or ours untouched. If it is to go, name it in lqpt:remove"
		fi
	done <"$WORK/foreign-sites"
}

# other_servers FILE: does it listen anywhere else too?
other_servers() {
	sed 's/\r$//; s/;/ /g' "$1" 2>/dev/null | awk -v port="$port" '/^[ \t]*listen[ \t]/ { n = split($2, part, ":"); if (part[n] != port) hit = 1 } END { exit !hit }'
}

# site_files: every file that putting the site changes, a path a line.
site_files() {
	{
		printf '%s\n%s\n' "$SITE_FILE" "$(readlink -f "$nginx_conf")"
		cat "$WORK/foreign-sites"
	} | sort -u
}

# save_site FOLDER: those files as they are, to be put back.
save_site() {
	mkdir -p "$1" && site_files >"$1/list" || return 1
	ss_n=0
	while IFS= read -r ss_file; do
		ss_n=$((ss_n + 1))
		[ ! -e "$ss_file" ] || cp -p "$ss_file" "$1/$ss_n" || return 1
	done <"$1/list"
}

# put_back FOLDER: each of them as it was; a file that was not there goes.
put_back() {
	pb_n=0
	pb_status=0
	while IFS= read -r pb_file; do
		pb_n=$((pb_n + 1))
		if [ ! -e "$1/$pb_n" ]; then
			rm -f "$pb_file" || pb_status=1
		elif ! cmp -s "$1/$pb_n" "$pb_file"; then
			replace_file "$1/$pb_n" "$pb_file" || pb_status=1
		fi
	done <"$1/list"
	return "$pb_status"
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
	cmp -s "$WORK/nginx.conf" "$pi_conf" || replace_file "$WORK/nginx.conf" "$pi_conf"
}

# take_site: our file goes, and our line in nginx.conf.
take_site() {
	rm -f "$SITE_FILE" || return 1
	[ ! -e "$nginx_conf" ] || put_include no
}

# put_ca: the certificates that Leqi is known by, where they are pinned. Not secret, and read by nginx alone.
put_ca() {
	[ -s "$WORK/ca" ] || {
		rm -f "$PINNED_CA"
		return 0
	}
	(umask 022 && mkdir -p "${PINNED_CA%/*}") && cmp -s "$WORK/ca" "$PINNED_CA" || replace_file "$WORK/ca" "$PINNED_CA"
}
