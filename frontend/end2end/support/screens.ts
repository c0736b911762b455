// Where pictures of the pages are kept.

import { resolve } from "node:path";

/** Emptied when a run begins. */
export const SCREENS = resolve("../../test-results/screens");
