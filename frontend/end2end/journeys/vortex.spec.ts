// The dust behind the login page: it follows the pointer, rests when that does, and is not there for whoever wants none.

import { expect, type Page, test } from "@playwright/test";

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
  await page.goto("/login");
  await expect.poll(() => drawn(page)).toBeGreaterThan(100);
  // As above: it has come to rest.
  await page.waitForTimeout(5000);
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
