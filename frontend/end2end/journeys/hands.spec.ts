// What each role does most, by the keyboard alone: with Tab, the arrows, Enter and what is typed. After every step something
// that can be seen has the focus, so that the next one goes on from there.

import { type Browser, expect, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { enter, follow, heading, press, steady, tabTo, write } from "../support/hands.js";
import { answerBox, expectState, field, openTicket, row } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { pattern } from "../support/words.js";

const ANA: Person = { username: "ana", name: "Ana Ruiz", email: "ana@example.org", role: "user", password: PASSWORD };
const LUIS: Person = { username: "luis", name: "Luis Peña", email: "luis@example.org", role: "technician", password: PASSWORD };

const turno = useTurno({}, (turno) => [ANA, LUIS].forEach((person) => turno.addPerson(person)));

test("somebody logs in and opens a ticket", async ({ browser }) => {
  const desk = await enter(browser, turno(), ANA);
  const { page, say } = desk;
  await follow(desk, "common.nav.new_ticket");
  await expect(heading(desk)).toHaveText(say("tickets.new.heading"));
  await steady(desk);

  await write(desk, field(page, say("tickets.new.title")), "Sin ratón no entro");
  await write(desk, field(page, say("tickets.new.description")), "Se ha roto y tengo que trabajar");
  const priority = (name: string) => page.getByRole("radio", { name: new RegExp(`^${say(`common.priority.${name}`)}`) });
  await tabTo(desk, priority("medium"));
  await page.keyboard.press("ArrowRight");
  await expect(priority("high")).toBeChecked();
  await steady(desk);
  await press(desk, page.getByRole("button", { name: say("tickets.new.create"), exact: true }));
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  await expect(heading(desk)).toHaveText("Sin ratón no entro");
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("a technician takes a ticket, answers it and closes it", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(ANA);
  await openTicket(asks, "Para quien no usa el ratón", "No imprime");
  await asks.close();

  const desk = await enter(browser, turno(), LUIS);
  const { page, say } = desk;
  await expect(row(desk, "Para quien no usa el ratón")).toBeVisible();
  // The latest is the first.
  await page.keyboard.press("j");
  await expect(row(desk, "Para quien no usa el ratón")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(desk)).toHaveText("Para quien no usa el ratón");
  await steady(desk);

  await press(desk, page.getByRole("button", { name: say("tickets.side.take"), exact: true }));
  const putBack = page.getByRole("button", { name: say("tickets.side.put_back"), exact: true });
  await expect(putBack).toBeFocused();
  await steady(desk);

  await tabTo(desk, answerBox(desk), "Shift+Tab");
  await page.keyboard.type("Ahora voy");
  await page.keyboard.press("Control+Enter");
  await expect(answerBox(desk)).toHaveValue("");
  await expect(page.getByRole("list", { name: say("tickets.ticket.conversation") }).getByText("Ahora voy")).toBeVisible();
  await steady(desk);

  await press(desk, page.getByRole("button", { name: say("tickets.ticket.close"), exact: true }), "Shift+Tab");
  await expectState(desk, "closed");
  await expect(page.getByRole("button", { name: say("tickets.ticket.reopen"), exact: true })).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("a message is sent in the chat", async ({ browser }) => {
  const desk = await enter(browser, turno(), ANA);
  const { page, say } = desk;
  await press(desk, page.getByRole("navigation").getByRole("link", { name: pattern("es", "chat.title") }).first(), "Shift+Tab");
  await expect(page).toHaveURL(/\/chat$/);
  await steady(desk);

  await write(desk, page.getByRole("searchbox", { name: say("chat.find_person") }), LUIS.name);
  const found = page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name: LUIS.name });
  await expect(found).toBeVisible();
  await press(desk, found);
  await expect(page.getByRole("heading", { name: LUIS.name, level: 2 })).toBeVisible();
  await steady(desk);

  const box = page.getByRole("textbox", { name: say("chat.write.label", { name: LUIS.name }) });
  await write(desk, box, "¿Tienes un ratón de sobra?");
  await page.keyboard.press("Enter");
  const said = page.getByRole("region", { name: say("chat.region", { name: LUIS.name }) }).getByRole("listitem");
  await expect(said.filter({ hasText: "¿Tienes un ratón de sobra?" })).toHaveCount(1);
  await expect(box).toHaveValue("");
  await expect(box).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("an administrator makes an account", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await follow(desk, "common.nav.people");
  await expect(heading(desk)).toHaveText(say("people.title"));
  await steady(desk);

  const begin = page.getByRole("button", { name: say("people.new"), exact: true });
  await press(desk, begin);
  const form = page.getByRole("dialog", { name: say("people.create_heading") });
  await expect(form).toBeVisible();
  await steady(desk);
  await write(desk, field(form, say("people.name")), "Teo Teclas");
  await write(desk, field(form, say("people.username")), "teo");
  await write(desk, field(form, say("people.email")), "teo@example.org");
  const role = field(form, say("people.role"));
  await tabTo(desk, role);
  // A list goes to what begins with the letter.
  await page.keyboard.press("T");
  await expect(role).toHaveValue("technician");
  await steady(desk);
  await write(desk, field(form, say("people.password")), PASSWORD);
  await press(desk, form.getByRole("button", { name: say("people.create"), exact: true }));
  await desk.told(say("people.created", { name: "Teo Teclas" }));
  await expect(form).toBeHidden();
  await expect(begin).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("the list is filtered, and a view opened", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(ANA);
  await openTicket(asks, "Uno que filtrar", "Nada urgente");
  await asks.close();

  const desk = await enter(browser, turno(), LUIS);
  const { page, say } = desk;
  await tabTo(desk, page.getByRole("combobox", { name: say("tickets.list.priority"), exact: true }));
  // The first after all of them is the most urgent.
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/[?&]priority=urgent/);
  await expect(row(desk, "Uno que filtrar")).toHaveCount(0);
  await steady(desk);
  await press(desk, page.locator(".tickets-bar").getByRole("link", { name: say("tickets.list.clear"), exact: true }));
  await expect(page).not.toHaveURL(/priority=/);
  await expect(row(desk, "Uno que filtrar")).toBeVisible();
  await steady(desk);

  const views = page.getByRole("navigation", { name: say("tickets.list.views"), exact: true });
  const unassigned = views.getByRole("link", { name: say("tickets.list.unassigned"), exact: true });
  await press(desk, unassigned);
  await expect(unassigned).toHaveAttribute("aria-current", "true");
  await expect(row(desk, "Uno que filtrar")).toBeVisible();
  await steady(desk);
  await page.keyboard.press("j");
  await expect(row(desk, "Uno que filtrar")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(desk)).toHaveText("Uno que filtrar");
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("what is chosen in a menu leaves the focus on its button", async ({ browser }) => {
  const desk = await enter(browser, turno(), LUIS);
  const { page, say } = desk;
  const theme = page.getByRole("button", { name: say("common.nav.theme"), exact: true });
  await press(desk, theme, "Shift+Tab");
  await expect(page.getByRole("menuitemradio", { name: say("common.nav.theme_system"), exact: true })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitemradio", { name: say("common.nav.theme_dark"), exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(theme).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("rows are changed together, and the focus is back at the row", async ({ browser }) => {
  const desk = await withTickets(browser, ["Juntos uno", "Juntos dos"]);
  const { page, say } = desk;
  const bar = page.getByRole("region", { name: say("views.bulk.bar"), exact: true });
  await page.keyboard.press("j");
  await expect(row(desk, "Juntos dos")).toBeFocused();
  await page.keyboard.press("x");
  await expect(bar).toBeVisible();
  const priority = bar.getByRole("button", { name: say("tickets.list.priority"), exact: true });
  await press(desk, priority);
  await expect(page.getByRole("menuitem", { name: say("common.priority.urgent") })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(priority).toBeFocused();
  await steady(desk);

  // Each way to be done with the bar takes it away.
  await press(desk, bar.getByRole("button", { name: say("views.bulk.none"), exact: true }), "Shift+Tab");
  await expect(bar).toHaveCount(0);
  await expect(row(desk, "Juntos dos")).toBeFocused();
  await page.keyboard.press("x");
  await tabTo(desk, bar.getByRole("button", { name: say("views.bulk.close"), exact: true }));
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await expect(row(desk, "Juntos dos")).toBeFocused();
  await page.keyboard.press("x");
  await press(desk, bar.getByRole("button", { name: say("views.bulk.close"), exact: true }));
  await expect(bar).toHaveCount(0);
  await expect(row(desk, "Juntos dos")).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("a message that goes gives the focus back", async ({ browser }) => {
  const desk = await withTickets(browser, ["De ida y vuelta"]);
  const { page, say } = desk;
  const messages = page.getByRole("region", { name: say("common.notifications"), exact: true });
  const state = (name: string) =>
    page.getByRole("button", { name: `${say("tickets.list.state")}: ${say(`common.status.${name}`)}`, exact: true });
  await page.keyboard.press("j");
  await expect(row(desk, "De ida y vuelta")).toBeFocused();
  await page.keyboard.press("x");
  await press(desk, page.getByRole("button", { name: say("views.bulk.close"), exact: true }));
  await expect(row(desk, "De ida y vuelta")).toBeFocused();
  const closed = state("closed").first();
  await expect(closed).toBeVisible();

  await press(desk, messages.getByRole("button", { name: say("tickets.ticket.undo"), exact: true }));
  await expect(closed).toHaveCount(0);
  await steady(desk);
  await press(desk, messages.getByRole("button", { name: say("common.dismiss"), exact: true }));
  await expect(messages.getByRole("button")).toHaveCount(0);
  await steady(desk);
  await desk.check();
  await desk.close();
});

/** Logs in as the technician, with these tickets in the list: the last one stands first. */
async function withTickets(browser: Browser, titles: readonly string[]): Promise<Desk> {
  const asks = await (await Desk.open(browser, turno())).logIn(ANA);
  for (const title of titles) {
    await asks.page.goto("/tickets");
    await openTicket(asks, title, "Sin tocar el ratón");
  }
  await asks.close();
  const desk = await enter(browser, turno(), LUIS);
  for (const title of titles) await expect(row(desk, title)).toBeVisible();
  return desk;
}
