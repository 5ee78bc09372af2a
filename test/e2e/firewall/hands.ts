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

/** Stands before systemd's own until nginx has once not been reloaded in the middle of a transaction. */
export const FICKLE = "/usr/local/sbin/systemctl";
export const REFUSES_ONE_RELOAD = `#!/bin/sh
if [ "$*" = "reload nginx" ] && [ -d /var/lib/lqpt/pending ]; then rm ${FICKLE}; echo "not now" >&2; exit 1; fi
exec /bin/systemctl "$@"
`;
