// What lies over a page, stands in place of it, or is there for a minute: looked at as every page is (pages.spec.ts), in both
// themes, both languages and three widths. axe has nothing to say, nothing reaches past the edge, what can be read is in the
// language that was asked for, and a picture of each is kept in test-results/screens.

import { expect, type Locator, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { ANA, box, EVA, said } from "../support/chatting.js";
import { Desk, DEVICES, type Theme, useTurno } from "../support/desk.js";
import { NEIGHBOUR, REPLIES } from "../support/filling.js";
import { keep, lookOf, read, THEMES } from "../support/moments.js";
import { prepare, speak } from "../support/pages.js";
import { field, leaveSearch, openTickets } from "../support/steps.js";
import { ADMIN, type Person } from "../support/turno.js";
import { type Language, pattern } from "../support/words.js";

const LANGUAGES: readonly Language[] = ["es", "en"];
const PROGRAM = /\/frontend-[0-9a-f]+_bg\.wasm$/;

/** What is said before the program runs stands in `index.html`. */
const BOOT = {
  es: { opening: "Abriendo Turno…", failed: "Turno no ha podido abrirse", again: "Reintentar" },
  en: { opening: "Opening Turno…", failed: "Turno could not open", again: "Try again" },
} as const;

/** A word by which commands and a ticket are called, and the ticket's title. */
const SOUGHT = {
  es: { word: "tema", title: "El tema oscuro se apaga solo" },
  en: { word: "theme", title: "The dark theme goes off by itself" },
} as const;

/** What two people make of that title. */
const RETITLED = {
  es: { mine: "El tema oscuro se apaga cada noche", theirs: "Pantalla demasiado clara" },
  en: { mine: "The dark theme goes off every night", theirs: "Screen too bright" },
} as const;

/** Who has nothing yet. */
const NEWCOMERS: Readonly<Record<Language, Person>> = {
  es: ANA,
  en: { ...ANA, username: "amy", name: "Amy Reed", email: "amy@example.org", language: "en" },
};

/** As many rows as make it worth changing them together. */
const CHOSEN = 3;

const turno = useTurno({}, (turno) => {
  turno.addPerson(EVA);
  turno.addDemo(60);
});

for (const language of LANGUAGES) {
  for (const widths of DEVICES) {
    const where = `on ${widths.length > 1 ? "a tablet and a desk" : "a phone"}, ${language}`;

    test(`before the program runs, and where the server is not there, ${where}`, async ({ browser }) => {
      test.setTimeout(180_000);
      const desk = await Desk.open(browser, turno(), lookOf(language, widths));
      // What the preloader is like is settled before anything runs: the page is loaded once for each theme.
      for (const theme of THEMES) await beginning(desk, widths, theme);
      await unreachable(desk, widths);
      await desk.close();
    });

    test(`what lies over a page for a while, ${where}`, async ({ browser }) => {
      test.setTimeout(300_000);
      const desk = await Desk.open(browser, turno(), lookOf(language, widths));
      const { page, say } = desk;
      await page.goto("/");
      await desk.enter(ADMIN);
      await expect(page.locator(".chart-card").first()).toBeVisible();
      await prepare(desk, language);
      const [ticket = 0] = await openTickets(desk, [{ title: SOUGHT[language].title }]);
      await list(desk);

      await palette(desk, widths);
      await keys(desk, widths);
      await bell(desk, widths);
      await chosen(desk, widths);
      await peek(desk, widths);
      if (widths.length > 1) await dock(desk, widths);
      await conflict(desk, widths, ticket);
      await question(desk, widths);
      await people(desk, widths);
      await ending(desk, widths);
      await expect(page.getByLabel(say("session.login"), { exact: true })).toHaveValue(ADMIN.username);
      await desk.close();
    });
  }
}

test.describe("a desk without tickets", () => {
  const empty = useTurno();

  // While nobody else is there; they would be a step that was taken.
  for (const language of LANGUAGES) {
    test(`tells whoever runs it how to start, ${language}`, async ({ browser }) => {
      test.setTimeout(120_000);
      for (const widths of DEVICES) {
        const desk = await newcomer(await Desk.open(browser, empty(), lookOf(language, widths)), ADMIN);
        const { page, say } = desk;
        await expect(page.locator(".start")).toBeVisible();
        await speak(desk, language);
        await page.reload();
        const part = page.getByRole("region", { name: say("start.title"), exact: true });
        await expect(part).toContainText(say("start.count", { done: 0, all: 4 }));
        await expect(part.getByRole("button", { name: say("start.demo.load"), exact: true })).toBeVisible();
        await expect(page.getByText(say("dashboard.empty.staff_title"), { exact: true })).toBeVisible();
        await desk.quiet();
        const says = read("start.title", "start.people_text", "start.ticket", "start.demo.offer");
        await keep(desk, widths, { name: "start-admin", part, says, whole: true });
        await desk.close();
      }
    });
  }

  for (const language of LANGUAGES) {
    test(`asks a user what is wrong, ${language}`, async ({ browser }) => {
      test.setTimeout(120_000);
      const person = empty().addPerson(NEWCOMERS[language]);
      for (const widths of DEVICES) {
        const desk = await newcomer(await Desk.open(browser, empty(), lookOf(language, widths)), person);
        const part = desk.page.getByRole("main").locator(".empty");
        await expect(part.getByRole("link", { name: desk.say("dashboard.rows.new"), exact: true })).toBeVisible();
        await expect(desk.page.locator(".start")).toHaveCount(0);
        await desk.quiet();
        const says = read("dashboard.empty.user_title", "dashboard.empty.user_text", "dashboard.rows.new");
        await keep(desk, widths, { name: "start-user", part, says, whole: true });
        await desk.close();
      }
    });
  }
});

async function newcomer(desk: Desk, person: Person): Promise<Desk> {
  await desk.page.goto("/");
  await desk.enter(person);
  return desk;
}

/** The preloader while the program is on its way, and when it does not come. */
async function beginning(desk: Desk, widths: readonly number[], theme: Theme): Promise<void> {
  const { page, language } = desk;
  const { opening, failed, again } = BOOT[language];
  let giveUp = () => {};
  const held = new Promise<void>((resolve) => (giveUp = resolve));
  await page.route(PROGRAM, async (route) => {
    await held;
    await route.abort();
  });
  await page.emulateMedia({ colorScheme: theme });
  await page.goto("/", { waitUntil: "commit" });
  await expect(page.getByRole("progressbar", { name: opening })).toBeVisible();
  const part = page.locator("#boot");
  await keep(desk, widths, { name: "boot-loading", part, says: (language) => [BOOT[language].opening] }, [theme]);

  giveUp();
  await expect(page.getByRole("heading", { name: failed })).toBeVisible();
  await expect(page.getByRole("button", { name: again })).toBeFocused();
  // What was wrong is said on the console, and is what this is about.
  await expect.poll(() => desk.faults.length).toBeGreaterThan(0);
  desk.faults.length = 0;
  const says = (language: Language) => [BOOT[language].failed, BOOT[language].again];
  await keep(desk, widths, { name: "boot-failed", part, says }, [theme]);

  await page.unroute(PROGRAM);
  await page.getByRole("button", { name: again }).click();
  await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
}

/** The page is there, and the server is not. How it comes without one, and goes on by itself, is told in offline.spec.ts. */
async function unreachable(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  // Whoever has never logged in here need not be asked for.
  const live = { state: "live", user_id: 1, stamp: 0, countdown: { deadline: Date.now(), total: 300_000, mode: "strict" } };
  await page.evaluate((live) => localStorage.setItem("turno.session", live), JSON.stringify(live));
  await page.route("**/api/v1/session", (route) => route.abort());
  await page.goto("/tickets");
  await expect(page.getByRole("heading", { name: say("session.unreachable_title"), exact: true })).toBeVisible();
  await expect(page.locator("#boot")).toHaveCount(0);
  const says = read("session.unreachable_title", "session.away_text", "common.retry");
  await keep(desk, widths, { name: "offline", part: page.getByRole("main"), says, whole: true });
  // Nobody presses anything.
  await page.unroute("**/api/v1/session");
  await expect(page.getByRole("button", { name: say("session.enter"), exact: true })).toBeVisible();
}

/** Goes to the list, and waits until it has its rows and hears what happens. */
async function list(desk: Desk, query = ""): Promise<Locator> {
  const { page, say } = desk;
  await page.goto(`/tickets${query}`);
  const table = page.getByRole("table", { name: say("tickets.list.region") });
  await expect(table.getByRole("link").first()).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
  await desk.quiet();
  return table;
}

/** What Ctrl+K leads to, with something that is called so and with nothing. */
async function palette(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  const { word, title } = SOUGHT[desk.language];
  const named = { name: say("common.nav.search"), exact: true };
  const options = page.getByRole("listbox", named).getByRole("option");
  const part = page.locator("#search-hits");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", named)).toBeFocused();
  // What can be done is offered at once, and what was found comes after it.
  await page.keyboard.type(word);
  await expect(options.filter({ hasText: title }).first()).toBeVisible();
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await keep(desk, widths, { name: "palette-hits", part, says: read("commands.light", "commands.dark") });
  await leaveSearch(page);
  await expect(part).toHaveCount(0);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothingmatchesthis");
  await expect(page.getByText(say("common.nav.search_none"), { exact: true })).toBeVisible();
  await keep(desk, widths, { name: "palette-none", part, says: read("common.nav.search_none") });
  await leaveSearch(page);
  await expect(part).toHaveCount(0);
}

/** All keys. */
async function keys(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  await list(desk);
  await page.keyboard.press("?");
  const part = page.getByRole("dialog", { name: say("commands.keys"), exact: true });
  await expect(part.locator("kbd").first()).toBeVisible();
  await keep(desk, widths, { name: "keys", part, says: read("commands.keys_intro", "commands.group.list", "commands.note") });
  await page.keyboard.press("Escape");
  await expect(part).toBeHidden();
}

/** The bell with something that was not read. */
async function bell(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say, language } = desk;
  await page.getByRole("button", { name: pattern(language, "notifications.bell") }).click();
  const part = page.getByRole("menu");
  const unread = part.getByRole("menuitem").filter({ hasText: say("notifications.new") });
  await expect(unread.filter({ hasText: say("notifications.mentioned", { name: NEIGHBOUR.name }) }).first()).toBeVisible();
  const says = read("notifications.title", "notifications.see_all", "notifications.new");
  await keep(desk, widths, { name: "bell", part, says });
  await page.keyboard.press("Escape");
  await expect(part).toHaveCount(0);
}

