// How quick it begins, against the budgets, on a machine four times slower, over 10 Mbit/s, with nothing in the browser's cache:
// the middle of five, on the page as it is released. And how still it stands.
// Times are written down here, and judged by `cargo xtask bench` (measure.ts).

import { type Browser, type CDPSession, expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { measured, middle, note, TEXT, textPaint, TIMES, timesSlower } from "../support/measure.js";
import { addressOf, arrive, DOORS, PAGES, type PageThere, type Places, prepare, visit } from "../support/pages.js";
import { ADMIN } from "../support/turno.js";

/** Milliseconds to the first picture of the preloader, beyond those that the browser needs for any line of text here. */
const FIRST_PAINT = 100;
/** Milliseconds to a login page that can be typed into. */
const USABLE = 1200;
/** How far things may move once they are there. */
const SHIFT = 0.02;
/** Bytes of everything that the login page loads, the dust behind it included. */
const LOGIN_PAGE = 300_000;
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

/** Notes when the login page can be typed into. */
function watchReady(): void {
  const seen = globalThis as unknown as { ready: number };
  seen.ready = 0;
  const changes = new MutationObserver(() => {
    if (!document.querySelector(".door-form input") || document.querySelector("#boot:not(.done)")) return;
    changes.disconnect();
    requestAnimationFrame(() => (seen.ready = performance.now()));
  });
  changes.observe(document, { childList: true, subtree: true, attributes: true });
}

async function open(browser: Browser, width = 1280): Promise<{ desk: Desk; devtools: CDPSession }> {
  const desk = await Desk.open(browser, turno(), { moving: true, width, touch: width === 360 });
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

test("the login page on a slow machine", async ({ browser }) => {
  test.slow();
  const paints: number[] = [];
  const plain: number[] = [];
  const usable: number[] = [];
  const shifts: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const text = await openSlow(browser);
    plain.push(await textPaint(text.desk.page));
    await text.desk.close();
    const { desk, devtools } = await openSlow(browser);
    await desk.context.addInitScript(watchReady);
    await desk.page.goto("/login");
    // Asked in few words: what Playwright itself would put into the page first, takes such a machine as long as the preloader.
    const ready = async () => Number((await devtools.send("Runtime.evaluate", { expression: "ready" })).result.value);
    await expect.poll(ready, { timeout: 30_000 }).toBeGreaterThan(0);
    usable.push(await ready());
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
  const slow = timesSlower(plain, TEXT.slow);
  measured("first paint of the preloader", paints, middle(plain) + slow * FIRST_PAINT);
  measured("usable login page", usable, slow * USABLE);
  note("layout shift of the login page", shifts, SHIFT, "");
  expect(Math.max(...shifts)).toBeLessThanOrEqual(SHIFT);
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
  measured("everything on the login page", [bytes], LOGIN_PAGE, "bytes");
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(LOGIN_PAGE);
  await desk.close();
});

/** Goes to a page as by a link of the page. No finger presses it, or half a second of what jumps would be forgiven. */
async function follow(desk: Desk, there: PageThere, places: Places): Promise<void> {
  await desk.page.evaluate((path) => {
    Object.assign(globalThis, { shifted: 0, same: true });
    const link = document.createElement("a");
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
  }, addressOf(there, places));
  await arrive(desk, there);
  expect(await desk.page.evaluate(() => "same" in globalThis), `${there.path} was loaded anew`).toBe(true);
}

for (const width of WIDTHS) {
  test(`nothing jumps on any page, loaded or gone to (${width} px)`, async ({ browser }) => {
    test.slow();
    const { desk } = await open(browser, width);
    const look = async (how: string, { path }: PageThere) => {
      const shifted = await desk.page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);
      note(`layout shift of ${path}, ${how}, ${width} px`, [shifted], SHIFT, "");
      expect.soft(shifted, `${path}, ${how}`).toBeLessThanOrEqual(SHIFT);
    };
    for (const door of DOORS) {
      await visit(desk, door);
      await look("loaded", door);
    }
    await desk.page.goto("/");
    await desk.enter(ADMIN);
    await expect(desk.page.locator(".chart-card").first()).toBeVisible();
    const places = await prepare(desk, "es");
    for (const page of PAGES) {
      await visit(desk, page, places);
      await look("loaded", page);
    }
    for (const page of PAGES) {
      await follow(desk, page, places);
      await look("gone to", page);
    }
    await desk.close();
  });
}

test("that something jumps would be seen", async ({ browser }) => {
  const { desk } = await open(browser);
  await desk.page.goto("/login");
  await expect(desk.page.locator(".door-form")).toBeVisible();
  await desk.page.evaluate(() => document.body.style.setProperty("padding-top", "300px"));
  const shifted = () => desk.page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);
  await expect.poll(shifted).toBeGreaterThan(SHIFT);
  await desk.close();
});
