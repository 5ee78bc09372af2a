# Addresses and networks against each other.

# awk's: the number that an address is, or a network's first, and how long its prefix is.
NETWORKS_AWK='
	function number(text, part) {
		split(text, part, ".")
		return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
	}
	function prefix(text, part) {
		return split(text, part, "/") == 2 ? part[2] + 0 : 32
	}'

# inside FILE NETWORKS: the lines of FILE that lie wholly inside one of NETWORKS, in FILE's order.
inside() {
	LC_ALL=C awk "$NETWORKS_AWK"'
		FILENAME == ARGV[1] { size[NR] = 2 ^ (32 - prefix($0)); first[NR] = int(number($0) / size[NR]); count = NR; next }
		{
			mine = 2 ^ (32 - prefix($0))
			for (i = 1; i <= count; i++)
				if (mine <= size[i] && int(number($0) / size[i]) == first[i]) {
					print
					next
				}
		}
	' "$2" "$1"
}

# canonical: the addresses and networks of stdin as the kernel prints them: no host bits, no /32.
canonical() {
	LC_ALL=C awk '
		{
			n = split($0, net, "/")
			bits = n == 2 ? 32 - net[2] : 0
			split(net[1], part, ".")
			first = ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
			first -= first % 2 ^ bits
			printf "%d.%d.%d.%d%s\n", first / 16777216, first / 65536 % 256, first / 256 % 256, first % 256, bits ? "/" 32 - bits : ""
		}'
}
