import { join, resolve } from "node:path";

import { defineConfig } from "@playwright/test";

import { CHROMIUM, launch, QUICKEST } from "./support/browsers.js";
import { ALONE, DATABASE_SERVER, DATABASES, EACH_DATABASE, QUERIES, wantedDatabases } from "./support/databases.js";

/** What is about time, and about nothing that a database changes. */
const MEASURED = ["budget.spec.ts", "speed.spec.ts"];
/** On each database: what asks for it with a tag; the rest of the page does not know which database there is. On all but SQLite
 * also what asks for a server. */
const ON_EACH = [new RegExp(`^(?!.*360 px).*${QUERIES}`), new RegExp(EACH_DATABASE), new RegExp(DATABASE_SERVER)];

const results = resolve("../../test-results");

export default defineConfig({
  testDir: "journeys",
  outputDir: join(results, "browser"),
  globalSetup: "./support/servers.ts",
  // One project for each database that the same program runs on.
  // What the pages look like and weigh does not depend on it, nor how most journeys go on a phone.
  // What is measured, is measured when nothing else goes on, in the browser that people have: last, alone (`--no-deps` for that
  // only).
  projects: [
    ...DATABASES.map((name) =>
      name === "sqlite"
        ? { name, testIgnore: MEASURED, grepInvert: new RegExp(DATABASE_SERVER) }
        : { name, testIgnore: MEASURED, grep: ON_EACH },
    ),
    {
      name: ALONE,
      testMatch: MEASURED,
      dependencies: wantedDatabases(),
      workers: 1,
      use: { trace: "off", screenshot: "off", launchOptions: launch(CHROMIUM) },
    },
  ],
  // One more than two cores: a journey waits for a fifth of its time.
  workers: 3,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    // What keeps the page on a machine would stand between a journey and the requests that it watches; offline.spec.ts lets it.
    serviceWorkers: "block",
    headless: true,
    locale: "es-ES",
    timezoneId: "UTC",
    // Of a failure there are the last picture and what was on the page. Where a person may look at more: without the bodies of
    // what was loaded, for which pictures of the page's own would be read again, which its CSP forbids, and without a film of
    // it, which took a quarter of the time that the journeys took.
    trace: process.env["CI"] === undefined ? { mode: "retain-on-failure", snapshots: false, screenshots: false } : "off",
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    launchOptions: launch(QUICKEST),
  },
});
