// The browsers that the journeys go through.

import { existsSync } from "node:fs";

/** The browser that people have. */
export const CHROMIUM = "/usr/bin/chromium";
/** The same engine without a window to draw: it takes two thirds of the time for the same journeys. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";
/** What the journeys go through: the quicker one where it is there. */
export const QUICKEST = existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : CHROMIUM;

/** Each journey comes with nothing kept: what it runs once is not worth being compiled a second time, better. */
const IN_HASTE = "--js-flags=--liftoff-only";

/** How a browser is started; `TURNO_CHROMIUM` is the one for all. The one that is measured compiles as people's does. */
export function launch(executable: string) {
  return {
    executablePath: process.env["TURNO_CHROMIUM"] ?? executable,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(executable === CHROMIUM ? [] : [IN_HASTE]),
    ],
  };
}
