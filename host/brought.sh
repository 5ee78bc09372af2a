# nginx that is brought: packages beside the stack, or the vendor's archive. The order on stdin says which, with the
# SHA-256 of each: nothing else is ever unpacked or run.

ORDER_FORMAT=1
BROUGHT=$STATE/files

# bring_nginx ID HOST: $WORK/order is the order.
bring_nginx() {
	need_root
	take_lock
	check_owner "$1" "$2"
	read_order || refuse E_ORDER "the order is not one of this tool's ($(cat "$WORK/order-error")); expected \"lqpt-nginx $ORDER_FORMAT\". Bring the tool that belongs to it: pulumi up of the whole stack"
	wanted_source=$(cat "$WORK/source")
	brought_beside=no
	! nginx_stands "$wanted_source" || brought_beside=yes
	if [ "$brought_beside" = yes ] && ! brings_keepalived; then
		cmp -s "$WORK/order-files" "$STATE/nginx-from" || [ ! -e "$STATE/nginx-from" ] ||
			warn "nginx $(sed -n 's/^nginx //p' "$WORK/nginx-facts") is here from other files than lqpt:nginx names now, and stays; nothing is installed over a standing nginx. Take it off the machine first where it is to be replaced"
		while read -r sha256 pieces name; do
			piece_paths "$sha256" "$pieces"
		done <"$WORK/order-files" >"$WORK/piece-paths"
		forget_pieces
		told_nginx
		return
	fi
	(umask 077 && mkdir -p "$BROUGHT") || refuse E_STATE "$BROUGHT cannot be made; expected a writable disk"
	while read -r sha256 pieces name; do
		take_file "$sha256" "$pieces" "$name"
	done <"$WORK/order-files"
	step "what nginx is installed from is here"
	case $wanted_source,$brought_beside in
	*,yes)
		install_brought ||
			refuse E_PACKAGES "keepalived could not be installed: $(package_errors); expected every package that it needs and this machine has not among lqpt:nginx.files"
		;;
	files,no) install_without_start nginx install_brought "expected every package that nginx needs and this machine has not among lqpt:nginx.files" ;;
	vendor,no) install_without_start "$VENDOR_UNIT" install_vendor "expected that the vendor's nginx_install.sh succeeds without a network" ;;
	esac
	keep "$WORK/order-files" "$STATE/nginx-from"
	rm -rf "$BROUGHT"
	step "what was brought is installed"
	told_nginx
}

# brings_keepalived: is its package among the files of an order, and it not here yet? An archive's are not looked at.
brings_keepalived() {
	[ "$wanted_source" = files ] && ! command -v keepalived >/dev/null 2>&1 && grep -Eq ' keepalived[-_][^ ]*[.](deb|rpm)$' "$WORK/order-files"
}

told_nginx() {
	keep_warnings nginx
	printf '{"nginx":%s,"program":%s,"warnings":' "$(json_string "$(sed -n 's/^nginx //p' "$WORK/nginx-facts")")" "$(json_string "$nginx_bin")"
	json_array <"$WORK/warnings"
	printf '}\n'
}

# read_order: checked line by line and taken apart: source, leqi-id, order-leqi-name, order-url, order-user,
# order-password; order-files are "SHA256 PIECES NAME" lines.
read_order() {
	: >"$WORK/order-files"
	: >"$WORK/order-url"
	LC_ALL=C awk -v out="$WORK" -v format="$ORDER_FORMAT" '
		function bad(why) { printf "line %d: %s", NR, why >(out "/order-error"); failed = 1; exit 1 }
		NR == 1 { if ($0 != "lqpt-nginx " format) bad("another format"); next }
		$1 == "source" && /^source (files|vendor)$/ { print $2 >(out "/source"); next }
		$1 == "file" && NF == 4 && $2 ~ /^[0-9a-f]+$/ && length($2) == 64 && $3 ~ /^[0-9]+$/ && $4 ~ /^[A-Za-z0-9_.+~:%=-]+$/ && $4 !~ /^[.-]/ {
			print $2, $3, $4 >(out "/order-files")
			files++
			next
		}
		/^leqi-name [A-Za-z0-9.-]+$/ { print $2 >(out "/order-leqi-name"); next }
		/^leqi-id [A-Za-z0-9_-]+$/ { print $2 >(out "/leqi-id"); next }
		/^url https?:\/\/[A-Za-z0-9._~\/%+:-]+$/ { print $2 >(out "/order-url"); next }
		/^user [A-Za-z0-9._@-]+$/ { print $2 >(out "/order-user"); next }
		/^password ./ { print substr($0, 10) >(out "/order-password"); next }
		{ bad("what is not understood") }
		END { if (!failed && !files) bad("no file is named"); exit failed }' "$WORK/order" && [ -s "$WORK/source" ]
}

