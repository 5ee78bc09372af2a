# The document's section of an address that two hosts share.

# VIP_AWK: its lines, within split_document.
# shellcheck disable=SC2016 # its $1 and $2 are awk's
VIP_AWK='
	section == "vip" && NF == 2 && $1 == "address" {
		if (!network($2) || $2 !~ /\//) bad("not an address with its prefix: " $2)
		one("vip-address", $2)
		next
	}
	section == "vip" && NF == 2 && ($1 == "own" || $1 == "peer") {
		if (!octets($2)) bad("not an IPv4 address: " $2)
		one("vip-" $1, $2)
		next
	}
	section == "vip" && NF == 2 && $1 == "interface" {
		if ($2 !~ /^[A-Za-z0-9_.@:-]+$/ || length($2) > 15) bad("not an interface: " $2)
		one("vip-interface", $2)
		next
	}
	section == "vip" && NF == 2 && $1 == "router-id" {
		if ($2 !~ /^[1-9][0-9]?[0-9]?$/ || $2 + 0 > 255) bad("not a router id: " $2)
		one("vip-router-id", $2)
		next
	}'
