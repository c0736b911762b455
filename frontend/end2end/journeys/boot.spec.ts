// The beginning: from the first byte to the login page, with what can go wrong on the way.

import { expect, type Page, type Route, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { ADMIN } from "../support/turno.js";

const PROGRAM = /\/frontend-[0-9a-f]+_bg\.wasm$/;
/** What fetches and starts the program. */
const BOOT = /\/boot-[0-9a-f]+\.js$/;
const COLOUR = "/api/v1/settings/theme.css";

const turno = useTurno();

function pathOf(route: Route): string {
  return new URL(route.request().url()).pathname;
}

/** Holds back some of what a page asks for, until it is let go; then it is answered in this way. */
async function hold(
  page: Page,
  which: (route: Route) => boolean,
  answer: (route: Route) => Promise<void> = (route) => route.continue(),
): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*", async (route) => {
    if (!which(route)) return route.fallback();
    await held;
    await answer(route);
  });
  return () => release();
}

for (const theme of ["light", "dark"] as const) {
  test(`the preloader is there before the program, ${theme}, says how far it is, and goes`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { theme });
    const { page } = desk;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(PROGRAM, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    const line = page.getByRole("progressbar", { name: "Abriendo Turno…" });
    await expect(line).toBeVisible();
    // No page of the browser's own colour, not even for a moment: the paper is there with the first picture.
    const paper = await page.locator("#boot").evaluate((boot) => getComputedStyle(boot).backgroundColor);
    expect(paper).toBe(theme === "dark" ? "rgb(19, 19, 18)" : "rgb(246, 245, 242)");
    const far: number[] = [];
    await page.exposeFunction("far", (now: number) => far.push(now));
    await line.evaluate((element) => {
      const tell = () => (globalThis as unknown as { far(now: number): void }).far(Number(element.getAttribute("aria-valuenow")));
      new MutationObserver(tell).observe(element, { attributeFilter: ["aria-valuenow"] });
    });
    release();
    await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
    await expect(page.locator("#boot")).toHaveCount(0);
    expect(far.length).toBeGreaterThan(1);
    expect([...far].sort((a, b) => a - b)).toEqual(far);
    expect(far.at(-1)).toBe(100);
    await desk.check();
    await desk.close();
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`the first picture needs nothing but the page itself, ${theme}`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { theme });
    const { page } = desk;
    const asked: string[] = [];
    const release = await hold(page, (route) => {
      const isPage = route.request().isNavigationRequest();
      if (!isPage) asked.push(pathOf(route));
      return !isPage;
    });
    await page.goto("/login", { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    await expect(page.getByText("Abriendo Turno…", { exact: true })).toBeVisible();
    const paper = await page.locator("#boot").evaluate((boot) => getComputedStyle(boot).backgroundColor);
    expect(paper).toBe(theme === "dark" ? "rgb(19, 19, 18)" : "rgb(246, 245, 242)");
    expect(asked).toContain(COLOUR);
    release();
    await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
    await desk.check();
    await desk.close();
  });
}

test("the program is neither compiled nor begun before the preloader shows", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  await page.addInitScript(() => {
    const seen = globalThis as unknown as { pictures: number; before: number };
    Object.assign(seen, { pictures: 0, before: -1 });
    const count = () => {
      // Those before the document has something to show are none.
      if (document.querySelector(".boot-line")) seen.pictures++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    const { compileStreaming } = WebAssembly;
    Object.assign(WebAssembly, {
      compileStreaming: (...rest: Parameters<typeof compileStreaming>) => {
        if (seen.before < 0) seen.before = seen.pictures;
        return compileStreaming(...rest);
      },
    });
  });
  await page.goto("/login");
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  const before = await page.evaluate(() => (globalThis as unknown as { before: number }).before);
  expect(before).toBeGreaterThanOrEqual(1);
  await desk.check();
  await desk.close();
});

