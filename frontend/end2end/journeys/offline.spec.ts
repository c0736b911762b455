// The page stays on the machine of whoever works with it: it opens without a network, goes on by itself, and never mixes two
// builds.

import { expect, type Page, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { Front } from "../support/front.js";
import { ADMIN } from "../support/turno.js";

const turno = useTurno();

/** The builds that the browser has whole, the newest last. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const whole: string[] = [];
    for (const cacheName of await caches.keys()) {
      if (await caches.match("/index.html", { cacheName })) whole.push(cacheName.replace("turno-", ""));
    }
    return whole;
  });
}

/** The build of the page that is open, and the hashes of the style sheets that it uses. */
function shown(page: Page): Promise<{ build: string; styles: string[] }> {
  return page.evaluate(() => {
    const named = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name=turno-${name}]`)!.content;
    const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
    const loaded = links.filter((link) => link.sheet && link.sheet.cssRules.length > 0).map((link) => link.href);
    const hashes = loaded.map((href) => /(?:styles|desk)-([0-9a-f]{16})\.css/.exec(href)?.[1]).filter((hash) => hash !== undefined);
    return { build: named("build"), styles: hashes };
  });
}

/** The build of the worker that serves the page. */
function activeBuild(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    return new Promise<string>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      active!.postMessage("build", [port2]);
    });
  });
}

function heading(desk: Desk, key: string, page: Page = desk.page) {
  return page.getByRole("heading", { name: desk.say(key), exact: true });
}

test("without a server the page opens at once, and goes on when the server is back", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { kept: true });
  await desk.logIn(ADMIN);
  await expect.poll(() => kept(desk.page)).toHaveLength(1);
  // What the API said is nowhere in it.
  const paths = await desk.page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]!);
    return (await cache.keys()).map((request) => new URL(request.url).pathname);
  });
  expect(paths.filter((path) => path.startsWith("/api/"))).toEqual([]);
  expect(paths).toContain("/index.html");

  await turno().kill();
  await desk.page.goto("/tickets?status=waiting");
  await expect(heading(desk, "session.unreachable_title")).toBeVisible();
  await desk.checkAccess();
  desk.faults.length = 0;
  await turno().restart();
  // Nobody presses anything.
  await expect(heading(desk, "tickets.list.title")).toBeVisible({ timeout: 15_000 });
  await expect(desk.page).toHaveURL(/\/tickets\?status=waiting$/);
  await desk.check();
  await desk.close();
});

test("whoever only passes by keeps nothing", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { kept: true });
  await desk.page.goto("/login", { waitUntil: "networkidle" });
  expect(await desk.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await desk.close();
});

test("a new build is offered, taken whole, and never mixed with the one before", async ({ browser }) => {
  test.slow();
  const front = await Front.before(turno().url);
  const desk = await Desk.open(browser, turno(), { kept: true, url: front.url });
  const { page } = desk;
  await desk.logIn(ADMIN);
  await expect.poll(() => kept(page)).toHaveLength(1);
  const first = await shown(page);
  expect(first.styles).toHaveLength(2);

  // A server in the middle of an update: its new page is there, one of its files is not.
  front.build = "e";
  front.broken = true;
  await page.reload();
  await expect(heading(desk, "tickets.list.title")).toBeVisible();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update().catch(() => {}));
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing ?? "over"))
    .toBe("over");
  expect(await shown(page)).toEqual(first);
  expect(await kept(page)).toEqual([first.build]);

  // The next build, whole. The old page goes on with its own files, which the server no longer has.
  front.build = "f";
  front.broken = false;
  await page.reload();
  await desk.told(desk.say("common.update"));
  expect(await shown(page)).toEqual(first);
  const other = await desk.tab();
  await other.goto(`${front.url}/tickets`);
  await expect(heading(desk, "tickets.list.title", other)).toBeVisible();
  const next = "f".repeat(16);
  expect(await shown(other)).toEqual({ build: next, styles: [next, next] });
  await page.getByRole("button", { name: desk.say("common.update_now"), exact: true }).click();
  await expect.poll(() => shown(page)).toEqual({ build: next, styles: [next, next] });
  await expect(heading(desk, "tickets.list.title")).toBeVisible();
  await desk.check();

  // An update that was taken back: the build before is the newest now, and once it is here nothing is offered any more.
  front.build = "";
  await page.reload();
  await desk.told(desk.say("common.update"));
  await page.getByRole("button", { name: desk.say("common.update_now"), exact: true }).click();
  await expect.poll(() => shown(page)).toEqual(first);
  await expect(heading(desk, "tickets.list.title")).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([next, first.build]);
  expect(await activeBuild(page)).toBe(first.build);
  await expect(page.locator("html")).not.toHaveAttribute("data-update");

  // And without any server it is still that one.
  await front.stop();
  await page.reload();
  await expect(heading(desk, "session.unreachable_title")).toBeVisible();
  expect((await shown(page)).build).toBe(first.build);
  await desk.close();
});

test("a page that the server does not understand any more is offered the one that it has", async ({ browser }) => {
  test.slow();
  const front = await Front.before(turno().url);
  // The API names the build that Turno carries, and the page is of another.
  front.build = "f";
  const old = "f".repeat(16);
  const desk = await Desk.open(browser, turno(), { kept: true, url: front.url });
  const { page, say } = desk;
  await desk.logIn(ADMIN);
  await expect.poll(() => kept(page)).toEqual([old]);
  await page.reload();
  await expect(heading(desk, "tickets.list.title")).toBeVisible();
  const view = (key: string) => page.locator(".tickets-head .views").getByRole("link", { name: say(key), exact: true });
  const misread = page.getByText(say("common.error.unreadable")).first();

  // There is no newer page than this one: that the answer made no sense is all that can be said.
  front.garbled = "/api/v1/tickets";
  const asked = () => front.passed.filter((path) => path === "/index.html").length;
  const before = asked();
  await view("tickets.list.closed").click();
  await expect(misread).toBeVisible();
  await expect.poll(asked).toBeGreaterThan(before);
  expect(await kept(page)).toEqual([old]);
  await expect(page.locator("html")).not.toHaveAttribute("data-update");

  // Now there is one, and the browser did not know: nothing was loaded since.
  front.build = "";
  await view("tickets.list.all").click();
  await desk.told(say("common.update"));
  front.garbled = "";
  await page.getByRole("button", { name: say("common.update_now"), exact: true }).click();
  await expect.poll(async () => (await shown(page)).build).not.toBe(old);
  await expect(heading(desk, "tickets.list.title")).toBeVisible();
  await expect(misread).toHaveCount(0);
  await desk.check();
  await desk.close();
  await front.stop();
});
