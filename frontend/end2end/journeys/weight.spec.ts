// What the login page loads, and what lies behind it: files of their own, of which one comes while the person types and one when
// the first is there.

import { expect, type Request, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { ADMIN } from "../support/turno.js";

/** In bytes, as sent: with brotli. */
const LOGIN_PAGE = 300_000;
const BEHIND = /\/desk-[0-9a-f]+\.wasm$/;
const ASIDE = /\/aside-[0-9a-f]+\.wasm$/;

const turno = useTurno();

test("the login page is light, and the rest comes with the first letter", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const requests: Request[] = [];
  desk.page.on("requestfinished", (request) => requests.push(request));
  await desk.page.goto("/login", { waitUntil: "networkidle" });
  const login = desk.page.getByLabel(desk.say("session.login"), { exact: true });
  await expect(login).toBeVisible();
  let bytes = 0;
  for (const request of requests) {
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes += responseBodySize + responseHeadersSize;
    expect(request.url()).not.toMatch(BEHIND);
    expect(request.url()).not.toMatch(ASIDE);
  }
  expect(requests.some((request) => request.url().endsWith("_bg.wasm"))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(LOGIN_PAGE);
  test.info().annotations.push({ type: "login page", description: `${bytes} bytes in ${requests.length} requests` });

  const behind = desk.page.waitForResponse(BEHIND);
  const aside = desk.page.waitForResponse(ASIDE);
  await login.pressSequentially("a");
  expect((await behind).ok()).toBe(true);
  expect((await aside).ok()).toBe(true);
  await desk.check();
  await desk.close();
});

/** Holds what is asked for back until it is let go. */
async function hold(desk: Desk, what: RegExp): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await desk.page.route(what, async (route) => {
    await held;
    await route.continue();
  });
  return () => release();
}

test("who goes aside before it has come waits for it, and goes on working meanwhile", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  const release = await hold(desk, ASIDE);
  const coming = page.getByRole("progressbar", { name: desk.say("common.loading"), exact: true });
  const people = page.getByRole("heading", { name: desk.say("people.title"), exact: true, level: 1 });
  await desk.logIn(ADMIN);
  await page.reload();
  await expect(page.getByRole("heading", { name: desk.say("tickets.list.title"), exact: true, level: 1 })).toBeVisible();
  await page.getByRole("link", { name: desk.say("common.nav.people"), exact: true }).click();
  await expect(coming).toBeVisible();
  // Nothing of it is there, and the line says so.
  expect(Number(await coming.getAttribute("aria-valuenow"))).toBeLessThan(10);
  await expect(page).toHaveTitle(new RegExp(`^${desk.say("common.loading")}`));
  await page.goBack();
  await expect(page.getByRole("heading", { name: desk.say("tickets.list.title"), exact: true, level: 1 })).toBeVisible();
  await expect(coming).toHaveCount(0);
  await page.goForward();
  await expect(coming).toBeVisible();
  // Longer than a page's heading is looked for.
  await expect(page.locator("main")).toBeFocused();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1700)));
  release();
  await expect(people).toBeVisible();
  await expect(people).toBeFocused();
  await desk.check();
  await desk.close();
});

test("what lies aside and does not come is asked for again where one is", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  let broken = true;
  await desk.page.route(ASIDE, (route) => (broken ? route.abort() : route.continue()));
  await desk.logIn(ADMIN);
  await desk.page.getByRole("link", { name: desk.say("common.nav.people"), exact: true }).click();
  await expect(desk.page.getByText(desk.say("session.unreachable_title"))).toBeVisible();
  await desk.checkAccess();
  broken = false;
  desk.faults.length = 0;
  await desk.page.evaluate(() => Object.assign(globalThis, { same: true }));
  await desk.page.getByRole("button", { name: desk.say("common.retry"), exact: true }).click();
  await expect(desk.page.getByRole("heading", { name: desk.say("people.title"), exact: true, level: 1 })).toBeVisible();
  expect(await desk.page.evaluate(() => "same" in globalThis)).toBe(true);
  await desk.check();
  await desk.close();
});

test("a desk that does not come says so, and comes when it is asked for again", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  let broken = true;
  await desk.page.route(BEHIND, (route) => (broken ? route.abort() : route.continue()));
  await desk.page.goto("/tickets");
  await desk.enter(ADMIN);
  await expect(desk.page.getByText(desk.say("session.unreachable_title"))).toBeVisible();
  broken = false;
  // The browser reports what was not loaded; that is what was wanted.
  desk.faults.length = 0;
  await desk.page.getByRole("button", { name: desk.say("common.retry"), exact: true }).click();
  await expect(desk.page.getByRole("heading", { name: desk.say("tickets.list.title"), exact: true, level: 1 })).toBeVisible();
  await desk.check();
  await desk.close();
});
