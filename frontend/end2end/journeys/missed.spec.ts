// What comes in an unlucky moment is neither missed nor taken for read.

import { expect, type Locator, type Page, test } from "@playwright/test";

import { Desk, entranceOf, useTurno } from "../support/desk.js";
import { answerBox, field, openTicket } from "../support/steps.js";
import { accountsOf, PASSWORD, type Person } from "../support/turno.js";

const ANA: Person = { username: "ana", name: "Ana Ruiz", email: "ana@example.org", role: "user", password: PASSWORD };
const LUIS: Person = { username: "luis", name: "Luis Peña", email: "luis@example.org", role: "technician", password: PASSWORD };

const turno = useTurno({}, (turno) => [ANA, LUIS].forEach((person) => turno.addPerson(person)));
const account = accountsOf(turno);
const enter = entranceOf(turno);

const SOON = { timeout: 25_000 };

/** Asks the API as the person of a page does. */
async function post(page: Page, path: string, body: object): Promise<{ id: number }> {
  return page.evaluate(
    async ([path, body]) => {
      const { csrf_token } = await (await fetch("/api/v1/session")).json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
      return (await fetch(`/api/v1${path}`, { method: "POST", headers, body })).json();
    },
    [path, JSON.stringify(body)] as const,
  );
}

async function number(page: Page): Promise<number> {
  return page.evaluate(async () => (await (await fetch("/api/v1/session")).json()).user.id);
}

/** The messages with somebody. */
function messages(desk: Desk, other: Person, page: Page = desk.page): Locator {
  return page.getByRole("region", { name: desk.say("chat.region", { name: other.name }) });
}

