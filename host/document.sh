# The document on stdin: kept, checked line by line, taken apart. Nothing in it is ever executed,
# and what is not understood is refused, so that an older tool never half-obeys a newer document.

DOCUMENT_FORMAT=2

# read_document: $WORK/document, taken from stdin before anything else, and its parts beside it, a file each: what the
# rules below name, and site, the text of lqpt.conf with its placeholders.
read_document() {
	split_document "$WORK/document" "$WORK" || refuse E_DOCUMENT "$(cat "$WORK/document-error")"
}

# split_document FILE FOLDER: also used for the document that is in force, to know what it allowed.
split_document() {
	: >"$2/allow"
	: >"$2/remove"
	: >"$2/site"
	: >"$2/ca"
	: >"$2/leqi-address"
	: >"$2/environment"
	: >"$2/registered-ip"
	: >"$2/reflector"
	: >"$2/keep-open"
	: >"$2/closes"
	: >"$2/ticket"
	: >"$2/keepalived"
	for sd_word in address interface own peer router-id; do : >"$2/vip-$sd_word"; done
	: >"$2/proxy-protocol"
	: >"$2/health-from"
	: >"$2/health-leqi"
	LC_ALL=C awk -v out="$2" -v format="$DOCUMENT_FORMAT" '
		function bad(why) {
			printf "line %d of the document: %s\n", NR, why >(out "/document-error")
			failed = 1
			exit 1
		}
		function one(name, value) {
			if (name in seen) bad("a second \"" name "\"")
			seen[name] = 1
			printf "%s\n", value >(out "/" name)
		}
		function octets(text, parts, n, i) {
			n = split(text, parts, ".")
			if (n != 4) return 0
			for (i = 1; i <= 4; i++)
				if (parts[i] !~ /^(0|[1-9][0-9]?[0-9]?)$/ || parts[i] + 0 > 255) return 0
			return 1
		}
		function network(text, parts, n) {
			n = split(text, parts, "/")
			if (n == 2 && (parts[2] !~ /^[1-9][0-9]?$/ || parts[2] + 0 > 32)) return 0
			return (n == 1 || n == 2) && octets(parts[1])
		}
		NR == 1 {
			if ($0 != "lqpt-document " format)
				bad("found \"" substr($0, 1, 60) "\", expected \"lqpt-document " format "\": bring the tool that belongs to it (pulumi up)")
			next
		}
		/^#/ && section == "" { next }
		section == "end" { bad("something follows [end]") }
		/^\[[a-z]+\]$/ {
			section = substr($0, 2, length($0) - 2)
			if (section !~ /^(listen|firewall|nginx|vip|leqi|check|health|ca|keepalived|site|notes|end)$/) bad("unknown section " section)
			if (("section " section) in seen) bad("a second section " section)
			seen["section " section] = 1
			next
		}
		section == "site" || section == "ca" || section == "keepalived" {
			if ($0 != "" && $0 !~ /^  /) bad("a line of [" section "] must be indented by two spaces")
			sub(/^  /, "")
			if (section != "ca" || $0 != "") printf "%s\n", $0 >(out "/" section)
			next
		}
		$0 == "" { next }
		section == "" && $1 == "owner" && NF == 3 {
			if ($2 !~ /^[a-z][a-z0-9-]*$/ || $3 !~ /^[a-z][a-z0-9-]*$/) bad("not an owner: " $0)
			one("owner-id", $2)
			one("host", $3)
			next
		}
		section == "listen" && $1 == "port" && NF == 2 {
			if ($2 !~ /^[1-9][0-9]*$/ || $2 + 0 > 65535) bad("not a port: " $2)
			one("port", $2)
			next
		}
		section == "listen" && $1 == "bind" && NF == 2 {
			if (!octets($2)) bad("not an IPv4 address: " $2)
			one("bind", $2)
			next
		}
		section == "listen" && $1 == "tls" && NF == 2 {
			if ($2 !~ /^(none|self-signed|provided)$/) bad("not a way to listen: " $2)
			one("tls", $2)
			next
		}
		section == "listen" && $1 == "name" && NF == 2 { next }
		section == "listen" && $0 == "proxy-protocol yes" { one("proxy-protocol", $2); next }
		section == "listen" && $1 == "certificate" && NF == 2 {
			if ($2 !~ /^sha256:[0-9a-f]+$/) bad("not a digest: " $2)
			one("certificate", substr($2, 8))
			next
		}
		section == "firewall" && $1 == "mode" && NF == 2 {
			if ($2 !~ /^(firewalld|external)$/) bad("not a mode: " $2)
			one("mode", $2)
			next
		}
		section == "firewall" && $1 == "zone" && NF == 2 {
			if ($2 !~ /^[A-Za-z0-9_-]+$/) bad("not a zone: " $2)
			one("zone", $2)
			next
		}
		section == "firewall" && $1 == "allow" && NF == 2 {
			if (!network($2)) bad("not an IPv4 address or network: " $2)
			printf "%s\n", $2 >(out "/allow")
			next
		}
		section == "nginx" && $1 == "source" && NF == 2 {
			if ($2 !~ /^(package|files|vendor|existing)$/) bad("not a source of nginx: " $2)
			one("source", $2)
			next
		}
		'"$VIP_AWK"'
		section == "leqi" && $1 == "name" && NF == 2 {
			if ($2 !~ /^[A-Za-z0-9.-]+$/) bad("not a name: " $2)
			one("leqi-name", tolower($2))
			next
		}
		section == "leqi" && $1 == "port" && NF == 2 {
			if ($2 !~ /^[1-9][0-9]*$/ || $2 + 0 > 65535) bad("not a port: " $2)
			one("leqi-port", $2)
			next
		}
		section == "leqi" && $1 == "address" && NF == 2 {
			if (!octets($2)) bad("not an IPv4 address: " $2)
			print $2 >(out "/leqi-address")
			next
		}
		section == "leqi" && $1 == "verify" && NF == 2 {
			if ($2 !~ /^(system|pinned|off)$/) bad("not a way to verify: " $2)
			one("verify", $2)
			next
		}
		section == "check" && $1 == "leqi-id" && NF == 2 {
			if ($2 !~ /^[A-Za-z0-9_-]+$/) bad("not a Leqi ID: " $2)
			one("leqi-id", $2)
			next
		}
		section == "check" && $1 == "environment" && NF == 3 {
			if ($2 !~ /^(sandbox|prod)$/ || $3 !~ /^\/[A-Za-z0-9\/_.-]+$/) bad("not an environment and its path: " $0)
			print $2, $3 >(out "/environment")
			next
		}
		section == "check" && $1 == "after" && NF == 2 {
			if ($2 !~ /^(never|report|require)$/) bad("not a time to check: " $2)
			one("after", $2)
			next
		}
		section == "check" && $1 == "port" && NF == 2 {
			if ($2 !~ /^[1-9][0-9]*$/ || $2 + 0 > 65535) bad("not a port: " $2)
			one("check-port", $2)
			next
		}
		section == "check" && $1 == "registered-ip" && NF == 2 {
			if (!octets($2)) bad("not an IPv4 address: " $2)
			print $2 >(out "/registered-ip")
			next
		}
		section == "check" && $1 == "reflector" && NF == 2 {
			if ($2 !~ /^https?:\/\/[A-Za-z0-9.:\/_~-]+$/) bad("not a URL: " $2)
			print $2 >(out "/reflector")
			next
		}
		section == "health" && $1 == "from" && NF == 2 {
			if (!network($2)) bad("not an IPv4 address or network: " $2)
			print $2 >(out "/health-from")
			next
		}
		section == "health" && $1 == "leqi" && NF == 2 {
			if ($2 !~ /^(yes|no)$/) bad("not yes or no: " $2)
			one("health-leqi", $2)
			next
		}
		section == "notes" && $1 == "ticket" { one("ticket", substr($0, 8)); next }
		section == "notes" && $1 == "source" { next }
		section == "notes" && ($1 == "keep-open" || $1 == "closes") && NF == 2 {
			if ($2 !~ /^[1-9][0-9]*(-[1-9][0-9]*)?\/(tcp|udp|ip)$/ && !($1 == "closes" && $2 ~ /^(ufw|iptables|nftables|forwarding)$/)) bad("not a port: " $2)
			print $2 >(out "/" $1)
			next
		}
		section == "notes" && $1 == "rollback-seconds" && NF == 2 {
			if ($2 !~ /^[1-9][0-9]*$/ || $2 + 0 > 3600) bad("not a number of seconds: " $2)
			one("rollback-seconds", $2)
			next
		}
		section == "notes" && $1 == "remove" && NF >= 2 { printf "%s\n", $2 >(out "/remove"); next }
		{ bad("not understood: " substr($0, 1, 60)) }
		END {
			if (failed) exit 1
			# A line that was cut on the way here would otherwise be a shorter list, and sources would be cut off.
			if (section != "end") {
				print "the document does not end with [end]: it was cut short on its way" >(out "/document-error")
				exit 1
			}
			if (("section health") in seen && !("health-leqi" in seen)) {
				print "[health] has no \"leqi\"" >(out "/document-error")
				exit 1
			}
			n = split("owner-id host port bind tls mode zone source leqi-name leqi-port verify leqi-id after check-port rollback-seconds" (("section vip") in seen ? " vip-address vip-interface vip-own vip-peer vip-router-id" : ""), need, " ")
			for (i = 1; i <= n; i++)
				if (!(need[i] in seen)) {
					printf "the document has no \"%s\"\n", need[i] >(out "/document-error")
					exit 1
				}
		}
	' "$1" || return 1
	[ -s "$2/allow" ] || {
		echo "the document allows nobody: to close the port, take the site away (pulumi destroy)" >"$2/document-error"
		return 1
	}
	sort -u -o "$2/allow" "$2/allow"
	sort -u -o "$2/remove" "$2/remove"
}

# digest FILE: of what is enforced, that is everything before [notes].
digest() {
	sed '/^\[notes\]$/,$d' "$1" | sha256sum | cut -d ' ' -f 1
}
