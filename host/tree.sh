# tree: nginx's configuration as one text. What nginx -T prints is a file after the other, and what a server says may lie
# in a file that it includes, or around it.

# nginx_tree: of what nginx -T prints on stdin, each statement where it takes effect, and each block as it begins, apart by
# tabs: BLOCKS (the names of those around it, apart by blanks) SERVER (its number; 0 outside) HOME (the file that this
# server begins in) FILE WORD...
nginx_tree() {
	LC_ALL=C awk -v folder="$nginx_folder" '
		# It prints a file as often as that is included; once is enough.
		/^# configuration file \/.*:$/ {
			file = plain(substr($0, 22, length($0) - 22))
			if (file in lines) file = ""
			else { files[++count] = file; lines[file] = 0 }
			next
		}
		file != "" { gsub(/\r/, ""); text[file, ++lines[file]] = $0 }
		END { if (count) walk(files[1], 0) }
		function walk(from, depth, i) {
			if (depth > 20) return
			for (i = 1; i <= lines[from]; i++) {
				rest = text[from, i]
				tokens(from, depth)
				if (quote != "") word = word " "
			}
		}
		function tokens(from, depth, was, first) {
			while (rest != "") {
				if (lua) { skip_lua(); continue }
				if (quote != "") { quoted(); continue }
				first = substr(rest, 1, 1)
				if (first == "#") return
				if (first ~ /[ \t;{}"\047]/) rest = substr(rest, 2)
				if (first == "\"" || first == "\047") { quote = first; word = "" }
				else if (first == ";") { was = rest; stated(from, depth); rest = was }
				else if (first == "{") begin(from)
				else if (first == "}") finish()
				else if (first !~ /[ \t]/) {
					# A brace after a dollar belongs to a name.
					if (!match(rest, /^(\\.|\$\{|[^ \t;{\\])+/)) RLENGTH = 1
					add(substr(rest, 1, RLENGTH))
					rest = substr(rest, RLENGTH + 1)
				}
			}
		}
		function quoted() {
			if (match(rest, "^([^\\\\" quote "]|\\\\.)*" quote)) {
				add(word substr(rest, 1, RLENGTH - 1))
				rest = substr(rest, RLENGTH + 1)
				quote = ""
			} else { word = word rest; rest = "" }
		}
		# What a block of Lua holds is no statement.
		function skip_lua() {
			if (!match(rest, /[{}]/)) { rest = ""; return }
			lua += substr(rest, RSTART, 1) == "{" ? 1 : -1
			rest = substr(rest, RSTART + 1)
		}
		function add(one) { gsub(/\t/, " ", one); words[++n] = one }
		function say_it(from, i) {
			printf "%s\t%d\t%s\t%s", blocks[level], server, home, from
			for (i = 1; i <= n; i++) printf "\t%s", words[i]
			print ""
		}
		function stated(from, depth, i, pattern) {
			if (words[1] != "include") { if (n) say_it(from); n = 0; return }
			pattern = words[2]
			n = 0
			for (i = 1; i <= count; i++) if (matches(pattern, files[i])) walk(files[i], depth + 1)
		}
		function begin(from) {
			if (words[1] ~ /_by_lua_block$/) { lua = 1; n = 0; return }
			level++
			blocks[level] = blocks[level - 1] (level > 1 ? " " : "") words[1]
			if (words[1] == "server" && !server) { server = ++servers; home = from; opened = level }
			say_it(from)
			n = 0
		}
		function finish() {
			if (server && level == opened) { server = 0; home = "" }
			if (level) level--
			n = 0
		}
		# What changes nothing of a path: /./ and //.
		function plain(path) {
			while (gsub(/\/\.\//, "/", path)) continue
			gsub(/\/\/+/, "/", path)
			return path
		}
		function matches(pattern, name) {
			if (pattern !~ /^\//) pattern = folder "/" pattern
			pattern = plain(pattern)
			if (pattern == name) return 1
			if (pattern !~ /[*?[]/ || (pattern ~ /\[/ && pattern !~ /\[[^]\/]+\]/)) return 0
			gsub(/[.+(){}|$]/, "[&]", pattern)
			gsub(/\?/, "[^/]", pattern)
			gsub(/\*/, "[^/]*", pattern)
			return name ~ ("^" pattern "$")
		}'
}

# on_port PORT CHECK: the tree on stdin: of each server that listens there, and of what is around it: "tls yes|no|none",
# none where there is no such server; "home FILE" of each; "log PATH" where its calls are written down as nginx does by
# default; "unread WORDS" where they are not, or not all; "mixed FILE" where the server lies in several files, or its file
# has others too. "other FILE" of each that has a server elsewhere; CHECK, where ours listens for its own check, is not that.
on_port() {
	LC_ALL=C awk -F "$TAB" -v port="$1" -v check="$2" -v default_log="$nginx_access_log" '
		{ kind = $1; sub(/ .*/, "", kind); inner = $2 && $1 != kind " server" }
		$2 { kind_of[$2] = kind; home_of[$2] = $3; if (!($2 in at)) at[$2] = "" }
		$5 == "listen" && $2 {
			listens[$2] = 1
			if ($6 == check) next
			if (!holds($6)) { other[$3] = 1; next }
			for (i = 7; i <= NF; i++) if ($i == "udp") next
			at[$2] = 1
			if ($4 != $3) { mixed[$3] = 1; mixed[$4] = 1 }
			for (i = 7; i <= NF; i++) if ($i == "ssl") tls[$2] = 1
		}
		$5 == "ssl" { if ($2) ssl[$2] = $6; else around_ssl[kind] = $6 }
		$5 == "log_format" { formats[$6] = ""; for (i = $7 ~ /^escape=/ ? 8 : 7; i <= NF; i++) formats[$6] = formats[$6] $i }
		$5 == "access_log" {
			key = $2 ? $2 (inner ? " inner" : " own") : "around " kind
			logs[key]++
			for (i = 6; i <= NF; i++) log_word[key, logs[key], i - 5] = $i
			log_words[key, logs[key]] = NF - 5
		}
		function holds(where, part, range, last) {
			if (where ~ /^unix:/) return 0
			last = part[split(where, part, ":")]
			if (last !~ /^[0-9]+(-[0-9]+)?$/) last = 80
			return split(last, range, "-") == 2 ? range[1] + 0 <= port && port <= range[2] + 0 : last == port
		}
		function told(key, i, j, target, format) {
			for (i = 1; i <= logs[key]; i++) {
				target = log_word[key, i, 1]
				format = "combined"
				for (j = log_words[key, i]; j > 1; j--) {
					if (log_word[key, i, j] ~ /^if=/) print "unread\taccess_log " target " is told not every call (" log_word[key, i, j] ")"
					if (j == 2 && log_word[key, i, j] !~ /=/) format = log_word[key, i, j]
				}
				if (target == "off") print "unread\tit has access_log off, so not every call is written down"
				else if (target ~ /^(syslog:|stderr$|memory:)|\$|^\/dev\//) print "unread\tit logs to " target ", which is no file that is kept"
				else if (format != "combined" && (formats[format] !~ /^\$remote_addr[ \t]/ || !index(formats[format], "[$time_local]"))) print "unread\t" target " is written in the format " format ", which is not nginx\047s usual one"
				else print "log\t" target
			}
		}
		END {
			for (one in at) {
				# Where it says nothing, a server of http listens on port 80.
				if (!(one in listens)) { if (kind_of[one] == "http" && port == 80) at[one] = 1; else other[home_of[one]] = 1 }
				if (!at[one]) continue
				served = 1
				homes[home_of[one]] = 1
				if (one in tls || (one in ssl ? ssl[one] : around_ssl[kind_of[one]]) == "on") any_tls = 1
				if (logs[one " own"]) told(one " own")
				else if (logs["around " kind_of[one]]) told("around " kind_of[one])
				else if (kind_of[one] == "http") print "log\t" default_log
				else print "unread\ta server of its " kind_of[one] " block writes down no call"
				told(one " inner")
			}
			for (file in homes) if (file in other) mixed[file] = 1
			for (file in mixed) print "mixed\t" file
			for (file in homes) print "home\t" file
			for (file in other) print "other\t" file
			print "tls\t" (!served ? "none" : any_tls ? "yes" : "no")
		}' | sort -u
}
