import { FAULTS } from "./faults";
import { describeFaults } from "./faultRunner";

describeFaults("a fault", FAULTS);
