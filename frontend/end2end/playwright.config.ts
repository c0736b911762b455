import { join, resolve } from "node:path";

import { defineConfig } from "@playwright/test";

import { DATABASES } from "./support/databases.js";

const results = resolve("../../test-results");

export default defineConfig({
  testDir: "journeys",
  outputDir: join(results, "browser"),
  globalSetup: "./support/servers.ts",
  // One project for each database that the same program runs on.
  // What the pages look like and weigh does not depend on it, nor how a journey goes on a phone.
  projects: DATABASES.map((name) =>
    name === "sqlite" ? { name } : { name, testIgnore: ["pages.spec.ts", "weight.spec.ts", "budget.spec.ts", "boot.spec.ts", "offline.spec.ts", "vortex.spec.ts", "gallery.spec.ts", "zoom.spec.ts"], grepInvert: /360 px/ },
  ),
  workers: 2,
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
    // Without the bodies of what was loaded: to keep them, pictures of the page's own are read again, which its CSP forbids.
    trace: { mode: "retain-on-failure", snapshots: false },
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: process.env["TURNO_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
