// Every page, looked at: in both themes, both languages and both widths. axe has nothing to say, nothing reaches past the
// edge, and a picture of each is kept in test-results/screens.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { PAGES, prepare } from "../support/pages.js";
import { ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const SCREENS = resolve("../../test-results/screens");

const turno = useTurno({}, (turno) => turno.addDemo(60));

for (const theme of ["light", "dark"] as const) {
  for (const language of ["es", "en"] as const) {
    for (const width of WIDTHS) {
      test(`every page, ${theme}, ${language}, ${width} px`, async ({ browser }) => {
        test.slow();
        const desk = await Desk.open(browser, turno(), { theme, language, width });
        await desk.page.goto("/");
        await expect(desk.page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
        await look(desk, "login", theme, language);

        await desk.enter(ADMIN);
        // In the language of the account so far.
        await expect(desk.page.locator(".chart-card").first()).toBeVisible();
        const ids = await prepare(desk, language);
        for (const { name, path, heading } of PAGES) {
          await desk.page.goto(path.replace(":open", String(ids.open)).replace(":closed", String(ids.closed)));
          const named = heading ? { name: desk.say(heading), exact: true } : { level: 1 };
          await expect(desk.page.getByRole("main").getByRole("heading", named).first()).toBeVisible();
          await desk.page.waitForLoadState("networkidle");
          await look(desk, name, theme, language);
        }
        await desk.close();
      });
    }
  }
}

/** Checks the page that is open and keeps a picture of it. */
async function look(desk: Desk, name: string, theme: string, language: Language): Promise<void> {
  await desk.check();
  // The words change nothing that axe looks at.
  if (language === "es") await desk.checkAccess();
  mkdirSync(SCREENS, { recursive: true });
  const path = join(SCREENS, `${name}-${theme}-${language}-${desk.width}.png`);
  await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
}