test("what happens while the socket is being opened is not missed", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  const [me, other] = [await number(ana.page), await number(luis.page)];
  await post(luis.page, `/conversations/${me}/messages`, { body: "Antes" });
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  await ana.page.routeWebSocket(/\/ws$/, (socket) => {
    // Nothing is told until the door is opened; what the page says waits in front of it.
    const waiting: (string | Buffer)[] = [];
    let server: ReturnType<typeof socket.connectToServer> | undefined;
    socket.onMessage((message) => (server ? server.send(message) : void waiting.push(message)));
    void opened.then(() => {
      server = socket.connectToServer();
      server.onMessage((message) => socket.send(message));
      for (const message of waiting) server.send(message);
    });
  });
  await ana.page.goto(`/chat/${other}`);
  await expect(messages(ana, LUIS).getByText("Antes", { exact: true })).toBeVisible();
  await expect(ana.page.locator("html")).not.toHaveAttribute("data-live", "online");
  await post(luis.page, `/conversations/${me}/messages`, { body: "Mientras tanto" });
  open();
  await expect(messages(ana, LUIS).getByText("Mientras tanto", { exact: true })).toBeVisible(SOON);
  await post(luis.page, `/conversations/${me}/messages`, { body: "Después" });
  await expect(messages(ana, LUIS).getByText("Después", { exact: true })).toBeVisible(SOON);
  await expect(messages(ana, LUIS).getByText("Mientras tanto", { exact: true })).toHaveCount(1);
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("what lies out of sight is not read", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  const [me, other] = [await number(ana.page), await number(luis.page)];
  for (let n = 1; n <= 40; n += 1) await post(luis.page, `/conversations/${me}/messages`, { body: `Línea ${n}` });
  await ana.page.goto(`/chat/${other}`);
  const region = messages(ana, LUIS);
  await expect(region.getByText("Línea 40", { exact: true })).toBeAttached();
  // The first that is unread is shown; those below were not seen.
  await expect(region.getByText(ana.say("chat.unread_line"))).toBeInViewport();
  const read = () =>
    luis.page.evaluate(async (peer) => {
      const page = await (await fetch(`/api/v1/conversations/${peer}/messages`)).json();
      return page.items.find((message: { body: string }) => message.body === "Línea 40").read_at !== null;
    }, me);
  await ana.page.waitForLoadState("networkidle");
  expect(await read()).toBe(false);
  await ana.page.getByRole("button", { name: ana.say("chat.to_end"), exact: true }).click();
  await expect.poll(read, SOON).toBe(true);
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("an edit that came after the question is asked about too", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  await openTicket(ana, "Primer título", "Nada");
  const id = Number(/\/tickets\/(\d+)/.exec(ana.page.url())?.[1]);
  const path = `/api/v1/tickets/${id}`;
  /** Changes the title from elsewhere. */
  const rename = (title: string) =>
    ana.page.evaluate(
      async ([path, title]) => {
        const { csrf_token } = await (await fetch("/api/v1/session")).json();
        const { version } = await (await fetch(path)).json();
        const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
        await fetch(path, { method: "PATCH", headers, body: JSON.stringify({ version, title }) });
      },
      [path, title] as const,
    );
  const title = () => ana.page.evaluate(async (path) => (await (await fetch(path)).json()).title, path);
  await ana.page.getByRole("button", { name: ana.say("tickets.ticket.edit"), exact: true }).click();
  await field(ana.page, ana.say("tickets.edit.title")).fill("El mío");
  await rename("Segundo título");
  await ana.page.getByRole("button", { name: ana.say("tickets.edit.save"), exact: true }).click();
  const question = ana.page.getByRole("alertdialog");
  await expect(question.getByText("Segundo título")).toBeVisible();
  await rename("Tercer título");
  await question.getByRole("button", { name: ana.say("tickets.conflict.keep_mine") }).click();
  await expect(question.getByText("Tercer título")).toBeVisible(SOON);
  expect(await title()).toBe("Tercer título");
  await question.getByRole("button", { name: ana.say("tickets.conflict.keep_mine") }).click();
  await expect(question).toBeHidden();
  await expect.poll(title).toBe("El mío");
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("an early message that is edited is shown as it is now, however many follow", async ({ browser }) => {
  test.slow();
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  await openTicket(ana, "Una conversación larga", "Nada");
  const id = Number(/\/tickets\/(\d+)/.exec(ana.page.url())?.[1]);
  const first = await post(luis.page, `/tickets/${id}/comments`, { body: "El primer mensaje" });
  for (let n = 2; n <= 104; n += 1) await post(luis.page, `/tickets/${id}/comments`, { body: `Mensaje ${n}` });
  await ana.page.goto(`/tickets/${id}`);
  const talk = ana.page.getByRole("list", { name: ana.say("tickets.ticket.conversation") });
  await expect(talk.getByText("Mensaje 104", { exact: true })).toBeAttached();
  await expect(talk.getByText("El primer mensaje", { exact: true })).toBeAttached();
  await expect(ana.page.locator("html")).toHaveAttribute("data-live", "online");
  const status = await luis.page.evaluate(async (id) => {
    const { csrf_token } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
    const body = JSON.stringify({ body: "El primero, corregido" });
    return (await fetch(`/api/v1/comments/${id}`, { method: "PATCH", headers, body })).status;
  }, first.id);
  expect(status).toBe(200);
  await expect(talk.getByText("El primero, corregido")).toBeAttached(SOON);
  // What it said before is in the line that tells of the change, no longer in the message.
  await expect(talk.getByRole("article").getByText("El primer mensaje", { exact: true })).toHaveCount(0);
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("nothing moves in the open bell, and the focus stays with what one does about notifications", async ({ browser }) => {
  const teo = account("teo", "Teo Mas", "technician");
  const [ana, luis] = [await enter(browser, account("pia", "Pía Sala", "user")), await enter(browser, teo)];
  const words = { name: teo.name };
  await openTicket(ana, "Con avisos", "Nada");
  const id = Number(/\/tickets\/(\d+)/.exec(ana.page.url())?.[1]);
  await ana.page.goto("/profile");
  await expect(ana.page.locator("html")).toHaveAttribute("data-live", "online");
  await post(luis.page, `/tickets/${id}/comments`, { body: "Uno" });
  await expect(ana.page.locator(".bell-count")).toHaveText("1");
  await ana.page.locator(".bell").getByRole("button").first().click();
  const menu = ana.page.getByRole("menu");
  const items = menu.getByRole("menuitem", { name: ana.say("notifications.answered", words) });
  await expect(items.first()).toBeFocused();
  const [shown, place] = [await items.count(), await items.first().boundingBox()];
  await post(luis.page, `/tickets/${id}/comments`, { body: "Dos" });
  const newer = menu.getByRole("menuitem", { name: ana.say("notifications.newer.one", { count: 1 }), exact: true });
  await expect(newer).toBeVisible();
  expect(await items.count()).toBe(shown);
  expect(await items.first().boundingBox()).toEqual(place);
  await expect(items.first()).toBeFocused();
  await ana.checkAccess();
  await newer.click();
  await expect(items).toHaveCount(shown + 1);
  await expect(newer).toHaveCount(0);
  await expect(items.first()).toBeFocused();
  await ana.page.keyboard.press("Escape");

  // The page of all of them.
  await ana.page.goto("/notifications");
  await expect(ana.page.locator("html")).toHaveAttribute("data-live", "online");
  const list = ana.page.getByRole("list", { name: ana.say("notifications.region") });
  const mark = list.getByRole("button", { name: ana.say("notifications.mark_label", { what: ana.say("notifications.answered", words) }) });
  const marks = await mark.count();
  await mark.first().press("Enter");
  await expect(mark).toHaveCount(marks - 1);
  await expect(list.getByRole("link").first()).toBeFocused();
  await post(luis.page, `/tickets/${id}/comments`, { body: "Tres" });
  await ana.page.getByRole("button", { name: ana.say("notifications.newer.one", { count: 1 }), exact: true }).press("Enter");
  await expect(mark).toHaveCount(marks);
  await expect(list.getByRole("link").first()).toBeFocused();
  await ana.check();
  await Promise.all([ana.close(), luis.close()]);
});

test("an answer whose acknowledgement is lost is written once", async ({ browser }) => {
  const asks = await enter(browser, ANA);
  const { page, say } = asks;
  await openTicket(asks, "Se pierde por el camino", "La respuesta llega y nadie lo sabe");
  let lost = 0;
  let loses = true;
  await page.route(/\/api\/v1\/tickets\/\d+\/comments$/, async (route) => {
    if (route.request().method() !== "POST" || !loses) return route.continue();
    lost += 1;
    // The server has it, and the page never hears of it, nor reaches the server again.
    if (lost === 1) await route.fetch();
    await route.abort();
  });
  const text = "¿Me oye alguien?";
  const send = page.getByRole("region", { name: say("tickets.write.label"), exact: true })
    .getByRole("button", { name: say("tickets.write.send"), exact: true });
  await answerBox(asks).fill(text);
  await send.click();
  await expect(page.getByRole("alert").filter({ hasText: say("conversation.later.waits") })).toBeVisible();
  // What it was called outlives the page, as the text does.
  await page.reload();
  await expect(answerBox(asks)).toHaveValue(text);
  const before = lost;
  await expect.poll(() => lost, SOON).toBeGreaterThan(before);
  loses = false;
  await expect(answerBox(asks)).toHaveValue("", SOON);
  const conversation = page.getByRole("list", { name: say("tickets.ticket.conversation") });
  await expect(conversation.getByText(text)).toHaveCount(1);
  await page.reload();
  await expect(conversation.getByText(text)).toHaveCount(1);
  asks.faults.length = 0;
  await asks.check();
  await asks.close();
});

test("what is never answered is told like a server that is not reached", async ({ browser }) => {
  test.slow();
  const asks = await enter(browser, ANA);
  const { page, say } = asks;
  await page.goto("/tickets");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("tickets.list.title"));
  // The line is open, and nothing comes.
  const silent: (() => Promise<void>)[] = [];
  await page.route(/\/api\/v1\/tickets\?/, (route) => void silent.push(() => route.abort()));
  await page.locator(".tickets-head .views").getByRole("link", { name: say("tickets.list.closed"), exact: true }).click();
  await expect(page.getByText(say("common.error.offline")).first()).toBeVisible(SOON);
  await page.unroute(/\/api\/v1\/tickets\?/);
  await page.getByRole("button", { name: say("common.retry"), exact: true }).click();
  await expect(page.getByText(say("common.error.offline"))).toHaveCount(0);
  // The page gave up by itself: there is nobody left to hear of these.
  await Promise.allSettled(silent.map((end) => end()));
  asks.faults.length = 0;
  await asks.check();
  await asks.close();
});
