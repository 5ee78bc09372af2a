# What this machine's nginx can do, and the lines of the site that it gets.

NGINX_OLDEST=1.12.0

# nginx_facts: what nginx says of itself on stdin (`nginx -V`), one fact a line: "nginx 1.22.1", "openssl 3.0.15",
# "with http_realip_module".
nginx_facts() {
	LC_ALL=C awk '
		BEGIN {
			# Built unless left out; every other module is left out unless asked for.
			n = split("access auth_basic geo gzip limit_conn limit_req map mirror proxy rewrite upstream_keepalive upstream_zone", name, " ")
			for (i = 1; i <= n; i++) has["http_" name[i] "_module"] = 1
			has["http-cache"] = 1
		}
		/^nginx version: / { sub(/^.*\//, ""); sub(/[^0-9.].*/, ""); print "nginx " $0 }
		/^(built|running) with OpenSSL / { ssl = $4 }
		/^configure arguments:/ {
			for (i = 3; i <= NF; i++) {
				if ($i ~ /^--without-http/) delete has[substr($i, 11)]
				# A dynamic one may be loaded or not, and is not counted on.
				else if ($i ~ /^--with-http[a-z0-9_]*$/) has[substr($i, 8)] = 1
			}
		}
		END {
			if (ssl != "") { sub(/[^0-9.].*/, "", ssl); print "openssl " ssl }
			for (module in has) print "with " module
		}'
}

# VERSION_AWK: is version a at least b?
VERSION_AWK='
	function at_least(a, b, x, y, i) {
		split(a, x, ".")
		split(b, y, ".")
		for (i = 1; i <= 4; i++) if (x[i] + 0 != y[i] + 0) return x[i] + 0 > y[i] + 0
		return 1
	}'

# is_at_least FOUND OLDEST: of versions; none is older than any.
is_at_least() {
	awk -v found="${1:-0}" -v oldest="$2" "$VERSION_AWK"' BEGIN { exit !at_least(found, oldest) }'
}

# keep_lines FACTS DROPPED: the site on stdin without its guards. A line that ends in "#? CONDITION, CONDITION" stays
# where all of them hold: "nginx 1.15.3" and "openssl 1.1.1" (at least), "below nginx 1.23.2", and any other fact as it
# stands; "#? else" where those of the line before it did not. What is dropped goes to DROPPED, a directive a line.
keep_lines() {
	LC_ALL=C awk -v dropped="$2" "$VERSION_AWK"'
		function holds_one(condition, word, below) {
			below = sub(/^below /, "", condition)
			split(condition, word, " ")
			if (word[2] ~ /^[0-9.]+$/) return (word[1] in version) && (below ? !at_least(version[word[1]], word[2]) : at_least(version[word[1]], word[2]))
			return condition in fact
		}
		function holds_all(conditions, part, n, i) {
			n = split(conditions, part, ", ")
			for (i = 1; i <= n; i++) if (!holds_one(part[i])) return 0
			return 1
		}
		FILENAME == ARGV[1] { fact[$0] = 1; if ($2 ~ /^[0-9.]+$/) version[$1] = $2; next }
		!match($0, / *#\? .*$/) { print; next }
		{
			conditions = substr($0, RSTART, RLENGTH)
			sub(/^ *#\? /, "", conditions)
			line = substr($0, 1, RSTART - 1)
			held = conditions == "else" ? !held : holds_all(conditions)
			if (held) { print line; next }
			sub(/^ +/, "", line)
			if (conditions != "else" && line !~ /^#/) print line " (needs " conditions ")" >dropped
		}' "$1" -
}

# check_nginx_build FACTS: what the site cannot do without, told as one problem.
check_nginx_build() {
	cb_missing=$(for module in http_ssl_module http_proxy_module http_geo_module http_map_module http_rewrite_module; do
		grep -qx "with $module" "$1" || printf ' %s' "$module"
	done)
	cb_version=$(sed -n 's/^nginx //p' "$1")
	is_at_least "$cb_version" "$NGINX_OLDEST" ||
		problem E_NGINX_BUILD "nginx is version ${cb_version:-unknown} here; expected $NGINX_OLDEST or newer. Bring a newer one (lqpt:nginx)"
	[ -z "$cb_missing" ] ||
		problem E_NGINX_BUILD "this nginx was built without$cb_missing; expected them, since the proxy to Leqi is made of them. Bring another build (lqpt:nginx)"
}

# warn_of_flaws FACTS: known flaws of this version that matter to this proxy. A distribution may have mended them
# without a new number, so nothing fails by it.
warn_of_flaws() {
	awk "$VERSION_AWK"'
		$1 == "nginx" {
			v = $2
			if (at_least(v, "1.3.0") && !at_least(v, "1.28.2") || at_least(v, "1.29.0") && !at_least(v, "1.29.5"))
				print "CVE-2026-1642 (whoever is on the way to Leqi can put plain text before the TLS handshake)"
			if (!at_least(v, "1.20.1")) print "CVE-2021-23017 (a forged answer of the name server, where nginx follows names itself)"
		}' "$1" | while IFS= read -r flaw; do
		warn "nginx $(sed -n 's/^nginx //p' "$1") may have $flaw, unless its distribution mended it; see the package's changelog"
	done
}
