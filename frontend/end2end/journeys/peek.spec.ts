// A look into a ticket beside the list: it goes along with the rows, hides nothing that has the focus, and is left by the
// keyboard.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { openTickets, row } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");

/** A desk, a small desk, a tablet, a phone, and a page at 400 %. */
const SIZES = [
  { width: 1440, height: 800 },
  { width: 1200, height: 800 },
  { width: 800, height: 1000 },
  { width: 360, height: 740 },
  { width: 320, height: 256 },
] as const;

/** More than the list has places for the focus behind its rows. */
const MANY = 40;

const turno = useTurno();

function sheetOf(desk: Desk): Locator {
  return desk.page.getByRole("complementary", { name: desk.say("views.peek.label") });
}

test("a look into tickets moves along and gives the focus back", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  const [first = 0, second = 0] = await openTickets(desk, [
    { title: "Vistazo uno", description: "Lo primero" },
    { title: "Vistazo dos", description: "Lo **segundo**" },
  ]);
  await page.goto("/tickets?q=vistazo");
  await row(desk, "Vistazo dos").focus();
  await page.keyboard.press("Space");
  const sheet = sheetOf(desk);
  await expect(sheet.getByText("segundo")).toBeVisible();
  await expect(row(desk, "Vistazo dos")).toBeFocused();
  // Which it is, is told; the rest is there to be read.
  await expect(sheet.getByRole("status")).toHaveText(`${second}: Vistazo dos`);
  await expect(sheet.locator("[aria-live]")).toHaveCount(0);
  await desk.check();
  await desk.checkAccess();
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: resolve(SCREENS, "list-peek-light-es-1280.png"), animations: "disabled" });
  await page.keyboard.press("ArrowDown");
  await expect(sheet.getByText("Lo primero")).toBeVisible();
  await expect(sheet.getByRole("status")).toHaveText(`${first}: Vistazo uno`);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(row(desk, "Vistazo uno")).toBeFocused();
  await desk.close();
});

for (const { width, height } of SIZES) {
  test(`whatever of the list has the focus is seen beside it (${width} × ${height})`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { width });
    const { page } = desk;
    await page.setViewportSize({ width, height });
    await desk.logIn(ADMIN);
    const word = `Mirado${width}`;
    await openTickets(desk, Array.from({ length: 20 }, (_, n) => ({ title: `${word} número ${n}` })));
    await page.goto(`/tickets?q=${word}`);
    await row(desk, `${word} número 19`).focus();
    await page.keyboard.press("Space");
    const sheet = sheetOf(desk);
    await expect(sheet.getByRole("heading", { name: `${word} número 19` })).toBeVisible();
    await seen(desk);
    await desk.check();
    await page.keyboard.press("End");
    await expect(row(desk, `${word} número 0`)).toBeFocused();
    await expect(sheet.getByRole("heading", { name: `${word} número 0` })).toBeVisible();
    await seen(desk);

    // On to the sheet, by what stands between.
    const close = sheet.getByRole("button", { name: desk.say("common.close"), exact: true });
    const has = () => close.evaluate((element) => element === document.activeElement);
    for (let steps = 0; !(await has()); steps++) {
      expect(steps, "the keyboard does not come to the cross").toBeLessThan(MANY);
      await page.keyboard.press("Tab");
      await seen(desk);
    }
    await page.keyboard.press("Enter");
    await expect(sheet).toHaveCount(0);
    await expect(row(desk, `${word} número 0`)).toBeFocused();
    await seen(desk);
    await desk.check();
    await desk.close();
  });
}

/** Some of what has the focus is not covered by anything. */
async function seen(desk: Desk): Promise<void> {
  const hidden = () =>
    desk.page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "nothing has the focus";
      const { left, right, top, bottom } = at.getBoundingClientRect();
      const between = (from: number, to: number) => [0.1, 0.5, 0.9].map((part) => from + (to - from) * part);
      const points = between(left, right).flatMap((x) => between(top, bottom).map((y) => [x, y] as const));
      const shows = points.some(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit !== null && (at.contains(hit) || hit.closest("label")?.contains(at) === true);
      });
      return shows ? "" : `it cannot be seen: ${at.outerHTML.slice(0, 160)}`;
    });
  await expect.poll(hidden).toBe("");
}
