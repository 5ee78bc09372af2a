# The listener's certificate and key: they travel apart from the document, which a reviewer reads.

TLS_FOLDER=/etc/lqpt
# Certificates and key in one file, root's alone: so the two never belong to different pairs.
TLS_PAIR=$TLS_FOLDER/listener.pem
# Days before its end at which a certificate is no longer as it should be.
CERTIFICATE_DAYS=30

# keys ID HOST: on stdin the certificates, then the key, as PEM, and the password of a shared address, whichever there are.
# They are checked, kept, and where they are in use already put to use and seen to be; else the ones before come back.
keys() {
	need_root
	take_lock
	check_owner "$1" "$2"
	awk -v out="$WORK" '
		/^vrrp-password / { print substr($0, 15) >(out "/new-password"); next }
		/^-----BEGIN / { to = /CERTIFICATE-----$/ ? out "/new-certificate" : out "/new-key" }
		to != "" { print >to }
		/^-----END / { to = "" }' "$WORK/pem"
	rm -f "$WORK/pem"
	[ -s "$WORK/new-certificate" ] || [ -s "$WORK/new-key" ] || [ -s "$WORK/new-password" ] ||
		refuse E_KEYS "neither a certificate with its key nor a password arrived; expected what the document needs. Run this again"
	if [ -s "$WORK/new-certificate" ] || [ -s "$WORK/new-key" ]; then keep_pair; fi
	[ ! -s "$WORK/new-password" ] || keep_password
	printf '{"lqptctl":"%s","certificate":' "$LQPTCTL_VERSION"
	if [ -s "$WORK/new-pair" ]; then
		printf '"sha256:%s","until":%s' "$(certificate_digest)" "$(json_string "$(certificate_end)")"
	else
		printf 'null,"until":null'
	fi
	printf ',"vrrp":%s}\n' "$([ -s "$WORK/new-password" ] && echo true || echo false)"
}

keep_pair() {
	command -v openssl >/dev/null 2>&1 || refuse E_COMMANDS "openssl is missing here, and the certificate is checked with it; install the package openssl"
	check_pair "$WORK/new-certificate" "$WORK/new-key"
	cat "$WORK/new-certificate" "$WORK/new-key" >"$WORK/new-pair"
	if cmp -s "$WORK/new-pair" "$TLS_PAIR" && { ! shown_by_nginx || shows_certificate; }; then
		say "the certificate and its key are here already"
	else
		replace_pair
	fi
}

# certificate_digest: of the certificates that are kept.
certificate_digest() {
	sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' "$TLS_PAIR" | sha256sum | cut -d ' ' -f 1
}

check_pair() {
	[ -s "$1" ] && [ -s "$2" ] || refuse E_KEYS "the certificate or its key did not arrive; expected both, as PEM. Run this again"
	openssl x509 -in "$1" -noout -pubkey >"$WORK/pair-certificate" 2>/dev/null &&
		openssl pkey -in "$2" -pubout >"$WORK/pair-key" 2>/dev/null </dev/null ||
		refuse E_KEYS "openssl on this host cannot read the certificate or its key; expected PEM, and a key without a passphrase"
	cmp -s "$WORK/pair-certificate" "$WORK/pair-key" ||
		refuse E_KEYS "the key does not belong to the certificate; expected a pair. Set lqpt:secrets.certificate.key or lqpt:listen.certificate anew"
	openssl x509 -in "$1" -noout -checkend 0 >/dev/null 2>&1 ||
		refuse E_KEYS "the certificate is not good any more ($(openssl x509 -in "$1" -noout -enddate 2>/dev/null)); expected one that is"
}

