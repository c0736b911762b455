// What is measured, against what it may be.

import { type Browser, type BrowserContextOptions, expect, type Page, test } from "@playwright/test";

/** Milliseconds that a browser takes to show a line of text on the machine that the budgets are for: two cores, no graphics. */
export const TEXT = { normal: 100, slow: 280 };
/** How many times slower than that machine one may be that measures. On a slower one nothing is said of the page. */
const SLOWEST = 2;
/** How often each thing is measured; the middle counts. */
export const TIMES = 5;
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

/** How long a browser takes to show a line of text that comes alone. */
export async function textPaint(page: Page): Promise<number> {
  await page.goto("/api/v1/settings/public");
  const paint = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  return Number(await paint.jsonValue());
}

/** How many times slower a line of text came than on the machine of the budgets: at least once, and at most so that it counts. */
export function timesSlower(paints: number[], normal: number): number {
  note("a line of text", paints, normal);
  const times = middle(paints) / normal;
  expect(times, "this machine is too slow to measure").toBeLessThanOrEqual(SLOWEST);
  return Math.max(1, times);
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
