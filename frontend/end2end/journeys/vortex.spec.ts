// The dust behind the login page: it follows the pointer, rests when that does, and is not there for whoever wants none.

import { expect, type Page, test } from "@playwright/test";

import { hide } from "../support/alerts.js";
import { Desk, useTurno } from "../support/desk.js";
import { drawn } from "../support/dust.js";
import { ADMIN } from "../support/turno.js";

/** The part of one core that it may take while nobody touches anything. */
const IDLE = 0.02;
/** Over so many seconds. */
const SECONDS = 10;

const turno = useTurno();

/** What is drawn, in a few characters. */
function picture(page: Page): Promise<string> {
  return page.locator("canvas.vortex").evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}

test("it bends round the pointer, comes to rest, and costs next to nothing", async ({ browser }) => {
  test.slow();
  const desk = await Desk.open(browser, turno(), { moving: true });
  const { page } = desk;
  await page.goto("/login");
  await expect(page.getByLabel(desk.say("session.login"), { exact: true })).toBeVisible();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  const before = await picture(page);
  await page.mouse.move(200, 200);
  await page.mouse.move(240, 260, { steps: 5 });
  await expect.poll(() => picture(page)).not.toBe(before);
  // It takes four seconds to come to rest; from then on it is one picture.
  await page.waitForTimeout(5000);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const [still, start] = [await picture(page), await busy()];
  await page.waitForTimeout(SECONDS * 1000);
  const share = ((await busy()) - start) / SECONDS;
  test.info().annotations.push({ type: "login page at rest", description: `${(share * 100).toFixed(2)} % of one core` });
  expect(share).toBeLessThan(IDLE);
  expect(await picture(page)).toBe(still);
  await desk.check();
  await desk.checkAccess();
  await desk.close();
});

/** What is drawn in the upper part of a phone, in one number. */
function upper(page: Page): Promise<number> {
  return page.locator("canvas.vortex").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, 600);
    return data.reduce((sum, value) => (sum * 31 + value) | 0, 0);
  });
}

test("it stays where it is while a phone's address bar comes and goes", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { moving: true, width: 360 });
  const { page } = desk;
  await page.clock.install();
  await page.goto("/login");
  await expect.poll(() => drawn(page)).toBeGreaterThan(100);
  // As above: it comes to rest.
  await page.clock.runFor(5_000);
  const before = await upper(page);
  for (const height of [684, 740]) {
    await page.setViewportSize({ width: 360, height });
    await expect.poll(() => page.locator("canvas.vortex").evaluate((canvas) => (canvas as HTMLCanvasElement).height)).toBe(height);
    expect(await upper(page)).toBe(before);
  }
  await page.setViewportSize({ width: 740, height: 360 });
  await expect.poll(() => upper(page)).not.toBe(before);
  await desk.close();
});

test("it goes and comes as somebody wants less movement or more", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { moving: true });
  const { page } = desk;
  const canvas = page.locator("canvas.vortex");
  await page.goto("/login");
  await expect(canvas).toBeAttached();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect(canvas).toHaveCount(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await expect(canvas).toBeAttached();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await desk.check();
  await desk.close();
});

test("it is not there for whoever wants less movement, or none of it on this machine", async ({ browser }) => {
  const still = await Desk.open(browser, turno());
  await still.page.goto("/login");
  await expect(still.page.getByLabel(still.say("session.login"), { exact: true })).toBeVisible();
  await expect(still.page.locator("canvas.vortex")).toHaveCount(0);
  await still.close();

  const desk = await Desk.open(browser, turno(), { moving: true });
  await desk.logIn(ADMIN);
  await desk.page.goto("/profile");
  await desk.page.getByRole("checkbox", { name: desk.say("profile.vortex") }).uncheck();
  await desk.page.context().clearCookies();
  await desk.page.goto("/login");
  await expect(desk.page.getByLabel(desk.say("session.password"), { exact: true })).toBeVisible();
  await expect(desk.page.locator("canvas.vortex")).toHaveCount(0);
  await desk.close();
});

/** So many pictures of the browser's later. The dust's own are about half as many. */
function later(page: Page, pictures: number): Promise<void> {
  return page.evaluate(async (pictures) => {
    for (let at = 0; at < pictures; at++) await new Promise((done) => requestAnimationFrame(done));
  }, pictures);
}

