import { ruleOf } from "../firewall/direct";
import { EDITED_SITE, FOREIGN, type Hand } from "../firewall/hands";
import { ADDRESSES } from "../../support/samples";

/** What makes a host unfit, and what mends it. */
export const SPOILS: readonly (readonly [string, Hand])[] = [
  [
    "firewalld is stopped",
    { inject: "systemctl stop firewalld", mend: "systemctl start firewalld && firewall-cmd --state" },
  ],
  [
    "somebody is let in by hand",
    {
      inject: `firewall-cmd --add-rich-rule='${ruleOf(FOREIGN)}'`,
      mend: `firewall-cmd --remove-rich-rule='${ruleOf(FOREIGN)}'`,
    },
  ],
  [
    "a source is cut off by hand",
    {
      inject: `firewall-cmd --remove-rich-rule='${ruleOf(ADDRESSES.listed)}'`,
      mend: `firewall-cmd --add-rich-rule='${ruleOf(ADDRESSES.listed)}'`,
    },
  ],
  ["lqpt.conf is edited", EDITED_SITE],
  ["nginx is killed", { inject: "systemctl kill -s KILL nginx", mend: "systemctl start nginx" }],
  ["a person closes it", { inject: "lqptctl close", mend: "lqptctl open" }],
];