replace_pair() {
	[ ! -e "$TLS_PAIR" ] || cp -p "$TLS_PAIR" "$WORK/pair-before"
	put_pair "$WORK/new-pair" || refuse E_STATE "$TLS_FOLDER cannot be written; expected room on a writable disk"
	step "the certificate and its key are kept"
	shown_by_nginx || return 0
	if ! { load_site "$bind" "$port" && wait_until 5 shows_certificate; }; then
		why=$(tr '\n' ' ' <"$WORK/nginx-error")
		[ -s "$WORK/pair-before" ] && put_pair "$WORK/pair-before" && load_site "$bind" "$port" ||
			fail E_KEYS "nginx does not show the new certificate: $why; and the one before could not be put back. See 'nginx -t' on the host, then run this again"
		fail E_KEYS "nginx does not show the new certificate: $why; the one before is back. Mend the cause, then run this again"
	fi
	step "nginx shows the new certificate"
}

# shown_by_nginx: is there a site of ours that is to show them, by an nginx that runs? One that does not is started by an
# apply alone, which looks at the firewall first.
shown_by_nginx() {
	find_own_nginx
	[ -e "$SITE_FILE" ] && grep -Fq "$TLS_PAIR" "$SITE_FILE" && [ -s "$STATE/place" ] && nginx_active || return 1
	read -r zone port bind <"$STATE/place"
}

# put_pair FILE: root's alone from its first byte.
put_pair() {
	(umask 022 && mkdir -p "$TLS_FOLDER") && (umask 077 && cat "$1" >"$TLS_PAIR.lqpt-new") &&
		flush "$TLS_PAIR.lqpt-new" && mv -f "$TLS_PAIR.lqpt-new" "$TLS_PAIR"
}

# shows_certificate: does the listener show the certificate that is kept?
shows_certificate() {
	timeout 10 openssl s_client -connect "$(own_way_in):$port" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 >"$WORK/shown" 2>/dev/null &&
		openssl x509 -in "$TLS_PAIR" -noout -fingerprint -sha256 2>/dev/null | cmp -s - "$WORK/shown"
}

# check_keys: before a document whose listener needs them comes into force.
check_keys() {
	[ "$(cat "$WORK/tls")" != none ] || return 0
	if [ ! -s "$TLS_PAIR" ]; then
		problem E_KEYS "the listener's certificate and key are not on this host; expected them in $TLS_FOLDER. Run pulumi up of the whole stack, which brings them"
	elif [ "$verb" = apply ] && [ -s "$WORK/certificate" ] && [ "$(certificate_digest)" != "$(cat "$WORK/certificate")" ]; then
		problem E_KEYS "the certificate on this host is not the document's; expected the one of lqpt:listen.certificate. Run pulumi up of the whole stack, which brings it"
	fi
}

certificate_end() {
	openssl x509 -in "$TLS_PAIR" -noout -enddate 2>/dev/null | sed 's/^notAfter=//'
}

# judge_certificate: for status.
judge_certificate() {
	[ "$(cat "$WORK/tls")" != none ] || return 0
	openssl x509 -in "$TLS_PAIR" -noout -checkend "$((CERTIFICATE_DAYS * 86400))" >/dev/null 2>&1 ||
		deviates "the listener's certificate ends on $(certificate_end); replace it (pulumi up makes a self-signed one anew)"
	shows_certificate || deviates "the listener does not show the certificate that is kept in $TLS_PAIR"
}

# forget_keys ID HOST
forget_keys() {
	need_root
	take_lock
	may_release "$1" "$2" || return 0
	forget_password
	forget_pair
}

# forget_pair: unless nginx still names it: without it, it would not start any more.
forget_pair() {
	find_nginx existing
	if [ -n "$nginx_bin" ] && nginx_run -T 2>/dev/null | grep -Fq "$TLS_PAIR"; then
		say "warning: a site that somebody edited names $TLS_PAIR, so it stays; nobody may reach the proxy's port"
		return 0
	fi
	rm -f "$TLS_PAIR"
	rmdir "$TLS_FOLDER" 2>/dev/null
	say "the listener's certificate and its key are gone"
}
