// Every component in every state, on a development build (`trunk build`): looked at by axe, and kept as pictures in
// test-results/screens. A release has no such page; then there is nothing to look at.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { ADMIN } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");

const turno = useTurno();

for (const width of WIDTHS) {
  test(`every component, ${width} px`, async ({ browser }) => {
    const desk = await Desk.open(browser, turno(), { width, language: "en" });
    await desk.page.goto("/");
    await desk.enter(ADMIN);
    await expect(desk.page).not.toHaveURL(/\/login/);
    await desk.page.goto("/ui");
    const heading = desk.page.getByRole("main").getByRole("heading").first();
    await expect(heading).toBeVisible();
    test.skip((await heading.textContent()) !== "Components", "a release has no page of its components: `trunk build` makes a build that has");
    await desk.check();
    await desk.checkAccess();
    mkdirSync(SCREENS, { recursive: true });
    const keep = (name: string) =>
      desk.page.screenshot({ path: join(SCREENS, `ui-${name}-${width}.png`), fullPage: true, animations: "disabled" });
    await keep("all");
    for (const theme of ["light", "dark"]) {
      const part = desk.page.getByRole("region", { name: `What floats, ${theme}` });
      await part.getByRole("button", { name: "A menu" }).click();
      await desk.checkAccess();
      await keep(`menu-${theme}`);
      await desk.page.keyboard.press("Escape");
      await part.getByRole("button", { name: "Dialog" }).click();
      await desk.checkAccess();
      await keep(`dialog-${theme}`);
      await desk.page.keyboard.press("Escape");
    }
    await desk.close();
  });
}
