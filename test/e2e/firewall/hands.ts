import { ruleOf } from "./direct";
import { both } from "./openings";
import { SITE } from "./tool";

/** What other hands do to a host that stands: lines of shell, and those that undo it. */
export interface Hand {
  readonly inject: string;
  readonly mend: string;
}

/** Whom somebody let in without asking. */
export const FOREIGN = "198.51.100.7";

export const FOREIGN_SOURCE: Hand = {
  inject: both(`--add-rich-rule='${ruleOf(FOREIGN)}'`),
  mend: both(`--remove-rich-rule='${ruleOf(FOREIGN)}'`),
};

export const EDITED_SITE: Hand = {
  inject: `cp -p ${SITE} /root/saved && echo '# by hand' >>${SITE}`,
  mend: `mv /root/saved ${SITE}`,
};

export const BROKEN_SITE: Hand = {
  inject: "echo 'no such directive;' >/etc/nginx/conf.d/broken.conf",
  mend: "rm /etc/nginx/conf.d/broken.conf",
};

/**
 * Has nginx's master hang once in the middle of a transaction, from its begin until the site that was there is put back. Its
 * workers serve on, as they do where a real one hangs.
 */
export const NGINX_HANGS_ONCE = `setsid sh -c '
tries=6000
holds() { tries=$((tries - 1)); [ "$tries" -gt 0 ] && "$@" && sleep 0.05; }
is_pending() { [ -d /var/lib/lqpt/pending ]; }
none_pending() { ! is_pending; }
is_as_before() { is_pending && cmp -s ${SITE} /root/site-before; }
is_another() { is_pending && ! cmp -s ${SITE} /root/site-before; }
while holds none_pending; do :; done
is_pending || exit
cp ${SITE} /root/site-before
read -r master </run/nginx.pid
kill -STOP "$master"
while holds is_as_before; do :; done
while holds is_another; do :; done
kill -CONT "$master"' >/dev/null 2>&1 &`;
