import { callLqpt } from "./program";

void callLqpt(process.argv.slice(2));
