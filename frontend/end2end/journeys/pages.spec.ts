// Every page, looked at: in both themes, both languages and three widths, and what each role works on as each role. axe has
// nothing to say (in each theme and language on a phone or on a desk; on a tablet, where colours and words are those of a desk,
// in one of the four, by turns), nothing reaches past the edge, and a picture of each is kept in test-results/screens. A phone is touched; the
// screens of a desk and of a tablet have a mouse.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, DEVICES, judgedAt, type Look, PAGE_WIDTHS, type Theme, useTurno } from "../support/desk.js";
import { drawn } from "../support/dust.js";
import { lookOf, THEMES } from "../support/moments.js";
import { CHATS, demoPeople, DOORS, FORBIDDEN, PAGES, prepare, setPassword, speak, visit } from "../support/pages.js";
import { SCREENS } from "../support/screens.js";
import { ADMIN, type Person } from "../support/turno.js";
import { type Language } from "../support/words.js";

/** What everybody has, and what is on it depends on who they are. */
const OF_EACH_ROLE = PAGES.filter(({ name }) => ["dashboard", "tickets", "ticket"].includes(name));
const [PHONE, TABLET] = PAGE_WIDTHS;
const LANGUAGES = ["es", "en"] as const;

const turno = useTurno({}, (turno) => turno.addDemo(60));

for (const language of LANGUAGES) {
  for (const widths of DEVICES) {
    const where = widths.includes(PHONE) ? "a phone" : "a tablet and a desk";
    // A page is loaded in the look that the one before was looked at last: by turns wide and narrow, on a phone light and dark.
    const look: Look = { ...lookOf(language, widths), theme: language === "es" ? "light" : "dark" };

    test(`every page on ${where}, ${language}`, async ({ browser }) => {
      test.setTimeout(300_000);
      const desk = await Desk.open(browser, turno(), look);
      const doors = [...DOORS, await setPassword(desk)];
      for (const [place, door] of doors.entries()) {
        await visit(desk, door);
        await keep(desk, door.name, widths, place);
      }
      await enter(desk, ADMIN);
      const places = await prepare(desk, language);
      for (const [place, page] of [...PAGES, ...CHATS].entries()) {
        await visit(desk, page, places);
        await keep(desk, page.name, widths, doors.length + place);
      }
      await desk.close();
    });

    test(`what each role works on, on ${where}, ${language}`, async ({ browser }) => {
      test.setTimeout(180_000);
      const boss = await enter(await Desk.open(browser, turno()), ADMIN);
      const { ticket, user, technician } = await demoPeople(boss);
      await boss.close();
      for (const person of [user, technician]) {
        const desk = await enter(await Desk.open(browser, turno(), look), person);
        await speak(desk, language);
        const pages = person.role === "user" ? [...OF_EACH_ROLE, FORBIDDEN] : OF_EACH_ROLE;
        for (const [place, page] of pages.entries()) {
          await visit(desk, page, { open: ticket, closed: ticket });
          await keep(desk, `${page.name}-${person.role}`, widths, place);
        }
        await desk.close();
      }
    });
  }
}

test("the login page while its dust moves", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { theme: "dark", width: 1440, moving: true });
  await desk.page.goto("/login");
  await expect.poll(() => drawn(desk.page)).toBeGreaterThan(500);
  await desk.page.mouse.move(400, 300);
  await desk.page.mouse.move(520, 420, { steps: 8 });
  const path = join(SCREENS, `login-moving-dark-${desk.language}-${desk.width}.png`);
  await desk.page.screenshot({ path, animations: "allow" });
  await desk.check();
  await desk.close();
});

/** Logs in; what is there then is in the language of the account so far. */
async function enter(desk: Desk, person: Person): Promise<Desk> {
  await desk.page.goto("/");
  await desk.enter(person);
  await expect(desk.page.locator(".chart-card").first()).toBeVisible();
  return desk;
}

/** Checks the page that is open in both themes and keeps pictures of it, from the width that it has to the other end. */
async function keep(desk: Desk, name: string, widths: readonly number[], place: number): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  for (const width of desk.width === widths[0] ? widths : [...widths].reverse()) {
    await desk.resize(width);
    // The other theme comes second, and is there already for the next.
    for (const theme of desk.theme === THEMES[0] ? THEMES : [...THEMES].reverse()) {
      await desk.dress(theme);
      await desk.check();
      if (width === judgedAt(theme, desk.language) || (width === TABLET && isTurn(place, theme, desk.language))) {
        await desk.checkAccess();
      }
      const path = join(SCREENS, `${name}-${theme}-${desk.language}-${width}.png`);
      await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
    }
  }
}

/** Whether it is the turn of a theme in a language, by the place of a page among all. */
function isTurn(place: number, theme: Theme, language: Language): boolean {
  return place % (THEMES.length * LANGUAGES.length) === THEMES.indexOf(theme) * LANGUAGES.length + LANGUAGES.indexOf(language);
}
