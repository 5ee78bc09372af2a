import { describeFaults } from "./faultRunner";
import { MAKE_SERVICE, OPENINGS } from "./openings";

describeFaults("an opening that is not ours", OPENINGS, MAKE_SERVICE);
