import { describeFaults } from "./faultRunner";
import { MAKE_SERVICE, OPENINGS, SHARE_TABLE } from "./openings";

describeFaults("an opening that is not ours", OPENINGS, `${SHARE_TABLE} && ${MAKE_SERVICE}`);
