// Where the tabs of a browser cannot share one socket each has its own, and one that has the lead and says nothing loses it.

import { type BrowserContext, expect, type Page, test } from "@playwright/test";

import { numberOf } from "../support/api.js";
import { connected, Desk, entranceOf, useTurno } from "../support/desk.js";
import { countSockets } from "../support/door.js";
import { answer, answerBox, openTicket, row } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

/** As a browser without Web Locks. */
async function withoutLocks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined, configurable: true });
  });
}

/** A page that goes on, and of which the others hear nothing while it is silent: as of one that the browser has put to sleep. */
async function canBeSilent(page: Page): Promise<(silent: boolean) => Promise<void>> {
  await page.addInitScript(() => {
    const say = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = function (message: unknown) {
      if (Reflect.get(globalThis, "silent") !== true) say.call(this, message);
    };
  });
  return (silent) => page.evaluate((silent) => void Object.assign(globalThis, { silent }), silent);
}

test("without Web Locks each tab has a socket of its own, and all goes on as with one", async ({ browser }) => {
  const asks = await Desk.open(browser, turno());
  await withoutLocks(asks.context);
  const first = countSockets(asks.page);
  await asks.logIn(account("solo1", "Berta Nieto", "user"));
  await openTicket(asks, "No hay red", "En toda la planta");
  const address = asks.page.url();
  expect(await asks.page.evaluate(() => navigator.locks)).toBeUndefined();
  const second = await asks.tab();
  const other = countSockets(second);
  await second.goto(address);
  await Promise.all([connected(asks.page), connected(second)]);
  expect([first(), other()]).toEqual([1, 1]);

  const helps = await enter(browser, account("solo2", "Iván Mora", "technician"));
  await helps.page.goto(address);
  await connected(helps.page);
  await answer(helps, "Voy a mirarlo");
  const talk = (page: Page) => page.getByRole("list", { name: asks.say("tickets.ticket.conversation") });
  for (const page of [asks.page, second]) {
    await expect(talk(page).getByText("Voy a mirarlo")).toHaveCount(1);
    await expect(page.locator(".bell-count")).toHaveText("1");
  }
  // The two are one person, who looks and writes wherever they do, and is there until the last of them is closed.
  const shown = helps.page.locator(".viewers");
  await second.getByRole("region", { name: asks.say("tickets.write.label"), exact: true }).getByRole("textbox").pressSequentially("Hola");
  await expect(shown).toContainText(helps.say("moves.viewers.writes", { name: "Berta Nieto" }));
  await second.close();
  await expect(shown).toContainText(helps.say("moves.viewers.looks", { name: "Berta Nieto" }));
  await answer(helps, "Ya vuelve");
  await expect(talk(asks.page).getByText("Ya vuelve")).toHaveCount(1);
  expect(first()).toBe(1);
  await asks.page.goto("/tickets");
  await expect(shown).toHaveText("");
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("a tab that has the lead and says nothing loses it to one that asks, and follows from there on", async ({ browser }) => {
  test.slow();
  const asks = await Desk.open(browser, turno());
  const silence = await canBeSilent(asks.page);
  const first = countSockets(asks.page);
  await asks.logIn(account("calla1", "Celia Prado", "user"));
  await openTicket(asks, "El proyector no enciende", "Ni con otro cable");
  const address = asks.page.url();
  await connected(asks.page);
  await silence(true);

  const second = await asks.tab();
  const other = countSockets(second);
  await second.goto(address);
  await expect(answerBox(asks)).toBeVisible();
  expect([first(), other()]).toEqual([1, 0]);
  // It asks a leader of which it has heard nothing for ten seconds, and waits three for an answer.
  await connected(second, { timeout: 45_000 });
  await expect.poll(() => [first(), other()]).toEqual([0, 1]);
  // Awake again it leaves the lead where it is.
  await silence(false);

  const helps = await enter(browser, account("calla2", "Iván Mora", "technician"));
  await helps.page.goto(address);
  await answer(helps, "Te llevo otro");
  for (const page of [second, asks.page]) {
    const talk = page.getByRole("list", { name: asks.say("tickets.ticket.conversation") });
    await expect(talk.getByText("Te llevo otro")).toHaveCount(1);
  }
  // It stands in line again, for when the other is closed.
  await second.close();
  await expect.poll(first).toBe(1);
  await connected(asks.page);
  await answer(helps, "Ya está puesto");
  const talk = asks.page.getByRole("list", { name: asks.say("tickets.ticket.conversation") });
  await expect(talk.getByText("Ya está puesto")).toHaveCount(1);
  expect(first()).toBe(1);
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("what a tab slept through while it had the lead is read anew, though the one that took it knew of it already", async ({ browser }) => {
  test.slow();
  const helps = await Desk.open(browser, turno());
  const silence = await canBeSilent(helps.page);
  let sleeps = false;
  await helps.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      if (!sleeps) socket.send(message);
    });
    socket.onClose(() => void server.close());
  });
  await helps.logIn(account("duerme1", "Iván Mora", "technician"));
  await helps.page.goto("/tickets?sort=-created_at");
  await connected(helps.page);
  const asks = await enter(browser, account("duerme2", "Celia Prado", "user"));
  const arrived = helps.page.getByRole("button", { name: helps.say("moves.list.arrived.one", { count: 1 }) });
  await openTicket(asks, "La impresora come papel", "Una hoja de cada dos");
  await helps.page.goto("/tickets?sort=-created_at");
  await expect(row(helps, "La impresora come papel")).toBeVisible();
  await connected(helps.page);

  sleeps = true;
  await silence(true);
  await asks.page.goto("/tickets");
  await openTicket(asks, "El escáner no se despierta", "Ni con el botón");
  // One that is opened now begins behind that, and asks the server for what comes later.
  const second = await helps.tab();
  const other = countSockets(second);
  await second.goto("/profile");
  await connected(second, { timeout: 45_000 });
  await expect.poll(other).toBe(1);
  await expect(arrived).toBeVisible();
  await expect(row(helps, "El escáner no se despierta")).toHaveCount(0);
  await arrived.click();
  await expect(row(helps, "El escáner no se despierta")).toBeVisible();
  // And it hears what comes now from the other.
  await silence(false);
  await asks.page.goto("/tickets");
  await openTicket(asks, "El teclado suena", "Cada tecla");
  await expect(arrived).toBeVisible();
  await helps.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("what is still said by a tab that had the lead before is not heeded", async ({ browser }) => {
  const desk = await enter(browser, account("manda1", "Celia Prado", "user"));
  await connected(desk.page);
  const second = await desk.tab();
  await second.goto("/profile");
  await connected(second);
  const me = await numberOf(second);
  await second.evaluate((me) => {
    const root = document.documentElement;
    const seen: (string | null)[] = [];
    Object.assign(globalThis, { seen });
    new MutationObserver(() => seen.push(root.getAttribute("data-live"))).observe(root, { attributeFilter: ["data-live"] });
    const name = `turno.live.${me}`;
    const lead = Number(localStorage.getItem(`${name}.lead`));
    const channel = new BroadcastChannel(name);
    const say = (lead: number, line: unknown) => channel.postMessage(JSON.stringify([lead, { Line: line }]));
    const offline = { Offline: { since: Date.now() } };
    say(lead - 1, offline);
    say(lead, "Online");
    // Of the one that leads it is heeded.
    say(lead, offline);
  }, me);
  const seen = () => second.evaluate(() => Reflect.get(globalThis, "seen") as string[]);
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(0);
  await desk.quiet(second);
  expect(await seen()).toEqual(["offline"]);
  await desk.check();
  await desk.close();
});
