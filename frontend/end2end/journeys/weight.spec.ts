// What the login page loads, and what lies behind it: a file of its own that comes while the person types.

import { expect, type Request, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { ADMIN } from "../support/turno.js";

/** In bytes, as sent: with brotli. */
const LOGIN_PAGE = 300_000;
const BEHIND = /\/desk-[0-9a-f]+\.wasm$/;

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
  }
  expect(requests.some((request) => request.url().endsWith("_bg.wasm"))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(LOGIN_PAGE);
  test.info().annotations.push({ type: "login page", description: `${bytes} bytes in ${requests.length} requests` });

  const behind = desk.page.waitForResponse(BEHIND);
  await login.pressSequentially("a");
  expect((await behind).ok()).toBe(true);
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
