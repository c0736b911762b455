// What technicians and administrators do beside the tickets' daily round, by the keyboard alone: lists and their menus, the text
// of a ticket, people, categories, settings, saved replies, and the chat in its windows. Whatever is drawn anew, closed or taken
// away, something that can be seen has the focus.

import { expect, type Locator, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { Desk, useTurno } from "../support/desk.js";
import { enter, follow, heading, press, steady, tabTo, write } from "../support/hands.js";
import { answerBox, field, openTickets, row } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { pattern } from "../support/words.js";

const LOLA: Person = { username: "lola", name: "Lola Sanz", email: "lola@example.org", role: "technician", password: PASSWORD };
const TEO: Person = { username: "teo", name: "Teo Mora", email: "teo@example.org", role: "user", password: PASSWORD };

/** More than a row has places for the focus. */
const ROW = 20;
/** So many people come at once. */
const AT_ONCE = 25;

const turno = useTurno({}, (turno) => [LOLA, TEO].forEach((person) => turno.addPerson(person)));

test("what is looked into comes right after its row", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await openTickets(desk, [{ title: "Mirado uno" }, { title: "Mirado dos" }]);
  await page.goto("/tickets?q=mirado&sort=-created_at");
  await expect(row(desk, "Mirado dos")).toBeVisible();
  await page.keyboard.press("j");
  await expect(row(desk, "Mirado dos")).toBeFocused();
  await page.keyboard.press("Space");
  const sheet = page.getByRole("complementary", { name: say("views.peek.label") });
  await expect(sheet.getByRole("heading", { name: "Mirado dos" })).toBeVisible();

  const inTable = () => list(desk).evaluate((table) => table.contains(document.activeElement));
  for (let steps = 0; await inTable(); steps++) {
    expect(steps, "the keyboard stays in the list").toBeLessThan(ROW);
    await page.keyboard.press("Tab");
    await steady(desk);
  }
  await expect(sheet.locator(":focus")).toHaveCount(1);
  await press(desk, sheet.getByRole("button", { name: say("common.close"), exact: true }));
  await expect(sheet).toHaveCount(0);
  await expect(row(desk, "Mirado dos")).toBeFocused();
  await desk.check();
  await desk.close();
});

