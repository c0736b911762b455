// What is measured, against what it may be.
//
// What is counted (bytes, rows, how far things move) is asserted by the journeys themselves. What is timed depends on all else
// that the machine does: the journeys write it down, and `cargo xtask bench`, which has the machine to itself, judges it.

import { appendFileSync } from "node:fs";

import { type Browser, type BrowserContextOptions, expect, type Page, test } from "@playwright/test";

/** Where to write down what was measured, one JSON object in a line; set by `cargo xtask bench`. */
const MEASURED = process.env["TURNO_MEASURED"];

/** Milliseconds that a browser takes to show a line of text on the machine that the budgets are for: two cores, no graphics. */
export const TEXT = { normal: 100, slow: 280 };
/** How often each thing is measured; the middle counts. */
export const TIMES = 5;
/** More pixels than the bars of a browser's window are high. */
const BARS = 200;
/** Milliseconds that a page is held up on purpose, to see that it is told. */
const HELD = 200;

export function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Notes what was measured, and what it may be. */
export function note(type: string, values: number[], limit: number, unit = "ms"): void {
  const description = `${middle(values).toFixed(unit ? 0 : 4)} ${unit} of ${Number(limit.toFixed(unit ? 0 : 4))} (${values.map((value) => value.toFixed(unit ? 0 : 4)).join(", ")})`;
  test.info().annotations.push({ type, description });
  console.log(`${type}: ${description}`);
}

/** Writes down what was measured: the middle of it, and what it may be at most. */
export function measured(name: string, values: number[], limit: number, unit = "ms"): void {
  note(name, values, limit, unit);
  if (MEASURED) appendFileSync(MEASURED, `${JSON.stringify({ name, value: middle(values), at_most: limit, unit })}\n`);
}

/** How long a browser takes to show a line of text that comes alone. */
export async function textPaint(page: Page): Promise<number> {
  await page.goto("/api/v1/settings/public");
  const paint = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  return Number(await paint.jsonValue());
}

/** How many times slower a line of text came than on the machine of the budgets: at least once. */
export function timesSlower(paints: number[], normal: number): number {
  note("a line of text", paints, normal);
  return Math.max(1, middle(paints) / normal);
}

/** How many times slower than the machine of the budgets this one is just now. */
export async function slowness(browser: Browser, options: BrowserContextOptions): Promise<number> {
  const paints: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const context = await browser.newContext(options);
    paints.push(await textPaint(await context.newPage()));
    await context.close();
  }
  return timesSlower(paints, TEXT.normal);
}

/**
 * Makes the browser's window higher than the page. Otherwise its own bars take their room from the page, whose lowest part is
 * then never drawn: what is typed there would show only with the next blink of the caret.
 */
export async function drawWhole(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { windowId, bounds } = await devtools.send("Browser.getWindowForTarget");
  const height = (bounds.height ?? 0) + BARS;
  await devtools.send("Browser.setWindowBounds", { windowId, bounds: { height } });
  await devtools.detach();
}

/** What held the page up, in milliseconds. */
interface Wait {
  /** When it began. */
  readonly at: number;
  /** How long it took: of a key, until the picture after it, in steps of eight. */
  readonly time: number;
  /** Of a key, until all that listens for it had answered. */
  readonly handled: number;
}

/** Watches how long keys take (`event`), or whatever else the page does (`longtask`). */
export async function watch(page: Page, type: "event" | "longtask"): Promise<void> {
  await page.evaluate((type) => {
    const seen = globalThis as unknown as { waits: Wait[] };
    seen.waits = [];
    const keys = new Set(["keydown", "keypress", "beforeinput", "input", "keyup"]);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { name, startTime, duration } = entry;
        const handled = type === "event" ? (entry as PerformanceEventTiming).processingEnd - startTime : duration;
        if (type === "longtask" || keys.has(name)) seen.waits.push({ at: startTime, time: duration, handled });
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
export async function hold(page: Page, type: "event" | "longtask"): Promise<{ before: number; after: number }> {
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

/** The longest of what began between two waits that were made on purpose. */
export async function worst(page: Page, type: "event" | "longtask", from: number): Promise<{ time: number; handled: number }> {
  const { before } = await hold(page, type);
  const between = (await waits(page)).filter(({ at }) => at >= from && at < before);
  const longest = (which: "time" | "handled") => Math.max(0, ...between.map((wait) => wait[which]));
  return { time: longest("time"), handled: longest("handled") };
}

/** A task as the browser tells of it: microseconds of the clock, and those in which a processor worked on it. */
interface Task {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  /** `X` of what is over; what goes on while the browser is asked has no end. */
  readonly ph: string;
  readonly dur: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * The longest that the page worked at once while something was done, in milliseconds of a processor. By the clock a task also
 * takes as long as whatever else the machine does: the pictures that it is drawn on, and who measures.
 */
export async function longestWork(page: Page, doing: () => Promise<void>): Promise<number> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["toplevel"] });
  await doing();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Task[] };
  const thread = ({ pid, tid }: Task) => `${pid}/${tid}`;
  const pages = new Set(traceEvents.filter((task) => task.name === "thread_name" && task.args.name === "CrRendererMain").map(thread));
  const tasks = traceEvents.filter((task) => task.name === "ThreadControllerImpl::RunTask" && task.ph === "X" && pages.has(thread(task)));
  // Of the one in which it was asked to begin, the browser may know the clock alone.
  const times = tasks.map(({ dur, tdur }) => tdur ?? dur);
  expect(times.length, "the browser tells of nothing that a page does").toBeGreaterThan(0);
  return Math.max(...times) / 1_000;
}
