// Every page, looked at: in both themes, both languages and three widths, and what each role works on as each role. axe has
// nothing to say, nothing reaches past the edge, and a picture of each is kept in test-results/screens.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, PAGE_WIDTHS, useTurno } from "../support/desk.js";
import { demoPeople, PAGES, prepare, speak, visit } from "../support/pages.js";
import { ADMIN, type Person } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");
/** What everybody has, and what is on it depends on who they are. */
const OF_EACH_ROLE = PAGES.filter(({ name }) => ["dashboard", "tickets", "ticket"].includes(name));
/** A tablet's screen shows what one of the others does, a little wider or narrower: axe looks at those. */
const UNLIKE: readonly number[] = [360, 1440];

const turno = useTurno({}, (turno) => turno.addDemo(60));

for (const theme of ["light", "dark"] as const) {
  for (const language of ["es", "en"] as const) {
    // A page is loaded at the width that the one before was looked at last, by turns wide and narrow; and what one language
    // loads wide, the other loads narrow.
    const first = language === "es" ? 1440 : 360;

    test(`every page, ${theme}, ${language}`, async ({ browser }) => {
      test.setTimeout(300_000);
      const desk = await Desk.open(browser, turno(), { theme, language, width: first });
      await desk.page.goto("/");
      await expect(desk.page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
      await look(desk, "login", theme);

      await enter(desk, ADMIN);
      const tickets = await prepare(desk, language);
      for (const page of PAGES) {
        await visit(desk, page, tickets);
        await look(desk, page.name, theme);
      }
      await desk.close();
    });

    test(`what each role works on, ${theme}, ${language}`, async ({ browser }) => {
      test.setTimeout(180_000);
      const boss = await enter(await Desk.open(browser, turno()), ADMIN);
      const { ticket, user, technician } = await demoPeople(boss);
      await boss.close();
      for (const person of [user, technician]) {
        const desk = await enter(await Desk.open(browser, turno(), { theme, language, width: first }), person);
        await speak(desk, language);
        for (const page of OF_EACH_ROLE) {
          await visit(desk, page, { open: ticket, closed: ticket });
          await look(desk, `${page.name}-${person.role}`, theme);
        }
        await desk.close();
      }
    });
  }
}

/** Logs in; what is there then is in the language of the account so far. */
async function enter(desk: Desk, person: Person): Promise<Desk> {
  await desk.page.goto("/");
  await desk.enter(person);
  await expect(desk.page.locator(".chart-card").first()).toBeVisible();
  return desk;
}

/** Checks the page that is open and keeps pictures of it, from the width that it has to the other end. */
async function look(desk: Desk, name: string, theme: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  const widths = desk.width === PAGE_WIDTHS[0] ? PAGE_WIDTHS : [...PAGE_WIDTHS].reverse();
  for (const width of widths) {
    await desk.resize(width);
    await desk.check();
    if (UNLIKE.includes(width)) await desk.checkAccess();
    const path = join(SCREENS, `${name}-${theme}-${desk.language}-${width}.png`);
    await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
  }
}