# take_file SHA256 PIECES NAME: to $BROUGHT/SHA256, root's alone; from the pieces in the home of whoever logged in, or
# where there are none from the order's URL. A run that was cut off goes on with what is there.
take_file() {
	tf_file=$BROUGHT/$1
	! is_right "$tf_file" "$1" || return 0
	: >"$WORK/piece-paths"
	if [ "$2" = 0 ]; then
		download "$tf_file.part" "$3"
	else
		piece_paths "$1" "$2" >"$WORK/piece-paths"
		put_together "$3" >"$tf_file.part"
	fi
	is_right "$tf_file.part" "$1" || {
		tf_found=$(sha256sum <"$tf_file.part" | cut -d ' ' -f 1)
		rm -f "$tf_file.part"
		refuse E_SHA256 "$3 has the SHA-256 $tf_found; expected $1. Nothing of it was unpacked. Get it again, or have the new SHA-256 reviewed; one that came in pieces is brought again by pulumi up --replace with their URNs, once lqpt/pieces in the cache of whoever runs that is deleted"
	}
	mv -f "$tf_file.part" "$tf_file"
	forget_pieces
	say "$3 is here, and is what was reviewed"
}

# forget_pieces: those of $WORK/piece-paths, and the folder with the last of them.
forget_pieces() {
	while IFS= read -r fp_path; do
		rm -f "$fp_path"
		rmdir "${fp_path%/*}" 2>/dev/null
	done <"$WORK/piece-paths"
}

# piece_paths SHA256 PIECES
piece_paths() {
	pp_home=$(getent passwd "${SUDO_USER:-root}" | cut -d : -f 6)
	pp_piece=0
	while [ "$pp_piece" -lt "$2" ]; do
		printf '%s/.lqpt-files/%s-%s\n' "$pp_home" "$1" "$pp_piece"
		pp_piece=$((pp_piece + 1))
	done
}

# put_together NAME: the pieces of $WORK/piece-paths to stdout.
put_together() {
	while IFS= read -r pt_path; do
		cat "$pt_path" 2>/dev/null || refuse E_FILES "$pt_path, a piece of $1, is not here; expected that it was brought over SSH (SFTP). Have it brought again: pulumi up --replace with the URN of that piece, or of all of this host's"
	done <"$WORK/piece-paths"
}

is_right() {
	[ -e "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]
}

# download FILE NAME: goes on where an earlier run was cut off, or begins anew where that cannot be done.
download() {
	dl_url=$(cat "$WORK/order-url")
	[ -n "$dl_url" ] || refuse E_ORDER "$2 has neither pieces nor a URL; expected one of them"
	command -v curl >/dev/null 2>&1 || refuse E_CURL "curl is not on this machine; expected it, to download $2. Install it, or have the archive brought: lqpt:nginx.archive.file"
	say "downloading $2"
	fetch_url "$1" && return 0
	[ ! -s "$1" ] || [ -s "$WORK/went-on" ] || { rm -f "$1" && fetch_url "$1" && return 0; }
	refuse E_DOWNLOAD "$2 could not be downloaded from ${dl_url%%\?*}: $(tr '\n' ' ' <"$WORK/curl-error"); expected that this machine reaches it, and that lqpt:nginx.archive.user and lqpt:secrets.nginxArchive.password are right. What came is kept, and the next run goes on from there"
}

# fetch_url FILE: the password goes to curl on its stdin and nowhere else. $WORK/went-on says whether anything came.
fetch_url() {
	fu_before=$(size_of "$1")
	{
		printf 'url = "%s"\n' "$dl_url"
		[ ! -s "$WORK/order-user" ] || printf 'user = "%s:%s"\n' "$(cat "$WORK/order-user")" "$(sed 's/[\\"]/\\&/g' "$WORK/order-password")"
	} | curl -q -fsS --proto '=http,https' --connect-timeout 20 --max-time 600 -C - -o "$1" -K - 2>"$WORK/curl-error"
	fu_status=$?
	[ "$(size_of "$1")" -le "$fu_before" ] || echo yes >"$WORK/went-on"
	return "$fu_status"
}

size_of() {
	if [ -e "$1" ]; then wc -c <"$1"; else echo 0; fi
}

# install_brought: the packages of the order, and those in archives among them; beside a standing nginx none of nginx's.
install_brought() {
	rm -rf "$BROUGHT/packages"
	mkdir "$BROUGHT/packages" || return 1
	while read -r sha256 pieces name; do
		case $name in
		*.deb | *.rpm) cp "$BROUGHT/$sha256" "$BROUGHT/packages/$name" ;;
		*) mkdir "$BROUGHT/packages/$sha256" && tar -xf "$BROUGHT/$sha256" -C "$BROUGHT/packages/$sha256" ;;
		esac || return 1
	done <"$WORK/order-files" 2>"$WORK/package.log"
	find "$BROUGHT/packages" -type f \( -name '*.deb' -o -name '*.rpm' \) | sort >"$WORK/packages"
	[ "$brought_beside" = no ] || sed -i '\|/nginx[^/]*$|d' "$WORK/packages"
	[ -s "$WORK/packages" ] || {
		echo "Error: none of the files is a package, nor an archive with one in it" >"$WORK/package.log"
		return 1
	}
	set --
	while IFS= read -r package; do set -- "$@" "$package"; done <"$WORK/packages"
	(umask 022 && install_package "$@") >"$WORK/package.log" 2>&1
	ib_status=$?
	forget_sample
	return "$ib_status"
}