test("it rests while nobody sees the page, and goes on when somebody does", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { moving: true });
  const { page } = desk;
  await page.goto("/login");
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await page.mouse.move(200, 200);
  await page.mouse.move(260, 240, { steps: 5 });
  const before = await picture(page);
  await expect.poll(() => picture(page)).not.toBe(before);
  await hide(page);
  await later(page, 6);
  const hidden = await picture(page);
  await later(page, 12);
  expect(await picture(page)).toBe(hidden);
  await page.evaluate(() => {
    for (const [name, value] of [["hidden", false], ["visibilityState", "visible"]] as const) {
      Object.defineProperty(document, name, { get: () => value, configurable: true });
    }
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await expect.poll(() => picture(page)).not.toBe(hidden);
  await desk.check();
  await desk.close();
});

/** What a browser tells of its machine's battery. */
interface Battery {
  readonly charging: boolean;
  readonly level: number;
}

/** A browser that tells of a battery, or that tells nobody; `asked` counts how often it was. */
function giveBattery(battery: Battery | null): void {
  Object.assign(globalThis, { asked: 0 });
  const getBattery = () => {
    (globalThis as unknown as { asked: number }).asked += 1;
    return battery ? Promise.resolve(battery) : Promise.reject(new DOMException("not here", "NotAllowedError"));
  };
  Object.defineProperty(Navigator.prototype, "getBattery", { value: getBattery, configurable: true });
}

const MACHINES: readonly (readonly [string, Battery | null, boolean])[] = [
  ["on the last of its battery", { charging: false, level: 0.15 }, false],
  ["on the last of its battery and on the mains", { charging: true, level: 0.15 }, true],
  ["on a battery that is full", { charging: false, level: 0.9 }, true],
  ["that does not tell of its battery", null, true],
];

for (const [machine, battery, moves] of MACHINES) {
  test(`it is ${moves ? "" : "not "}drawn on a machine ${machine}`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { moving: true });
    const { page } = desk;
    await page.addInitScript(giveBattery, battery);
    await page.goto("/login");
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { asked: number }).asked)).toBe(1);
    if (moves) {
      await expect.poll(() => drawn(page)).toBeGreaterThan(500);
    } else {
      await later(page, 12);
      await page.mouse.move(200, 200);
      await page.mouse.move(240, 260, { steps: 5 });
      await later(page, 12);
      expect(await drawn(page)).toBe(0);
    }
    await desk.check();
    await desk.close();
  });
}

for (const saves of [true, false]) {
  test(`it is ${saves ? "not fetched" : "fetched"} where the browser was ${saves ? "" : "not "}told to load less`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { moving: true });
    const { page, say } = desk;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript((saveData) => {
      const connection = Object.assign(new EventTarget(), { saveData });
      Object.defineProperty(Navigator.prototype, "connection", { get: () => connection, configurable: true });
    }, saves);
    if (saves) await page.clock.install();
    await page.goto("/login");
    await expect(page.getByLabel(say("session.login"), { exact: true })).toBeVisible();
    const pieces = () => asked.filter((path) => path.startsWith("/vortex-")).length;
    if (saves) {
      // Long after it would have come.
      await page.clock.runFor(5_000);
      await desk.quiet();
      await expect(page.locator("canvas.vortex")).toHaveCount(0);
      expect(pieces()).toBe(0);
    } else {
      await expect.poll(() => drawn(page)).toBeGreaterThan(500);
      expect(pieces()).toBe(1);
    }
    await desk.check();
    await desk.close();
  });
}

test("whoever wanted none of it on this machine may want it again", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { moving: true });
  const { page, say } = desk;
  await desk.logIn(ADMIN);
  const wanted = page.getByRole("checkbox", { name: say("profile.vortex") });
  await page.goto("/profile");
  await expect(wanted).toBeChecked();
  await wanted.uncheck();
  await page.reload();
  await expect(wanted).not.toBeChecked();
  await wanted.check();
  await page.reload();
  await expect(wanted).toBeChecked();
  await page.context().clearCookies();
  await page.goto("/login");
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await desk.check();
  await desk.close();
});
