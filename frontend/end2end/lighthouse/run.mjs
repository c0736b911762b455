// What Lighthouse says of the released program, on a desk with demo data: the login page, the list and a ticket, in light. Each is
// looked at three times, with nothing in the browser's cache; the middle counts. The reports are in test-results/lighthouse.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

/** The least that each page gets, of 100. */
const LEAST = { performance: 95, accessibility: 100, "best-practices": 100 };
const TIMES = 3;
const ADMIN = { username: "admin", password: "Nube-Tetera-Faro-42" };

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const program = process.env.TURNO_BIN ?? join(target, "release/turno");
const reports = join(root, "test-results/lighthouse");

/** Starts the program on a desk of its own; tells where it listens. */
async function start(folder) {
  const env = { PATH: process.env.PATH, HOME: folder, DATA_DIR: folder, DATABASE_URL: `sqlite:${join(folder, "turno.db")}`, RUST_LOG: "warn" };
  const options = { cwd: folder, env, stdio: "pipe" };
  const account = ["--username", ADMIN.username, "--name", "Ada Ibarra", "--email", "admin@example.org", "--role", "admin"];
  execFileSync(program, ["migrate"], options);
  execFileSync(program, ["user", "create", ...account, "--password-stdin"], { ...options, input: `${ADMIN.password}\n` });
  execFileSync(program, ["demo", "--tickets", "200", "--seed", "7"], options);
  const child = spawn(program, ["serve", "--listen", "127.0.0.1:0"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((found, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${program} ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /Turno listens on (http:\/\/\S+)/.exec(line)?.[1];
      if (address) found(address.replace(/\/$/, ""));
    });
  });
  return { child, url };
}

/** Logs in by the form, as people do; gives the number of a ticket. */
async function logIn(page, url) {
  await page.goto(`${url}/login`);
  await page.locator("input[autocomplete=username]").fill(ADMIN.username);
  await page.locator("input[type=password]").fill(ADMIN.password);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.pathname !== "/login");
  return page.evaluate(async () => (await (await fetch("/api/v1/tickets?status=waiting&limit=1")).json()).items[0].id);
}

/** Looks at a page; the scores, in percent, each the middle of all times. */
async function look(page, name, address) {
  const scores = Object.fromEntries(Object.keys(LEAST).map((category) => [category, []]));
  for (let time = 0; time < TIMES; time++) {
    const flags = { onlyCategories: Object.keys(LEAST), output: "html", logLevel: "error" };
    const { lhr, report } = await lighthouse(address, flags, desktopConfig, page);
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(address).pathname) throw new Error(`${address} led to ${lhr.finalDisplayedUrl}`);
    for (const [category, all] of Object.entries(scores)) all.push(Math.round((lhr.categories[category].score ?? 0) * 100));
    writeFileSync(join(reports, `${name}.html`), report);
  }
  return Object.fromEntries(Object.entries(scores).map(([category, all]) => [category, all.sort((a, b) => a - b)[Math.floor(TIMES / 2)]]));
}

const folder = mkdtempSync(join(tmpdir(), "turno-lighthouse-"));
mkdirSync(reports, { recursive: true });
let child;
let browser;
try {
  const started = await start(folder);
  child = started.child;
  browser = await puppeteer.launch({
    executablePath: process.env.TURNO_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--lang=es"],
  });
  const page = await browser.newPage();
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  const found = { login: await look(page, "login", `${started.url}/login`) };
  const ticket = await logIn(page, started.url);
  found.list = await look(page, "list", `${started.url}/tickets`);
  found.ticket = await look(page, "ticket", `${started.url}/tickets/${ticket}`);

  console.table(found);
  writeFileSync(join(reports, "scores.json"), `${JSON.stringify(found, null, 2)}\n`);
  for (const [name, scores] of Object.entries(found)) {
    for (const [category, least] of Object.entries(LEAST)) {
      if (scores[category] >= least) continue;
      console.error(`${name}: ${category} is ${scores[category]}, ${least} are wanted; see ${join(reports, `${name}.html`)}`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser?.close();
  if (child?.exitCode === null) {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
