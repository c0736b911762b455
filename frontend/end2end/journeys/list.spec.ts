// The list as a tool: views that are kept, rows that are changed where they stand, one or many, and taken back, columns and
// thousands of rows.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { type Browser, expect, type Locator, test } from "@playwright/test";

import { Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { answer, answerBox, field, once, openTickets as open, row, still } from "../support/steps.js";
import { accountsOf, ADMIN, type Person } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");

const turno = useTurno();
const account = accountsOf(turno);

async function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  const desk = await (await Desk.open(browser, turno(), look)).logIn(person);
  await expect(desk.page.locator("html")).toHaveAttribute("data-live", "online");
  return desk;
}

/** Changes a ticket straight through the API, as somebody else would. */
async function change(desk: Desk, id: number, fields: object): Promise<void> {
  const status = await desk.page.evaluate(
    async ([id, fields]) => {
      const session = await (await fetch("/api/v1/session")).json();
      const { version } = await (await fetch(`/api/v1/tickets/${id}`)).json();
      const answer = await fetch(`/api/v1/tickets/${id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json", "X-CSRF-Token": session.csrf_token },
        body: JSON.stringify({ version, ...fields }),
      });
      return answer.status;
    },
    [id, fields] as const,
  );
  expect(status).toBe(200);
}

function button(desk: Desk, key: string, values?: Record<string, string | number>): Locator {
  return desk.page.getByRole("button", { name: desk.say(key, values), exact: true });
}

function rail(desk: Desk, name: string): Locator {
  return desk.page.locator(".rail").getByRole("link", { name: new RegExp(`^${name}( \\d+\\+?)?$`) });
}

function table(desk: Desk): Locator {
  return desk.page.getByRole("table", { name: desk.say("tickets.list.region") });
}

function bar(desk: Desk): Locator {
  return desk.page.getByRole("region", { name: desk.say("views.bulk.bar") });
}

async function picture(desk: Desk, name: string, theme = "light"): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await desk.page.screenshot({ path: join(SCREENS, `list-${name}-${theme}-${desk.language}-${desk.width}.png`), animations: "disabled" });
}

test("a view is kept, shared, renamed and deleted, and says how many tickets it has", async ({ browser }) => {
  test.slow();
  const asks = await enter(browser, account("vera", "Vera Sanz", "user"));
  const desk = await enter(browser, account("vidal", "Vidal Técnico", "technician"));
  const other = await enter(browser, account("viola", "Viola Técnica", "technician"));
  await open(asks, [{ title: "Vista uno", priority: "high" }, { title: "Vista dos", priority: "low" }]);
  const unassigned = rail(desk, desk.say("common.nav.unassigned"));
  await expect(unassigned.locator(".view-count")).toHaveText("2");

  await desk.page.goto("/tickets?priority=high");
  await button(desk, "views.save").click();
  const form = desk.page.getByRole("dialog", { name: desk.say("views.save_heading") });
  await form.getByRole("button", { name: desk.say("common.save"), exact: true }).click();
  await expect(form.getByText(desk.say("common.field.required"))).toBeVisible();
  await field(form, desk.say("views.name")).fill("Las altas");
  await form.getByRole("checkbox", { name: desk.say("views.share") }).check();
  await desk.checkAccess();
  await form.getByRole("button", { name: desk.say("common.save"), exact: true }).click();
  await desk.told(desk.say("views.saved", { name: "Las altas" }));
  const link = rail(desk, "Las altas");
  await expect(link).toHaveAttribute("aria-current", "page");
  await expect(link.locator(".view-count")).toHaveText("1");
  await expect(button(desk, "views.save")).toHaveCount(0);

  // The count follows what happens, for everybody.
  await open(asks, [{ title: "Vista tres", priority: "high" }]);
  await expect(link.locator(".view-count")).toHaveText("2");
  await other.page.reload();
  await rail(other, "Las altas").click();
  await expect(row(other, "Vista tres")).toBeVisible();
  await expect(row(other, "Vista dos")).toHaveCount(0);
  await expect(button(other, "views.options", { name: "Las altas" })).toHaveCount(0);

  const options = button(desk, "views.options", { name: "Las altas" });
  await options.click();
  await desk.page.getByRole("menuitem", { name: desk.say("views.rename") }).click();
  const rename = desk.page.getByRole("dialog", { name: desk.say("views.rename_heading") });
  await field(rename, desk.say("views.name")).fill("Lo urgente");
  await desk.page.keyboard.press("Enter");
  await expect(rail(desk, "Lo urgente")).toHaveAttribute("aria-current", "page");
  await desk.check();
  await desk.checkAccess();
  await picture(desk, "view");

  await button(desk, "views.options", { name: "Lo urgente" }).click();
  await desk.page.getByRole("menuitem", { name: desk.say("views.delete") }).click();
  await button(desk, "views.delete_now").click();
  await desk.told(desk.say("views.deleted", { name: "Lo urgente" }));
  await expect(rail(desk, "Lo urgente")).toHaveCount(0);
  for (const each of [asks, desk, other]) await each.close();
});

test("rows are changed where they stand, with the keyboard, and a conflict is told", async ({ browser }) => {
  const asks = await enter(browser, account("sara", "Sara Gil", "user"));
  const [first] = await open(asks, [{ title: "En su sitio" }]);
  const desk = await enter(browser, account("saul", "Saúl Técnico", "technician"));
  await desk.page.goto("/tickets?q=sitio");
  await row(desk, "En su sitio").focus();
  await desk.page.keyboard.press("p");
  const menu = desk.page.getByRole("menu");
  await expect(menu.getByRole("menuitemradio", { name: desk.say("common.priority.medium") })).toBeFocused();
  await desk.checkAccess();
  await desk.page.keyboard.press("Home");
  await desk.page.keyboard.press("Enter");
  const state = (status: string) => table(desk).getByRole("button", { name: `${desk.say("tickets.list.state")}: ${desk.say(`common.status.${status}`)}` });
  await expect(table(desk).getByRole("button", { name: `${desk.say("tickets.list.priority")}: ${desk.say("common.priority.urgent")}` })).toBeFocused();
  await desk.told(desk.say("views.bulk.done.priority.numbered", { id: first ?? 0, what: desk.say("common.priority.urgent") }));

  // Taken, by the menu of the person, and put back with Escape untouched.
  await desk.page.keyboard.press("Shift+Tab");
  await row(desk, "En su sitio").focus();
  let answer = () => {};
  const pressed = new Promise<void>((resolve) => (answer = resolve));
  await once(desk.page, "**/api/v1/tickets/bulk", async (route) => (await pressed, route.continue()));
  await desk.page.keyboard.press("a");
  await desk.page.getByRole("menuitemradio", { name: "Saúl Técnico" }).click();
  await expect(table(desk).getByRole("button", { name: /Saúl Técnico/ })).toBeVisible();
  // What is still on its way was done last: the keys take that back, and not the change before it.
  await desk.page.keyboard.press("Control+z");
  answer();
  await expect(table(desk).getByRole("button", { name: new RegExp(desk.say("tickets.side.nobody")) })).toBeVisible();
  await desk.told(desk.say("views.bulk.done.undone.numbered", { id: first ?? 0 }));
  await expect(table(desk).getByRole("button", { name: `${desk.say("tickets.list.priority")}: ${desk.say("common.priority.urgent")}` })).toBeVisible();

  // Somebody else was faster: the row says how it is now.
  await once(desk.page, "**/api/v1/tickets/bulk", async (route) => {
    await change(asks, first ?? 0, { title: "En su sitio, otro" });
    await route.continue();
  });
  await state("open").click();
  await desk.page.getByRole("menuitemradio", { name: desk.say("common.status.waiting") }).click();
  await desk.told(desk.say("views.bulk.conflict", { which: String(first) }));
  await expect(row(desk, "En su sitio, otro")).toBeVisible();
  await expect(state("open")).toBeVisible();
  await desk.check();
  for (const each of [asks, desk]) await each.close();
});

test("a change that waits says so, and a reading from before it does not undo it", async ({ browser }) => {
  const asks = await enter(browser, account("lara", "Lara Gil", "user"));
  await open(asks, [{ title: "Con paciencia" }]);
  const desk = await enter(browser, account("leo", "Leo Técnico", "technician"));
  const { page, say } = desk;
  await page.goto("/tickets?q=paciencia");
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
  const priority = (name: string) => table(desk).getByRole("button", { name: `${say("tickets.list.priority")}: ${say(`common.priority.${name}`)}` });
  const gate = () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { open, opened };
  };
  const [change, made, reading] = [gate(), gate(), gate()];
  await once(page, "**/api/v1/tickets/bulk", async (route) => {
    await change.opened;
    await route.continue();
  });
  await priority("medium").click();
  await page.getByRole("menuitemradio", { name: say("common.priority.urgent") }).click();
  await expect(priority("urgent")).toBeVisible();
  await expect(row(desk, "Con paciencia")).toContainText(say("moves.list.late"));
  await desk.checkAccess();

  // The server reads the list before the change is made; its answer comes after that of the change.
  await once(page, /\/api\/v1\/tickets\?/, async (route) => {
    const answer = await route.fetch();
    made.open();
    await reading.opened;
    await route.fulfill({ response: answer });
  });
  await open(asks, [{ title: "Otra con paciencia" }]);
  await made.opened;
  change.open();
  await expect(row(desk, "Con paciencia").first()).not.toContainText(say("moves.list.late"));
  const arrives = page.waitForResponse(/\/api\/v1\/tickets\?/);
  reading.open();
  await (await arrives).finished();
  // What it knew besides is offered, and the row is as it was changed.
  await expect(page.getByRole("button", { name: say("moves.list.arrived.one", { count: 1 }) })).toBeVisible();
  await expect(priority("urgent")).toBeVisible();
  await desk.check();
  for (const each of [asks, desk]) await each.close();
});

test("what was done can be taken back while somebody is at the offer, and with the keys until the next change", async ({ browser }) => {
  const asks = await enter(browser, account("lina", "Lina Gil", "user"));
  await open(asks, [{ title: "Sin prisa" }]);
  await asks.close();
  const desk = await Desk.open(browser, turno());
  const { page, say } = desk;
  // The clock is put forward, so that nobody has to wait.
  await page.clock.install();
  await desk.logIn(account("lope", "Lope Técnico", "technician"));
  await page.goto("/tickets?q=prisa");
  const priority = (name: string) =>
    table(desk).getByRole("button", { name: `${say("tickets.list.priority")}: ${say(`common.priority.${name}`)}` });
  await row(desk, "Sin prisa").focus();
  await page.keyboard.press("p");
  await expect(page.getByRole("menuitemradio", { name: say("common.priority.medium") })).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const undo = button(desk, "tickets.ticket.undo");
  await undo.hover();
  await page.clock.fastForward("00:30");
  await expect(undo).toBeVisible();
  await undo.focus();
  await page.mouse.move(10, 300);
  await page.clock.fastForward("00:30");
  await expect(undo).toBeVisible();
  // All of them are told by one region, each of them once.
  await expect(page.locator(".toasts").getByRole("status").or(page.locator(".toasts").getByRole("alert"))).toHaveCount(0);
  await desk.checkAccess();

  await row(desk, "Sin prisa").focus();
  await page.clock.fastForward("00:11");
  await expect(undo).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(priority("medium")).toBeVisible();
  await desk.check();
  await desk.close();
});

for (const theme of ["light", "dark"] as const) {
  for (const width of WIDTHS) {
    test(`many are closed at once and brought back (${theme}, ${width} px)`, async ({ browser }) => {
      const word = `Lote${theme}${width}`;
      const asks = await enter(browser, account(`l${theme}${width}`, `Lola ${word}`, "user"));
      const ids = await open(asks, Array.from({ length: 6 }, (_, n) => ({ title: `${word} número ${n}` })));
      const desk = await enter(browser, account(`t${theme}${width}`, `Tomás ${word}`, "technician"), { theme, width });
      await desk.page.goto(`/tickets?q=${word}`);
      await expect(row(desk, word)).toHaveCount(6);
      const boxes = table(desk).getByRole("checkbox", { name: /\d/ });
      await boxes.nth(0).click();
      await boxes.nth(3).click({ modifiers: ["Shift"] });
      await expect(bar(desk).getByRole("status")).toHaveText(desk.say("views.bulk.chosen.other", { count: 4 }));
      if (width > 720) {
        await row(desk, `${word} número 0`).focus();
        await desk.page.keyboard.press("x");
        await expect(bar(desk).getByRole("status")).toHaveText(desk.say("views.bulk.chosen.other", { count: 5 }));
        await desk.page.keyboard.press("x");
      }
      await desk.check();
      await desk.checkAccess();
      await picture(desk, "chosen", theme);
      await bar(desk).getByRole("button", { name: desk.say("views.bulk.close"), exact: true }).click();
      await desk.told(desk.say("views.bulk.done.closed.other", { count: 4 }));
      await desk.checkAccess();
      await picture(desk, "closed", theme);
      // One of them goes on meanwhile.
      await change(asks, ids[5] ?? 0, { title: `${word} sigue` });
      await button(desk, "tickets.ticket.undo").click();
      const undone = desk.say("views.bulk.done.undone.other", { count: 3 });
      const kept = desk.say("views.bulk.done.kept.numbered", { id: ids[5] ?? 0 });
      await desk.told(`${undone} ${kept}`);
      const open_ = table(desk).getByRole("button", { name: `${desk.say("tickets.list.state")}: ${desk.say("common.status.open")}` });
      await expect(open_).toHaveCount(5);
      await desk.page.keyboard.press("Escape");
      await desk.check();
      for (const each of [asks, desk]) await each.close();
    });
  }
}

test("columns are chosen and order the list", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await open(desk, [{ title: "Columna baja", priority: "low" }, { title: "Columna urgente", priority: "urgent" }]);
  await desk.page.goto("/tickets?q=columna");
  const head = (key: string) => desk.page.getByRole("columnheader", { name: desk.say(key), exact: true });
  await expect(row(desk, "Columna")).toHaveCount(2);
  await head("tickets.list.priority").getByRole("button").click();
  await expect(head("tickets.list.priority")).toHaveAttribute("aria-sort", "descending");
  await expect(row(desk, "Columna").first()).toHaveText("Columna urgente");
  await head("tickets.list.priority").getByRole("button").click();
  await expect(head("tickets.list.priority")).toHaveAttribute("aria-sort", "ascending");
  await expect(row(desk, "Columna").first()).toHaveText("Columna baja");

  await expect(head("views.column.created")).toHaveCount(0);
  await button(desk, "views.column.heading").click();
  await desk.page.getByRole("checkbox", { name: desk.say("views.column.created"), exact: true }).check();
  await desk.page.getByRole("checkbox", { name: desk.say("tickets.list.category"), exact: true }).uncheck();
  await desk.checkAccess();
  await desk.page.keyboard.press("Escape");
  await expect(head("views.column.created")).toBeVisible();
  await expect(head("tickets.list.category")).toHaveCount(0);
  await desk.page.reload();
  await expect(head("views.column.created")).toBeVisible();
  await expect(head("tickets.list.category")).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test.describe("thousands of rows", () => {
  const many = useTurno({}, (turno) => turno.addDemo(3_000));

  test("are scrolled through with few of them there, and found again where they were", async ({ browser }) => {
    test.slow();
    const desk = await (await Desk.open(browser, many())).logIn(ADMIN);
    const { page } = desk;
    await page.goto("/tickets?status=all");
    await expect(table(desk).getByRole("link").first()).toBeVisible();
    const rows = page.locator(".ticket-row");
    let most = 0;
    for (let step = 0; step < 60; step++) {
      await page.mouse.wheel(0, 1_500);
      await page.waitForTimeout(40);
      most = Math.max(most, await rows.count());
    }
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(40_000);
    expect(most).toBeLessThanOrEqual(100);

    // Back from a ticket, the list stands where it was, and the keyboard goes on from there.
    await still(page);
    // One that shows: a click on any other would scroll to it first.
    const id = await table(desk).getByRole("link").evaluateAll((links) => {
      const shows = (link: Element) => link.getBoundingClientRect().top > innerHeight / 3;
      return links.find(shows)?.id ?? "";
    });
    const scroll = await page.evaluate(() => scrollY);
    await page.locator(`#${id}`).click();
    await expect(page).toHaveURL(/\/tickets\/\d+$/);
    await expect(page.locator(".talk-head")).toBeVisible();
    await page.goBack();
    await expect(page.locator(`#${id}`)).toBeFocused();
    expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(120);
    await page.keyboard.press("ArrowDown");
    const place = async () => Number(await page.locator(".ticket-row:focus-within").getAttribute("aria-rowindex"));
    const before = await place();
    for (let step = 0; step < 40; step++) await page.keyboard.press("j");
    await expect.poll(place).toBe(before + 40);
    expect(await rows.count()).toBeLessThanOrEqual(100);
    await page.keyboard.press("Home");
    await expect.poll(place).toBe(2);
    await desk.check();
    await desk.close();
  });
});

