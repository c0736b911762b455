// What moves by itself: lists and tickets change while people look at them, nobody's screen jumps, and a server that was
// gone for a while is met again.

import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { QUERIES } from "../support/databases.js";
import { connected, Desk, entranceOf, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { doorBefore } from "../support/door.js";
import { answer, answerBox, field, openTicket, row } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

function button(desk: Desk, key: string, values?: Record<string, string | number>): Locator {
  return desk.page.getByRole("button", { name: desk.say(key, values) });
}

function said(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") });
}

function viewers(desk: Desk): Locator {
  return desk.page.locator(".viewers");
}

async function picture(desk: Desk, name: string): Promise<void> {
  const path = resolve(`../../test-results/screens/live-${name}-${test.info().project.name}-${desk.width}.png`);
  await desk.page.screenshot({ path });
}

/** Where an element stands on the screen. */
async function top(of: Locator): Promise<number> {
  return (await of.boundingBox())?.y ?? Number.NaN;
}

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";
  const look: Look = { width, language, theme: width === 360 ? "dark" : "light" };

  test(`a list changes in place and a new ticket waits to be asked for (${width} px, ${language})`, { tag: QUERIES }, async ({ browser }) => {
    test.slow();
    const asking = account(`lista${width}`, `Olga Vidal ${width}`, "user", language);
    const looking = account(`mira${width}`, `Ana Mora ${width}`, "technician", language);
    const asks = await enter(browser, asking, look);
    await openTicket(asks, `Primero ${width}`, "Algo falla");
    const first = asks.page.url();

    const looks = await enter(browser, looking, look);
    // In the order of activity a change would bring its row before the new one, which then follows the rows.
    await looks.page.goto("/tickets?sort=-created_at");
    await connected(looks.page);
    const shown = row(looks, `Primero ${width}`);
    await shown.focus();
    const place = await top(shown);

    await asks.page.goto("/tickets");
    await openTicket(asks, `Segundo ${width}`, "Otra cosa falla");
    await expect(button(looks, "moves.list.arrived.one", { count: 1 })).toBeVisible();
    await expect(row(looks, `Segundo ${width}`)).toHaveCount(0);
    expect(await top(shown)).toBe(place);
    // More of them are counted where the first announced itself.
    for (const title of ["Tercero", "Cuarto"]) {
      await asks.page.goto("/tickets");
      await openTicket(asks, `${title} ${width}`, "Y otra más");
    }
    const bring = button(looks, "moves.list.arrived.other", { count: 3 });
    await expect(bring).toBeVisible();
    await expect(button(looks, "moves.list.arrived.one", { count: 1 })).toHaveCount(0);
    expect(await top(shown)).toBe(place);

    // The row says the new title where it stands, with the cursor still on it.
    await asks.page.goto(first);
    await button(asks, "tickets.ticket.edit").first().click();
    await field(asks.page, asks.say("tickets.edit.title")).fill(`Cambiado ${width}`);
    await button(asks, "tickets.edit.save").click();
    const changed = row(looks, `Cambiado ${width}`);
    await expect(changed).toBeVisible();
    await expect(changed).toBeFocused();
    expect(await top(changed)).toBe(place);
    await picture(looks, "list");
    await looks.check();
    await looks.checkAccess();

    await bring.click();
    for (const title of ["Segundo", "Tercero", "Cuarto"]) await expect(row(looks, `${title} ${width}`)).toBeVisible();
    await expect(bring).toHaveCount(0);

    // What leaves the view greys first.
    await asks.page.goto(first);
    await button(asks, "tickets.ticket.close").first().click();
    await expect(changed.getByText(looks.say("moves.list.left"))).toBeAttached();
    await picture(looks, "left");
    await looks.checkAccess();
    await button(looks, "moves.list.refresh").click();
    await expect(changed).toHaveCount(0);
    await looks.check();
    await Promise.all([asks.close(), looks.close()]);
  });

  test(`a ticket moves under two people, who see each other (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const asking = account(`pide${width}`, `Rosa Gil ${width}`, "user", language);
    const one = account(`uno${width}`, `Luis Rey ${width}`, "technician", language);
    const two = account(`dos${width}`, `Inés Soto ${width}`, "technician", language);
    const asks = await enter(browser, asking, look);
    await openTicket(asks, `Pantalla ${width}`, Array.from({ length: 60 }, (_, line) => `Línea ${line}\n\n`).join(""));
    const address = asks.page.url();
    await asks.page.goto("/profile");
    const first = await enter(browser, one, look);
    await first.page.goto(address);
    await expect(answerBox(first)).toBeVisible();
    await connected(first.page);

    const second = await enter(browser, two, look);
    await second.page.goto(address);
    await expect(viewers(first)).toContainText(first.say("moves.viewers.looks", { name: two.name }));
    await answerBox(second).pressSequentially("Voy a ");
    await expect(viewers(first)).toContainText(first.say("moves.viewers.writes", { name: two.name }));
    await answerBox(first).scrollIntoViewIfNeeded();
    await picture(first, "viewers");
    await first.check();
    await first.checkAccess();

    // Whoever reads the beginning stays there, and is told of what comes below.
    await first.page.evaluate(() => scrollTo(0, 0));
    await answer(second, "Es el cable de la pantalla");
    const below = button(first, "moves.ticket.below.one", { count: 1 });
    await expect(below).toBeVisible();
    expect(await first.page.evaluate(() => scrollY)).toBe(0);
    await picture(first, "below");
    await first.check();
    await first.checkAccess();
    await below.click();
    await expect(said(first).getByText("Es el cable de la pantalla")).toBeInViewport();
    await expect(below).toHaveCount(0);

    // Whoever writes keeps the box where it is, with what is in it.
    const box = answerBox(first);
    await box.fill("Lo que estoy escribiendo");
    await box.scrollIntoViewIfNeeded();
    const place = await top(box);
    await answer(second, "Y también el enchufe");
    await expect(said(first).getByText("Y también el enchufe")).toBeAttached();
    await expect.poll(async () => Math.abs((await top(box)) - place)).toBeLessThan(2);
    await expect(box).toHaveValue("Lo que estoy escribiendo");
    await expect(box).toBeFocused();

    // State and people change beside it.
    await asks.page.goto(address);
    await button(asks, "tickets.ticket.close").first().click();
    await expect(first.page.locator(".talk-head").getByText(first.say("common.status.closed"), { exact: true })).toBeAttached();
    await expect(box).toHaveValue("Lo que estoy escribiendo");

    await second.page.goto("/tickets");
    await expect(viewers(first)).not.toContainText(two.name);
    await Promise.all([asks.close(), first.close(), second.close()]);
  });
}

test("a notification comes as it happens, with a way to the ticket", async ({ browser }) => {
  const asking = account("avisa", "Pilar Cano", "user");
  const helping = account("ayuda", "Marco Díaz", "technician");
  const asks = await enter(browser, asking);
  await openTicket(asks, "El correo no llega", "Desde ayer");
  const address = asks.page.url();
  await asks.page.goto("/profile");
  await connected(asks.page);
  const helps = await enter(browser, helping);
  await helps.page.goto(address);
  await answer(helps, "Ya está arreglado");

  const toast = asks.page.locator(".toast-item.news");
  await expect(toast).toContainText(asks.say("notifications.answered", { name: helping.name }));
  await expect(asks.page.locator(".bell-count")).toHaveText("1");
  await picture(asks, "toast");
  await asks.checkAccess();
  await toast.getByRole("link").click();
  await expect(said(asks).getByText("Ya está arreglado")).toBeInViewport();
  await expect(asks.page.locator(".bell-count")).toHaveCount(0);

  // What the person has before their eyes needs no further word.
  await answer(helps, "¿Llega ahora?");
  await expect(said(asks).getByText("¿Llega ahora?")).toBeVisible();
  await expect(asks.page.locator(".bell-count")).toHaveText("1");
  await expect(toast).toHaveCount(0);
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("a ticket that goes to somebody else can be read to its end", async ({ browser }) => {
  const asking = account("duena", "Eva León", "user");
  const first = account("antes", "Jorge Paz", "technician");
  const next = account("luego", "Lola Sanz", "technician");
  const asks = await enter(browser, asking);
  await openTicket(asks, "El monitor parpadea", "Todo el día");
  const address = asks.page.url();
  const reads = await enter(browser, first);
  await reads.page.goto(address);
  await connected(reads.page);
  await answerBox(reads).fill("Estaba a punto de decir que");

  const boss = await enter(browser, ADMIN);
  await boss.page.goto(address);
  const choice = boss.page.getByRole("combobox", { name: boss.say("tickets.side.assignee") });
  await choice.selectOption({ label: next.name });
  const lost = reads.page.locator(".lost");
  await expect(lost).toContainText(reads.say("moves.ticket.lost_title"));
  await expect(lost.getByRole("textbox")).toHaveValue("Estaba a punto de decir que");
  await expect(said(reads)).toContainText("Todo el día");
  await picture(reads, "lost");
  await reads.check();
  await reads.checkAccess();

  // It comes back as kindly as it went.
  await choice.selectOption({ label: first.name });
  await expect(lost).toHaveCount(0);
  await expect(answerBox(reads)).toHaveValue("Estaba a punto de decir que");
  await Promise.all([asks.close(), reads.close(), boss.close()]);
});

test("a server that was gone is met again, and nothing is missed", { tag: QUERIES }, async ({ browser }) => {
  test.slow();
  const asking = account("corta", "Nuria Vega", "user");
  const asks = await Desk.open(browser, turno());
  const door = await doorBefore(asks.page);
  await asks.logIn(asking);
  await openTicket(asks, "Se va la luz", "A ratos");
  const address = asks.page.url();
  const boss = await enter(browser, ADMIN);
  await boss.page.goto(address);
  await expect(answerBox(boss)).toBeVisible();
  await Promise.all([connected(asks.page), connected(boss.page)]);
  const banner = asks.page.locator(".offline-banner");

  door.shut();
  await turno().kill();
  await expect(banner).toContainText(asks.say("live.offline_title"));
  // What is there can still be read.
  await expect(said(asks)).toContainText("A ratos");
  await asks.checkAccess();
  await turno().restart();
  // It happens while nobody tells her page, which finds the way back only afterwards.
  const status = await boss.page.evaluate(async (id) => {
    const { csrf_token } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
    const body = JSON.stringify({ body: "Mientras no estabas" });
    return (await fetch(`/api/v1/tickets/${id}/comments`, { method: "POST", headers, body })).status;
  }, new URL(address).pathname.split("/").pop());
  expect(status).toBe(201);
  await expect(asks.page.locator("html")).not.toHaveAttribute("data-live", "online");
  await expect(said(asks).getByText("Mientras no estabas")).toHaveCount(0);
  door.open();
  await expect(banner).not.toContainText(asks.say("live.offline_title"), { timeout: 40_000 });
  await connected(asks.page);
  await expect(said(asks).getByText("Mientras no estabas")).toHaveCount(1);
  // And what comes now is heard at once, and once.
  await answer(boss, "Ya ha vuelto");
  await expect(said(asks).getByText("Ya ha vuelto")).toHaveCount(1);
  await expect(said(asks).getByText("Mientras no estabas")).toHaveCount(1);
  await Promise.all([asks.close(), boss.close()]);
});

test("a page that was too slow goes on where it was, and misses nothing", async ({ browser }) => {
  const asks = await Desk.open(browser, turno());
  const greetings: { last_event?: number }[] = [];
  let deaf = false;
  let cut = () => {};
  await asks.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    deaf = false;
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message));
      if (frame.type === "hello") greetings.push(frame);
      server.send(message);
    });
    server.onMessage((message) => {
      if (!deaf) socket.send(message);
    });
    socket.onClose(() => void server.close());
    // As the server does when too much waits for somebody who does not read.
    cut = () => void socket.close({ code: 4408, reason: "too slow" }).then(() => server.close());
  });
  await asks.logIn(account("lenta", "Vera Ponce", "user"));
  await openTicket(asks, "Va muy despacio", "Todo el rato");
  const address = asks.page.url();
  await connected(asks.page);
  const boss = await enter(browser, ADMIN);
  await boss.page.goto(address);
  await expect(answerBox(boss)).toBeVisible();
  await answer(boss, "Esto sí llega");
  await expect(said(asks).getByText("Esto sí llega")).toHaveCount(1);

  deaf = true;
  await answer(boss, "Esto no se lee a tiempo");
  await expect(said(asks).getByText("Esto no se lee a tiempo")).toHaveCount(0);
  const before = greetings.length;
  cut();
  await expect(said(asks).getByText("Esto no se lee a tiempo")).toHaveCount(1, { timeout: 25_000 });
  // It asked for what came after what it had heard, and did not begin anew.
  expect(greetings.slice(before)[0]?.last_event).toBeGreaterThan(greetings[0]?.last_event ?? 0);
  await connected(asks.page);
  await answer(boss, "Y esto otra vez sí");
  await expect(said(asks).getByText("Y esto otra vez sí")).toHaveCount(1);
  await expect(said(asks).getByText("Esto sí llega")).toHaveCount(1);
  await asks.check();
  await Promise.all([asks.close(), boss.close()]);
});

test("the alerts of a device are asked for, and explained where the browser refuses", async ({ browser }) => {
  const desk = await enter(browser, account("avisos", "Sara Mas", "user"));
  await desk.page.goto("/profile");
  const sound = desk.page.getByRole("checkbox", { name: desk.say("moves.device.sound") });
  await expect(sound).not.toBeChecked();
  await sound.check();
  // As a browser in which the person has refused.
  await desk.page.addInitScript(() => Object.defineProperty(Notification, "permission", { get: () => "denied" }));
  await desk.page.reload();
  await expect(sound).toBeChecked();
  const show = desk.page.getByRole("checkbox", { name: desk.say("moves.device.show") });
  await expect(show).not.toBeChecked();
  await expect(desk.page.locator(".alert-trouble")).toContainText(desk.say("moves.device.denied"));
  await show.scrollIntoViewIfNeeded();
  await picture(desk, "alerts");
  await desk.check();
  await desk.checkAccess();
  await desk.close();
});
