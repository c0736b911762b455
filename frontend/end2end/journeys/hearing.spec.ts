// What comes by itself is told to whoever hears the page and does not see it: messages at its edge, chat, new rows, answers,
// and whether there is a line. Each once, and again when the same words come again.

import { type Browser, expect, test } from "@playwright/test";

import { ANA, box, enter, EVA, LUIS, open, PEOPLE, SOON, write } from "../support/chatting.js";
import { connected, Desk, useTurno } from "../support/desk.js";
import { forget, heard, hears, listen } from "../support/hearing.js";
import { answer, answerBox, openTicket } from "../support/steps.js";

const turno = useTurno({}, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

/** A user with a ticket that is open on their screen, and who listens. */
async function withTicket(browser: Browser, title: string): Promise<{ asks: Desk; address: string }> {
  const asks = await enter(browser, turno(), ANA);
  await openTicket(asks, title, "Desde ayer");
  await expect(answerBox(asks)).toBeVisible();
  await connected(asks.page);
  await listen(asks.page);
  return { asks, address: asks.page.url() };
}

test("that something is not told would be seen", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const { page, say } = desk;
  await page.goto("/login");
  await expect(page.getByRole("button", { name: say("session.enter"), exact: true })).toBeVisible();
  await listen(page);
  await page.evaluate(async () => {
    const told = () => new Promise((done) => setTimeout(done, 0));
    const add = (role: string, words: string, hidden = false) => {
      const region = document.createElement("p");
      region.setAttribute("role", role);
      region.textContent = words;
      region.hidden = hidden;
      document.body.append(region);
      return region;
    };
    await told();
    (globalThis as unknown as { heard: string[] }).heard.splice(0);
    add("status", "Viene con sus palabras");
    add("alert", "Una alarma");
    const [hidden, region] = [add("status", "", true), add("status", "")];
    await told();
    hidden.textContent = "Nadie lo ve ni lo oye";
    region.textContent = "Llega";
    await told();
    (region.firstChild as Text).data = "Llega";
    await told();
    region.replaceChildren("Llega");
    await told();
    region.replaceChildren();
    await told();
  });
  expect(await heard(page)).toEqual(["Una alarma", "Llega", "Llega"]);
  await desk.close();
});

test("a message at the edge of the page is heard", async ({ browser }) => {
  const { asks, address } = await withTicket(browser, "El correo no llega");
  const { page, say } = asks;
  await page.goto("/profile");
  await connected(page);
  const helps = await enter(browser, turno(), LUIS);
  await helps.page.goto(address);
  await answer(helps, "Ya está arreglado");
  await hears(page, say("notifications.answered", { name: LUIS.name }));
  await hears(page, "El correo no llega");

  // Somebody writes whose conversation is not open.
  await open(helps, ANA);
  await write(helps, ANA, "¿Llega ahora?");
  await hears(page, say("notifications.chat", { name: LUIS.name }));
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("each message of a conversation is heard, the same words twice", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, turno(), ANA), await enter(browser, turno(), LUIS)];
  await open(ana, LUIS);
  await connected(ana.page);
  await listen(ana.page);
  await open(luis, ANA);
  const words = ana.say("chat.said", { name: LUIS.name, text: "Voy" });
  await write(luis, ANA, "¿Sigue rota?");
  await hears(ana.page, ana.say("chat.said", { name: LUIS.name, text: "¿Sigue rota?" }));
  await box(luis, ANA).fill("Voy");
  await box(luis, ANA).press("Enter");
  await hears(ana.page, words);
  await box(luis, ANA).fill("Voy");
  await box(luis, ANA).press("Enter");
  await hears(ana.page, words, 2);
  // What one writes oneself is known.
  await forget(ana.page);
  await write(ana, LUIS, "Gracias, la espero");
  await expect(luis.page.getByText("Gracias, la espero").first()).toBeVisible();
  await hears(ana.page, "Gracias, la espero", 0);
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("new rows are offered aloud, and what becomes of a list is said", async ({ browser }) => {
  const [asks, looks] = [await enter(browser, turno(), ANA), await enter(browser, turno(), EVA)];
  const { page, say } = looks;
  await openTicket(asks, "Oíble cero", "Algo falla");
  await page.goto("/tickets?sort=-created_at");
  await connected(page);
  await expect(page.locator(".ticket-link").first()).toBeVisible();
  await listen(page);
  for (const [title, words] of [
    ["Oíble uno", say("moves.list.arrived.one", { count: 1 })],
    ["Oíble dos", say("moves.list.arrived.other", { count: 2 })],
  ] as const) {
    await asks.page.goto("/tickets");
    await openTicket(asks, title, "Algo falla");
    await hears(page, words);
  }

  // Nothing matches; and what comes then, shows at once.
  await page.goto("/tickets?q=inaudito");
  await connected(page);
  await hears(page, say("tickets.list.no_match"));
  await forget(page);
  await asks.page.goto("/tickets");
  await openTicket(asks, "Un inaudito silencio", "No suena");
  await hears(page, say("tickets.list.shown.one", { count: 1 }));

  // The same words of another question are said again.
  await forget(page);
  const priority = page.getByRole("combobox", { name: say("tickets.list.priority"), exact: true });
  await priority.selectOption("medium");
  await expect(page).toHaveURL(/priority=medium/);
  await hears(page, say("tickets.list.shown.one", { count: 1 }));
  await priority.selectOption("urgent");
  await hears(page, say("tickets.list.no_match"));
  await looks.check();
  await Promise.all([asks.close(), looks.close()]);
});

test("each answer on the ticket that is open is heard, two of one person as well", async ({ browser }) => {
  const { asks, address } = await withTicket(browser, "El monitor parpadea");
  const helps = await enter(browser, turno(), LUIS);
  await helps.page.goto(address);
  const words = asks.say("moves.ticket.came_from", { name: LUIS.name });
  await answer(helps, "¿Desde cuándo?");
  await hears(asks.page, words);
  await answer(helps, "¿Y con otro cable?");
  await hears(asks.page, words, 2);
  await answer(asks, "Con otro, igual");
  await hears(asks.page, asks.say("moves.ticket.came_from", { name: ANA.name }), 0);
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("who else looks at a ticket, and writes on it, is heard", async ({ browser }) => {
  const { asks, address } = await withTicket(browser, "Dos a la vez");
  await asks.close();
  const [eva, luis] = [await enter(browser, turno(), EVA), await enter(browser, turno(), LUIS)];
  await eva.page.goto(address);
  await expect(answerBox(eva)).toBeVisible();
  await connected(eva.page);
  await expect(eva.page.locator(".viewers")).toHaveText("");
  await listen(eva.page);
  await luis.page.goto(address);
  await hears(eva.page, eva.say("moves.viewers.looks", { name: LUIS.name }));
  await answerBox(luis).pressSequentially("Voy a ");
  await hears(eva.page, eva.say("moves.viewers.writes", { name: LUIS.name }));
  await eva.check();
  await Promise.all([eva.close(), luis.close()]);
});

test("a line that is lost is told, and that it is found again", async ({ browser }) => {
  test.slow();
  const { asks } = await withTicket(browser, "Se va la luz");
  const { page, say } = asks;
  await turno().kill();
  await hears(page, say("live.offline_title"), 1, SOON.timeout);
  await hears(page, say("live.online_again"), 0);
  await turno().restart();
  await hears(page, say("live.online_again"), 1, 60_000);
  await connected(page);
  await asks.close();
});
