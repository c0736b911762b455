// Every component in every state: looked at by axe, and kept as pictures in test-results/screens. No release has that page;
// `cargo xtask test` builds one that has, and names its folder in `TURNO_GALLERY`.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { Front } from "../support/front.js";
import { ADMIN } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");
const FOLDER = process.env["TURNO_GALLERY"];

const turno = useTurno();
let front: Front | undefined;

test.skip(!FOLDER, "TURNO_GALLERY names no page with a gallery: `cargo xtask test --only browser` builds it");
test.beforeAll(async () => {
  if (FOLDER) front = await Front.before(turno().url, FOLDER);
});
test.afterAll(async () => front?.stop());

for (const width of WIDTHS) {
  test(`every component, ${width} px`, async ({ browser }) => {
    // A development build is large, and slow to begin.
    test.slow();
    const desk = await Desk.open(browser, turno(), { width, url: front!.url });
    const { page } = desk;
    const patient = { timeout: 30_000 };
    await page.goto("/ui");
    await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible(patient);
    await desk.enter(ADMIN);
    await expect(page.getByRole("heading", { name: "Components", level: 1 })).toBeVisible(patient);
    await desk.check();
    await desk.checkAccess();
    mkdirSync(SCREENS, { recursive: true });
    const keep = (name: string) =>
      page.screenshot({ path: join(SCREENS, `ui-${name}-${width}.png`), fullPage: true, animations: "disabled" });
    await keep("all");
    for (const theme of ["light", "dark"]) {
      const part = (name: string): Locator => page.getByRole("region", { name: `${name}, ${theme}`, exact: true });
      /** Opens something, looks at it, and keeps it; Escape closes it. */
      const open = async (name: string, button: Locator) => {
        await button.click();
        await desk.check();
        await desk.checkAccess();
        await keep(`${name}-${theme}`);
        await page.keyboard.press("Escape");
      };
      await open("menu", part("What floats").getByRole("button", { name: "A menu" }));
      await open("dialog", part("What floats").getByRole("button", { name: "Dialog", exact: true }));
      await open("sheet", part("Choices").getByRole("button", { name: "State", exact: true }));

      // Each chart as a table too, with the same numbers. The words around them are the account's.
      const charts = part("Charts");
      const tables = charts.getByRole("table");
      await expect(tables).toHaveCount(0);
      for (const title of ["A ring", "Bars", "Lines", "Lines of nothing"]) {
        const words = desk.say("dashboard.chart.as_table", { title: `${title}, ${theme}` });
        await charts.getByRole("button", { name: words, exact: true }).click();
      }
      await expect(tables).toHaveCount(4);
      await expect(tables.nth(1)).toContainText("1200");
      await desk.check();
      await desk.checkAccess();
      await keep(`tables-${theme}`);
    }
    await desk.close();
  });
}