test("what has the desk's own colour is shown in no other", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  const known = await hold(page, (route) => pathOf(route) === COLOUR, (route) =>
    route.fulfill({ contentType: "text/css", body: "html:root { --t-accent: #3454d1; }" }),
  );
  const release = await hold(page, (route) => PROGRAM.test(pathOf(route)));
  await page.goto("/login", { waitUntil: "commit" });
  const mark = page.locator("#boot .boot-mark");
  await expect(page.getByRole("progressbar", { name: "Abriendo Turno…" })).toBeVisible();
  await expect(mark).toBeHidden();
  known();
  await expect(mark).toBeVisible();
  expect(await mark.locator("path").first().evaluate((path) => getComputedStyle(path).fill)).toBe("rgb(52, 84, 209)");
  release();
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await desk.check();
  await desk.close();
});

test("a program that is there before the desk's own colour waits for it", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  const known = await hold(page, (route) => pathOf(route) === COLOUR);
  await page.goto("/login", { waitUntil: "commit" });
  const line = page.locator("#boot .boot-line");
  await expect.poll(async () => Number(await line.getAttribute("aria-valuenow"))).toBeGreaterThanOrEqual(89);
  // All of it is here; a picture or two later it would have begun.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(page.locator("#boot .boot-mark")).toBeHidden();
  await expect(page.locator(".door-form")).toHaveCount(0);
  known();
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await desk.check();
  await desk.close();
});

const script = (body: string) => (route: Route) => route.fulfill({ contentType: "text/javascript", body });
/** What may be wrong with which file, on its way or in itself. */
const WRONG: readonly (readonly [string, RegExp, (route: Route) => Promise<void>])[] = [
  ["a program that does not come", PROGRAM, (route) => route.abort()],
  ["a program that the server has not", PROGRAM, (route) => route.fulfill({ status: 404 })],
  ["a program that cannot be read", PROGRAM, (route) => route.fulfill({ contentType: "application/wasm", body: "no program" })],
  ["a beginning that does not come", BOOT, (route) => route.abort()],
  ["a beginning that the server has not", BOOT, (route) => route.fulfill({ status: 404 })],
  ["a beginning that is something else", BOOT, (route) => route.fulfill({ contentType: "text/html", body: "<p>Log in first</p>" })],
  ["a beginning that cannot be read", BOOT, script("const boot = ;")],
  ["a beginning that does not get far", BOOT, script("throw new Error('no further');")],
];

for (const [what, file, answer] of WRONG) {
  test(`${what} says so, and comes when it is asked for again`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno());
    let broken = true;
    await desk.page.route(file, (route) => (broken ? answer(route) : route.continue()));
    await desk.page.goto("/");
    await expect(desk.page.getByRole("heading", { name: "Turno no ha podido abrirse" })).toBeVisible();
    const again = desk.page.getByRole("button", { name: "Reintentar" });
    await expect(again).toBeFocused();
    await expect(desk.page.getByRole("progressbar")).toBeHidden();
    await desk.checkAccess();
    broken = false;
    desk.faults.length = 0;
    await again.click();
    await expect(desk.page.getByLabel(desk.say("session.login"), { exact: true })).toBeVisible();
    await expect(desk.page.locator("#boot")).toHaveCount(0);
    await desk.check();
    await desk.close();
  });
}