/** Rows that are chosen, and the way back from what was done with them. */
async function chosen(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  const table = await list(desk);
  const boxes = table.getByRole("checkbox", { name: /\d/ });
  for (let place = 0; place < CHOSEN; place++) await boxes.nth(place).click();
  const bar = page.getByRole("region", { name: say("views.bulk.bar") });
  await expect(bar.getByRole("status")).toHaveText(say("views.bulk.chosen.other", { count: CHOSEN }));
  const says = read("views.bulk.assign", "tickets.list.priority", "tickets.list.category");
  await keep(desk, widths, { name: "chosen", part: bar, says });

  await bar.getByRole("button", { name: say("views.bulk.close"), exact: true }).click();
  const closed = say("views.bulk.done.closed.other", { count: CHOSEN });
  const part = page.locator(".toast-item").filter({ hasText: closed });
  const undo = part.getByRole("button", { name: say("tickets.ticket.undo"), exact: true });
  // It stays for as long as somebody is at it.
  await undo.focus();
  await keep(desk, widths, { name: "undo", part, says: read("tickets.ticket.undo") });
  await expect(undo).toBeFocused();
  await undo.click();
  await desk.told(say("views.bulk.done.undone.other", { count: CHOSEN }));
}

/** A look into a ticket beside the list. */
async function peek(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  const table = await list(desk, "?status=waiting");
  await table.getByRole("link").first().focus();
  await page.keyboard.press("Space");
  const part = page.getByRole("complementary", { name: say("views.peek.label") });
  await expect(part.getByRole("heading", { level: 2 })).toBeVisible();
  await expect(part.getByRole("link", { name: say("views.peek.open"), exact: true })).toBeVisible();
  await desk.quiet();
  // What people wrote may have any of the page's shorter words in it.
  await keep(desk, widths, { name: "peek", part, says: read("views.peek.last") });
  await page.keyboard.press("Escape");
  await expect(part).toHaveCount(0);
}