test("a row says what is unread in it and what was begun there", async ({ browser }) => {
  const asks = await enter(browser, account("nuria", "Nuria Paz", "user"));
  const helps = await enter(browser, account("nico", "Nico Técnico", "technician"));
  const [id = 0] = await open(asks, [{ title: "Lo que no se ha leído" }]);
  // She has read what she wrote herself.
  await asks.page.goto(`/tickets/${id}`);
  await expect(asks.page.getByRole("heading", { level: 1 })).toHaveText("Lo que no se ha leído");
  await asks.page.goto("/tickets");
  const link = row(asks, "Lo que no se ha leído");
  const [unread, begun] = [link.getByText(asks.say("tickets.list.unread")), link.getByText(asks.say("tickets.list.draft"))];
  await expect(link).toBeVisible();
  await expect(unread).toHaveCount(0);
  const weight = () => link.evaluate((element) => Number(getComputedStyle(element).fontWeight));
  const before = await weight();

  // It follows what happens.
  await helps.page.goto(`/tickets/${id}`);
  await answer(helps, "Voy a mirarlo");
  await expect(unread).toBeAttached();
  expect(await weight()).toBeGreaterThan(before);
  await asks.checkAccess();

  // Whoever has opened it has read it; what they began there is said.
  await link.click();
  await expect(asks.page.getByText("Voy a mirarlo")).toBeVisible();
  await answerBox(asks).fill("Gracias, pero");
  await asks.page.goBack();
  await expect(begun).toBeVisible();
  await expect(unread).toHaveCount(0);
  await link.click();
  await expect(answerBox(asks)).toHaveValue("Gracias, pero");
  await answerBox(asks).fill("");
  await asks.page.goBack();
  await expect(link).toBeVisible();
  await expect(begun).toHaveCount(0);
  for (const each of [asks, helps]) {
    await each.check();
    await each.close();
  }
});