test("a row is changed in its menus, and a search that finds nothing is left", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await openTickets(desk, [{ title: "Cambiado en su fila" }]);
  await page.goto("/tickets?q=cambiado");
  await expect(row(desk, "Cambiado en su fila")).toBeVisible();
  await page.keyboard.press("j");
  const act = (column: string, now: string) =>
    list(desk).getByRole("button", { name: `${say(`tickets.list.${column}`)}: ${now}`, exact: true });
  const medium = act("priority", say("common.priority.medium"));
  const choice = (name: string) => page.getByRole("menuitemradio", { name });
  await press(desk, medium);
  await expect(choice(say("common.priority.medium"))).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(medium).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(choice(say("common.priority.medium"))).toBeFocused();
  await page.keyboard.press("Home");
  await expect(choice(say("common.priority.urgent"))).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(act("priority", say("common.priority.urgent"))).toBeFocused();
  await steady(desk);
  // To somebody, by what stands beside.
  await press(desk, act("assignee", say("tickets.side.nobody")));
  await expect(choice(say("tickets.side.nobody"))).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(act("assignee", say("tickets.side.nobody"))).toHaveCount(0);
  await steady(desk);

  await page.goto("/tickets?q=nothingmatchesthis");
  const clear = page.getByRole("main").getByRole("link", { name: say("tickets.list.clear"), exact: true }).last();
  await press(desk, clear);
  await expect(page).not.toHaveURL(/q=/);
  await expect(page.locator(".ticket-link").first()).toBeVisible();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("a ticket has a note, another priority and another text", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  const [id = 0] = await openTickets(desk, [{ title: "Con faltas de ortografia" }]);
  await page.goto(`/tickets/${id}`);
  await expect(answerBox(desk)).toBeVisible();
  await tabTo(desk, page.getByRole("tab", { name: say("tickets.write.reply"), exact: true }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: say("tickets.write.note"), exact: true })).toBeFocused();
  await write(desk, page.getByRole("textbox", { name: say("tickets.write.note"), exact: true }), "Entre nosotros");
  await page.keyboard.press("Control+Enter");
  const said = page.getByRole("list", { name: say("tickets.ticket.conversation") });
  await expect(said.getByText("Entre nosotros")).toBeVisible();
  await expect(answerBox(desk)).toHaveValue("");
  await steady(desk);

  // The message that was just written, in its place.
  const paper = said.locator(".msg").filter({ hasText: "Entre nosotros" });
  await press(desk, paper.getByRole("button", { name: say("tickets.message.edit"), exact: true }), "Shift+Tab");
  const body = page.getByRole("textbox", { name: say("tickets.message.body"), exact: true });
  await expect(body).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Solo entre nosotros");
  await page.keyboard.press("Control+Enter");
  await expect(said.getByText("Solo entre nosotros")).toBeVisible();
  await expect(body).toHaveCount(0);
  await steady(desk);

  const priority = page.getByRole("combobox", { name: say("tickets.side.priority"), exact: true });
  await tabTo(desk, priority);
  // A list goes to what begins with the letter.
  await page.keyboard.press("U");
  const now = async () => (await ask<{ priority: string }>(page, "GET", `/tickets/${id}`)).priority;
  await expect.poll(now).toBe("urgent");
  await expect(priority).toBeFocused();

  const edit = page.getByRole("button", { name: say("tickets.ticket.edit"), exact: true });
  await press(desk, edit, "Shift+Tab");
  await expect(field(page, say("tickets.edit.title"))).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Sin faltas de ortografía");
  await page.keyboard.press("Enter");
  await expect(heading(desk)).toHaveText("Sin faltas de ortografía");
  await expect(edit).toBeFocused();
  await press(desk, edit);
  await press(desk, page.getByRole("button", { name: say("tickets.edit.cancel"), exact: true }));
  await expect(edit).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("an account is changed, loses its access and has it again", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await follow(desk, "common.nav.people");
  await expect(heading(desk)).toHaveText(say("people.title"));
  await press(desk, page.getByRole("button", { name: say("people.edit_name", { name: TEO.name }), exact: true }));
  const form = page.getByRole("dialog", { name: say("people.edit_heading") });
  await expect(field(form, say("people.name"))).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Teodoro Mora");
  await page.keyboard.press("Enter");
  await expect(form).toBeHidden();
  // The row was drawn anew, and so was its button.
  await expect(page.getByRole("button", { name: say("people.edit_name", { name: "Teodoro Mora" }), exact: true })).toBeFocused();

  const turn = (key: string) => page.getByRole("main").getByRole("button", { name: new RegExp(`^${say(key)}.*Teodoro Mora$`) });
  for (const [key, after, told] of [
    ["people.deactivate", "people.reactivate", "people.deactivated"],
    ["people.reactivate", "people.deactivate", "people.reactivated"],
  ] as const) {
    await press(desk, turn(key));
    const question = page.getByRole("dialog", { name: say(`${key}_heading`, { name: "Teodoro Mora" }) });
    await press(desk, question.getByRole("button", { name: say(key), exact: true }));
    await desk.told(say(told, { name: "Teodoro Mora" }));
    await expect(question).toBeHidden();
    await expect(turn(after)).toBeFocused();
  }

  await tabTo(desk, page.getByRole("combobox", { name: say("people.role"), exact: true }), "Shift+Tab");
  await page.keyboard.press("T");
  await expect(page).toHaveURL(/role=technician/);
  const row = page.getByRole("main").getByRole("link", { name: "Teodoro Mora", exact: true });
  await expect(row).toHaveCount(0);
  await press(desk, page.getByRole("main").getByRole("link", { name: say("people.clear"), exact: true }));
  await expect(page).not.toHaveURL(/role=/);
  await expect(row).toBeVisible();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("whoever loads the last of a list goes on at its end", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  // More than come at once, with those who are there.
  for (let nth = 1; nth <= AT_ONCE; nth++) {
    const username = `muchos${nth}`;
    await ask(page, "POST", "/users", { username, name: `Persona ${nth}`, email: `${username}@example.org`, role: "user" });
  }
  await page.goto("/people");
  const more = page.getByRole("button", { name: say("people.more"), exact: true });
  const rows = page.getByRole("list", { name: say("people.region"), exact: true }).getByRole("listitem");
  await expect(rows).toHaveCount(AT_ONCE);
  await press(desk, more, "Shift+Tab");
  await expect(more).toHaveCount(0);
  expect(await rows.count()).toBeGreaterThan(AT_ONCE);
  await expect(rows.last().getByRole("link").first()).toBeFocused();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("categories are added, put in order, changed and deleted", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await follow(desk, "common.nav.categories");
  await expect(heading(desk)).toHaveText(say("categories.title"));
  const name = field(page, say("categories.new"));
  const items = page.getByRole("list", { name: say("categories.region"), exact: true }).getByRole("listitem");
  await expect(items.first()).toBeVisible();
  const before = await items.count();
  await tabTo(desk, name);
  // One after the other, from the same field.
  for (const [place, each] of ["Teclados", "Ratones"].entries()) {
    await page.keyboard.type(each);
    await page.keyboard.press("Enter");
    await expect(items).toHaveCount(before + place + 1);
    await expect(name).toHaveValue("");
    await expect(name).toBeFocused();
  }
  const down = page.getByRole("button", { name: say("categories.down", { name: "Teclados" }), exact: true });
  await press(desk, down, "Shift+Tab");
  await expect(items.last()).toContainText("Teclados");
  await expect(down).toBeFocused();

  const edit = (name: string) => page.getByRole("button", { name: say("categories.edit_name", { name }), exact: true });
  await press(desk, edit("Teclados"));
  await expect(field(page, say("categories.name"))).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(edit("Teclados")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(field(page, say("categories.name"))).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Teclados grandes");
  await page.keyboard.press("Enter");
  await expect(edit("Teclados grandes")).toBeFocused();

  for (const each of ["Teclados grandes", "Ratones"]) {
    await press(desk, page.getByRole("button", { name: say("categories.remove_name", { name: each }), exact: true }));
    const question = page.getByRole("dialog", { name: say("categories.remove_heading", { name: each }) });
    await press(desk, question.getByRole("button", { name: say("categories.remove"), exact: true }));
    await desk.told(say("categories.removed", { name: each }));
    await expect(question).toBeHidden();
    await steady(desk);
  }
  await expect(items).toHaveCount(before);
  await desk.check();
  await desk.close();
});

test("who is back in the rail as soon as a page has come stays there", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page, say } = desk;
  await page.clock.install();
  await desk.logIn(ADMIN);
  await follow(desk, "common.nav.settings");
  await expect(heading(desk)).toBeFocused();
  const back = page.getByRole("link", { name: say("common.nav.replies"), exact: true });
  await tabTo(desk, back, "Shift+Tab");
  // By then nothing looks any more for where the focus of the page belongs.
  await page.clock.fastForward(2_000);
  await expect(back).toBeFocused();
  await desk.check();
  await desk.close();
});

test("the settings are saved, and a reply is kept, changed and deleted", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  await follow(desk, "common.nav.settings");
  await expect(heading(desk)).toHaveText(say("settings.title"));
  const name = field(page, say("settings.name"));
  await tabTo(desk, name);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Mesa de teclas");
  await page.keyboard.press("Enter");
  await desk.told(say("settings.saved"));
  await expect(name).toBeFocused();

  await follow(desk, "common.nav.replies");
  await expect(heading(desk)).toHaveText(say("replies.title"));
  const begin = page.getByRole("button", { name: say("replies.new"), exact: true });
  await press(desk, begin);
  const form = page.getByRole("dialog");
  await write(desk, field(form, say("replies.name")), "Reinicio");
  await write(desk, field(form, say("replies.body")), "Reinicia el equipo.");
  await press(desk, form.getByRole("button", { name: say("replies.save"), exact: true }));
  await desk.told(say("replies.saved", { name: "Reinicio" }));
  await expect(begin).toBeFocused();

  const edit = (name: string) => page.getByRole("button", { name: say("replies.edit_name", { name }), exact: true });
  await press(desk, edit("Reinicio"));
  await expect(field(form, say("replies.name"))).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Reinicia");
  await page.keyboard.press("Enter");
  await expect(edit("Reinicia")).toBeFocused();

  await press(desk, page.getByRole("button", { name: say("replies.remove_name", { name: "Reinicia" }), exact: true }));
  const question = page.getByRole("alertdialog", { name: say("replies.remove_heading", { name: "Reinicia" }) });
  await expect(question.getByRole("button", { name: say("replies.cancel"), exact: true })).toBeFocused();
  await press(desk, question.getByRole("button", { name: say("replies.remove"), exact: true }));
  await desk.told(say("replies.removed", { name: "Reinicia" }));
  await expect(question).toBeHidden();
  await steady(desk);
  await desk.check();
  await desk.close();
});