/** Two conversations over a page: one in its window, one minimised. */
async function dock(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  await list(desk);
  for (const person of [EVA, NEIGHBOUR]) {
    await page.getByRole("button", { name: pattern(desk.language, "chat.dock.open") }).first().click();
    await page.getByRole("searchbox", { name: say("chat.find_person") }).fill(person.name);
    await page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name: person.name }).first().click();
    await expect(box(desk, person)).toBeFocused();
    if (person === EVA) await page.keyboard.press("Escape");
  }
  const chip = page.getByRole("button", { name: say("chat.dock.restore", { name: EVA.name }), exact: true });
  const part = page.getByRole("region", { name: say("chat.with", { name: NEIGHBOUR.name }), exact: true });
  await expect(said(desk, NEIGHBOUR, "Buenos días")).toBeVisible();
  await expect(part.getByRole("button", { name: say("chat.dock.minimise"), exact: true })).toBeVisible();
  await expect(chip).toBeVisible();
  await desk.quiet();
  // All that is to be read is the names of people and what they wrote: the words of the page are those of its buttons.
  await keep(desk, widths, { name: "dock", part, says: () => [], wide: true });
  await expect(chip).toBeInViewport();
  await part.getByRole("button", { name: say("chat.dock.close"), exact: true }).click();
  await page.getByRole("button", { name: say("chat.dock.drop", { name: EVA.name }), exact: true }).click();
  await expect(part.or(chip)).toHaveCount(0);
}

