// Several tabs of one browser: they share one socket, hand it on, call for attention once, and count as one person. That they
// end together is told in session.spec.ts.

import { expect, type Page, test } from "@playwright/test";

import { connected, Desk, entranceOf, useTurno } from "../support/desk.js";
import { countSockets } from "../support/door.js";
import { answer, answerBox, openTicket } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

/** Notes what is said of those who look at the ticket whenever anything changes; all of it so far. */
async function noteViewers(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const note = () => {
      seen.push(document.querySelector(".viewers")?.textContent ?? "");
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
}

test("tabs share one socket, and hand it on when the one that has it is closed", async ({ browser }) => {
  const asks = await enter(browser, account("tabs1", "Clara Ruiz", "user"));
  await openTicket(asks, "No imprime", "Nada");
  const address = asks.page.url();
  await connected(asks.page);
  const second = await asks.tab();
  const sockets = countSockets(second);
  await second.goto(address);
  await connected(second);
  expect(sockets()).toBe(0);

  await asks.page.close();
  await expect.poll(sockets).toBe(1);
  await connected(second);
  const helps = await enter(browser, account("tabs2", "Iván Mora", "technician"));
  await helps.page.goto(address);
  await answer(helps, "Voy a mirarlo");
  const talk = second.getByRole("list", { name: asks.say("tickets.ticket.conversation") });
  await expect(talk.getByText("Voy a mirarlo")).toHaveCount(1);
  await asks.check(second);
  await Promise.all([asks.close(), helps.close()]);
});

test("a mention sounds once for whoever wants it, however many tabs there are", async ({ browser }) => {
  const mentioned = account("oye", "Marta Sanz", "technician");
  const listens = await Desk.open(browser, turno());
  // Tells of every tone instead of playing it.
  await listens.context.addInitScript(() => {
    OscillatorNode.prototype.start = () => {
      localStorage.setItem("heard", String(Number(localStorage.getItem("heard") ?? 0) + 1));
    };
  });
  await listens.logIn(mentioned);
  await listens.page.goto("/profile");
  await listens.page.getByRole("checkbox", { name: listens.say("moves.device.sound") }).check();
  const tones = () => listens.page.evaluate(() => Number(localStorage.getItem("heard")));
  const once = await tones();
  expect(once).toBeGreaterThan(0);
  const second = await listens.tab();
  await second.goto("/notifications");
  await Promise.all([connected(listens.page), connected(second)]);

  const asks = await enter(browser, account("llama", "Hugo Peña", "technician"));
  await openTicket(asks, "El ratón", "No va");
  // Whoever is meant is shown by their name, so it does not stand there as it was written.
  await answerBox(asks).fill("¿Lo ves, @oye?");
  await answerBox(asks).press("Control+Enter");
  const text = listens.say("notifications.mentioned", { name: "Hugo Peña" });
  await expect(listens.page.locator(".toast-item.news")).toContainText(text);
  await expect(second.locator(".toast-item.news")).toContainText(text);
  await expect.poll(tones).toBe(2 * once);

  // The list does not move by itself under whoever reads it.
  await expect(second.getByRole("list", { name: listens.say("notifications.region") })).toHaveCount(0);
  await second.getByRole("button", { name: listens.say("notifications.newer.one", { count: 1 }) }).click();
  await expect(second.getByRole("list", { name: listens.say("notifications.region") })).toContainText(text);
  await expect(second.getByRole("button", { name: listens.say("notifications.newer.one", { count: 1 }) })).toHaveCount(0);
  expect(await tones()).toBe(2 * once);
  await listens.check(second);
  await listens.checkAccess(second);
  await Promise.all([listens.close(), asks.close()]);
});

test("a tab that is closed takes back its own word and not that of another on the same ticket", async ({ browser }) => {
  const asks = await enter(browser, account("mira1", "Olga Rey", "user"));
  await openTicket(asks, "La pantalla parpadea", "A ratos");
  const address = asks.page.url();
  await connected(asks.page);
  const helps = await enter(browser, account("mira2", "Iván Mora", "technician"));
  await helps.page.goto(address);
  await connected(helps.page);
  const shown = helps.page.locator(".viewers");
  const words = helps.say("moves.viewers.looks", { name: "Olga Rey" });
  await expect(shown).toContainText(words);
  const second = await asks.tab();
  await second.goto(address);
  await connected(second);
  await second.getByRole("region", { name: asks.say("tickets.write.label"), exact: true }).getByRole("textbox").pressSequentially("Hola");
  await expect(shown).toContainText(helps.say("moves.viewers.writes", { name: "Olga Rey" }));
  const seen = await noteViewers(helps.page);
  await second.close();
  // She is seen to look, no longer to write, and does not vanish in between, nor until she writes again.
  await expect(shown).toContainText(words);
  await answerBox(asks).pressSequentially("Otra vez");
  await expect(shown).toContainText(helps.say("moves.viewers.writes", { name: "Olga Rey" }));
  const texts = await seen();
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text) => !text.includes("Olga Rey"))).toEqual([]);
  await asks.page.goto("/tickets");
  await expect(shown).toHaveText("");
  await helps.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("what is read in one window is read in the other", async ({ browser }) => {
  const asks = await enter(browser, account("lee1", "Rita Sol", "user"));
  await openTicket(asks, "El teclado", "Faltan letras");
  const address = asks.page.url();
  await asks.page.goto("/profile");
  const second = await asks.tab();
  await second.goto("/notifications");
  await Promise.all([connected(asks.page), connected(second)]);
  const helps = await enter(browser, account("lee2", "Iván Mora", "technician"));
  await helps.page.goto(address);
  await answer(helps, "Te llevo otro");
  for (const page of [asks.page, second]) await expect(page.locator(".bell-count")).toHaveText("1");

  await asks.page.getByRole("button", { name: asks.say("notifications.bell", { count: 1 }), exact: true }).click();
  await asks.page.getByRole("menuitem", { name: asks.say("notifications.answered", { name: "Iván Mora" }) }).click();
  await expect(asks.page).toHaveURL(new RegExp(address));
  for (const page of [asks.page, second]) await expect(page.locator(".bell-count")).toHaveCount(0);
  await asks.check(second);
  await Promise.all([asks.close(), helps.close()]);
});