test("a conversation is opened in a window, searched, put aside and closed", async ({ browser }) => {
  const desk = await enter(browser, turno(), ADMIN);
  const { page, say } = desk;
  const opener = page.getByRole("button", { name: pattern("es", "chat.dock.open") }).first();
  await press(desk, opener, "Shift+Tab");
  const people = page.getByRole("searchbox", { name: say("chat.find_person") });
  await expect(people).toBeFocused();
  await page.keyboard.type(LOLA.name);
  await press(desk, page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name: LOLA.name }));
  const window = page.getByRole("region", { name: say("chat.with", { name: LOLA.name }) });
  const box = window.getByRole("textbox", { name: say("chat.write.label", { name: LOLA.name }) });
  await expect(box).toBeFocused();
  await page.keyboard.type("Hay un ratón en el almacén");
  await page.keyboard.press("Enter");
  const said = window.getByRole("region", { name: say("chat.region", { name: LOLA.name }) }).getByRole("listitem");
  await expect(said.filter({ hasText: "Hay un ratón en el almacén" })).toHaveCount(1);
  await expect(box).toBeFocused();

  await press(desk, window.getByRole("button", { name: say("chat.find"), exact: true }), "Shift+Tab");
  const words = window.getByRole("searchbox", { name: say("chat.find") });
  await expect(words).toBeFocused();
  await page.keyboard.type("almacén");
  const hit = window.getByRole("list", { name: say("chat.find_list") }).getByRole("button");
  await expect(hit).toHaveCount(1);
  await press(desk, hit);
  await expect(words).toHaveCount(0);
  await expect(said.filter({ hasText: "almacén" })).toBeFocused();

  await page.keyboard.press("Escape");
  await expect(window).toHaveCount(0);
  const chip = page.getByRole("button", { name: say("chat.dock.restore", { name: LOLA.name }), exact: true });
  await expect(chip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(box).toBeFocused();
  await press(desk, window.getByRole("button", { name: say("chat.dock.close"), exact: true }), "Shift+Tab");
  await expect(window).toHaveCount(0);
  await expect(opener).toBeFocused();
  await desk.check();
  await desk.close();
});

/** The list of tickets. */
function list(desk: Desk): Locator {
  return desk.page.getByRole("table", { name: desk.say("tickets.list.region"), exact: true });
}