test("a beginning that comes after it was given up goes on", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  await page.clock.install();
  const release = await hold(page, (route) => BOOT.test(pathOf(route)));
  await page.goto("/login", { waitUntil: "commit" });
  const failed = page.getByRole("heading", { name: "Turno no ha podido abrirse" });
  await expect(page.locator("#boot .boot-line")).toBeVisible();
  await page.clock.runFor(15_000);
  await expect(failed).toBeHidden();
  await page.clock.runFor(10_000);
  await expect(failed).toBeVisible();
  await expect(page.getByRole("button", { name: "Reintentar" })).toBeFocused();
  await expect.poll(() => desk.faults.length).toBeGreaterThan(0);
  desk.faults.length = 0;
  release();
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await expect(failed).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("what goes wrong in a script that is not the page's stops nothing", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  const release = await hold(page, (route) => BOOT.test(pathOf(route)));
  await page.goto("/login", { waitUntil: "commit" });
  await expect(page.locator("#boot .boot-line")).toBeVisible();
  // As an extension of the browser would.
  await page.evaluate(async () => {
    dispatchEvent(new ErrorEvent("error", { message: "not ours", filename: "chrome-extension://somebody/reboot.js" }));
    const picture = document.createElement("img");
    const lost = new Promise((resolve) => picture.addEventListener("error", resolve));
    picture.src = "/nothing.png";
    document.head.append(picture);
    await lost;
  });
  await expect(page.locator("#boot")).not.toHaveClass(/failed/);
  release();
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await desk.close();
});

for (const [language, words] of [["en", "Turno could not open"], ["fr", "Turno no ha podido abrirse"]] as const) {
  test(`what is said before the program runs is said once, to a browser that remembers ${language}`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno());
    const { page } = desk;
    await page.addInitScript((language) => localStorage.setItem("turno.locale", language), language);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(PROGRAM, async (route) => {
      await held;
      await route.abort();
    });
    await page.goto("/", { waitUntil: "commit" });
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator(".boot-loading").filter({ visible: true })).toHaveCount(1);
    release();
    await expect(page.locator(".boot-failed").filter({ visible: true })).toHaveCount(1);
    await expect(page.getByRole("heading", { name: words })).toBeVisible();
    await desk.close();
  });
}

test("a connection that says nothing any more is given up after twenty seconds", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  await page.clock.install();
  await page.route(PROGRAM, () => {});
  await page.goto("/", { waitUntil: "commit" });
  const failed = page.getByRole("heading", { name: "Turno no ha podido abrirse" });
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.waitForFunction(() => document.querySelector(".boot-line[aria-label]") !== null);
  await page.clock.runFor(15_000);
  await expect(failed).toBeHidden();
  await page.clock.runFor(10_000);
  await expect(failed).toBeVisible();
  await desk.close();
});

test("somebody who was logged in gets all pieces that are needed at once, and each once", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page } = desk;
  await desk.logIn(ADMIN);
  const asked: string[] = [];
  page.on("request", (request) => {
    // What the page before this one still asked for does not count.
    if (request.isNavigationRequest()) asked.length = 0;
    asked.push(new URL(request.url()).pathname);
  });
  const count = (piece: RegExp) => asked.filter((path) => piece.test(path)).length;
  const [daily, aside, shared] = [/^\/desk-[0-9a-f]+\.wasm$/, /^\/aside-[0-9a-f]+\.wasm$/, /^\/chunk-\d+-[0-9a-f]+\.wasm$/];
  let release = () => {};
  await page.route(PROGRAM, async (route) => {
    await new Promise<void>((resolve) => (release = resolve));
    await route.continue();
  });
  for (const [path, title, asides] of [
    ["/tickets", desk.say("tickets.list.title"), 0],
    ["/profile", desk.say("profile.page"), 1],
  ] as const) {
    await page.goto(path, { waitUntil: "commit" });
    // Before the program is there to ask for them.
    await expect.poll(() => count(daily)).toBe(1);
    await expect.poll(() => count(shared)).toBeGreaterThan(0);
    await expect.poll(() => count(aside)).toBe(asides);
    const early = count(shared);
    release();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    // What lies aside is fetched a while after, too.
    await expect.poll(() => count(aside)).toBe(1);
    expect([count(daily), count(shared)]).toEqual([1, early]);
  }
  await desk.check();
  await desk.close();
});

test("a link from a mail opens for somebody who is logged in", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  await desk.logIn(ADMIN);
  for (const path of ["/forgot", "/set-password/nothing"]) {
    await desk.page.goto(path);
    await expect(desk.page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(desk.page.locator("#boot")).toHaveCount(0);
  }
  await desk.check();
  await desk.close();
});