test("whoever logs out leaves in no tab what they did not send", async ({ browser }) => {
  const person = account("sale", "Sara Luz", "user");
  const desk = await enter(browser, person);
  await openTicket(desk, "Algo privado", "Nada");
  const second = await desk.tab();
  await second.goto(desk.page.url());
  const text = "Esto no lo debe leer nadie más";
  const write = second.getByRole("region", { name: desk.say("tickets.write.label"), exact: true }).getByRole("textbox");
  await write.fill(text);
  await answerBox(desk).fill(text);
  const kept = (page: Page) =>
    page.evaluate((text) => [sessionStorage, localStorage].some((place) => JSON.stringify({ ...place }).includes(text)), text);
  await expect.poll(() => kept(second)).toBe(true);
  // A message that could not be sent is kept for all tabs.
  await desk.page.evaluate(async (text) => {
    const { user } = await (await fetch("/api/v1/session")).json();
    const waiting = { client_id: "a", to: user.id, body: text, written: 1, refused: "unknown" };
    localStorage.setItem(`turno.outbox.${user.id}.a`, JSON.stringify(waiting));
  }, text);
  await desk.page.getByRole("button", { name: desk.say("common.nav.account", { name: person.name }) }).click();
  await desk.page.getByRole("menuitem", { name: desk.say("common.nav.log_out") }).click();
  // What is not sent is lost with it: so they are asked.
  await desk.page.getByRole("alertdialog", { name: desk.say("session.leave.title"), exact: true })
    .getByRole("button", { name: desk.say("session.leave.go"), exact: true }).click();
  for (const page of [desk.page, second]) {
    await expect(page.getByLabel(desk.say("session.password"), { exact: true })).toBeVisible();
    expect(await kept(page)).toBe(false);
  }
  await desk.check();
  await desk.close();
});