/** Somebody else was quicker (409). */
async function conflict(desk: Desk, widths: readonly number[], ticket: number): Promise<void> {
  const { page, say } = desk;
  const { mine, theirs } = RETITLED[desk.language];
  const path = `/tickets/${ticket}`;
  await page.goto(path);
  await page.getByRole("button", { name: say("tickets.ticket.edit"), exact: true }).click();
  await field(page, say("tickets.edit.title")).fill(mine);
  const { version } = await ask<{ version: number }>(page, "GET", path);
  await ask(page, "PATCH", path, { version, title: theirs });
  const refused = page.waitForResponse((answer) => answer.status() === 409);
  await page.getByRole("button", { name: say("tickets.edit.save"), exact: true }).click();
  await refused;
  const part = page.getByRole("alertdialog", { name: say("tickets.conflict.heading") });
  for (const title of [mine, theirs]) await expect(part.getByRole("cell", { name: title, exact: true })).toBeVisible();
  await expect(part.getByRole("button", { name: say("tickets.conflict.back"), exact: true })).toBeFocused();
  await desk.quiet();
  const says = read("tickets.conflict.heading", "tickets.conflict.explain", "tickets.conflict.keep_mine");
  await keep(desk, widths, { name: "conflict", part, says });
  // Nothing was overwritten, and nothing of the text is lost.
  await page.keyboard.press("Escape");
  await expect(part).toBeHidden();
  await expect(field(page, say("tickets.edit.title"))).toHaveValue(mine);
}

/** A dialog that asks before something is deleted. */
async function question(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  const name = REPLIES[0].title;
  await page.goto("/replies");
  await page.getByRole("button", { name: say("replies.remove_name", { name }), exact: true }).click();
  const part = page.getByRole("alertdialog", { name: say("replies.remove_heading", { name }) });
  await expect(part.getByRole("button", { name: say("replies.cancel"), exact: true })).toBeFocused();
  await keep(desk, widths, { name: "delete", part, says: read("replies.remove_shared", "replies.remove") });
  await page.keyboard.press("Escape");
  await expect(part).toBeHidden();
}

/** Somebody beside the list of people, and the form that makes an account. */
async function people(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  await page.goto(`/people?q=${NEIGHBOUR.email}`);
  await page.getByRole("main").getByRole("link", { name: NEIGHBOUR.name, exact: true }).click();
  const panel = page.getByRole("dialog", { name: NEIGHBOUR.name, exact: true });
  await expect(panel.getByText(NEIGHBOUR.email, { exact: true })).toBeVisible();
  await desk.quiet();
  await keep(desk, widths, { name: "person", part: panel, says: read("people.panel.created", "people.panel.asked") });
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();

  await page.getByRole("button", { name: say("people.new"), exact: true }).click();
  const form = page.getByRole("dialog", { name: say("people.create_heading"), exact: true });
  await expect(field(form, say("people.name"))).toBeVisible();
  await keep(desk, widths, { name: "person-form", part: form, says: read("people.create_heading", "people.password_new_hint") });
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
}

/** The last minute of a session, and what is there after it. The page's clock is put forward, so that nobody has to wait. */
async function ending(desk: Desk, widths: readonly number[]): Promise<void> {
  const { page, say } = desk;
  await page.clock.install();
  await list(desk);
  await page.clock.fastForward("04:05");
  const warning = page.getByRole("dialog", { name: say("session.warning_title"), exact: true });
  await expect(warning.getByRole("button", { name: say("session.keep"), exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
  await keep(desk, widths, { name: "session-ending", part: warning, says: read("session.warning_title", "session.keep") });

  await page.clock.fastForward("01:00");
  const part = page.locator(".door-box");
  await expect(part.getByText(say("session.ended_expired"), { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: pattern(desk.language, "common.nav.account") })).toHaveCount(0);
  await keep(desk, widths, { name: "session-ended", part, says: read("session.ended_expired", "session.title"), whole: true });
}
