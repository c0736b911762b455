// A page that is told to read everything anew, because its person sees something else from now on or has missed too much to be
// told of it one by one, shows what is so by then.

import { expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { connected, Desk, entranceOf, useTurno } from "../support/desk.js";
import { openTicket, row } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

test("who missed too much reads anew what they look at, and hears what comes then", async ({ browser }) => {
  const asks = await enter(browser, account("cuenta", "Celia Prado", "user"));
  await openTicket(asks, "La primera avería", "Nada");
  const looks = await Desk.open(browser, turno());
  let deaf = false;
  const told: { type: string }[] = [];
  let cut = () => {};
  await looks.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message));
      // What it has seen belongs to no log that the server has: that is as long ago as can be.
      server.send(deaf && frame.type === "hello" ? JSON.stringify({ ...frame, last_event: -1 }) : message);
      if (frame.type === "hello") deaf = false;
    });
    server.onMessage((message) => {
      if (deaf) return;
      told.push(JSON.parse(String(message)));
      socket.send(message);
    });
    socket.onClose(() => void server.close());
    cut = () => void socket.close({ code: 4408, reason: "too slow" }).then(() => server.close());
  });
  await looks.logIn(account("falta", "Iván Mora", "technician"));
  await looks.page.goto("/tickets?sort=-created_at");
  await connected(looks.page);
  await expect(row(looks, "La primera avería")).toBeVisible();

  deaf = true;
  await asks.page.goto("/tickets");
  await openTicket(asks, "La segunda avería", "Nada");
  const arrived = (count: number) =>
    looks.page.getByRole("button", { name: looks.say(`moves.list.arrived.${count === 1 ? "one" : "other"}`, { count }) });
  await expect(arrived(1)).toHaveCount(0);
  cut();
  await expect(arrived(1)).toBeVisible({ timeout: 25_000 });
  expect(told.filter(({ type }) => type === "resync")).toHaveLength(1);
  await connected(looks.page);
  await asks.page.goto("/tickets");
  await openTicket(asks, "La tercera avería", "Nada");
  await expect(arrived(2)).toBeVisible();
  await looks.check();
  await Promise.all([asks.close(), looks.close()]);
});

test("a technician who sees less from now on is shown so at once, in every tab", async ({ browser }) => {
  const asks = await enter(browser, account("alcance1", "Celia Prado", "user"));
  await openTicket(asks, "De nadie todavía", "Nada");
  const address = asks.page.url();
  const looks = await enter(browser, account("alcance2", "Iván Mora", "technician"));
  await looks.page.goto("/tickets?sort=-created_at");
  await expect(row(looks, "De nadie todavía")).toBeVisible();
  const second = await looks.tab();
  await second.goto(address);
  await expect(second.getByRole("region", { name: looks.say("tickets.write.label"), exact: true })).toBeVisible();
  await Promise.all([connected(looks.page), connected(second)]);

  const boss = await enter(browser, ADMIN);
  const { version } = await ask<{ version: number }>(boss.page, "GET", "/settings");
  await ask(boss.page, "PATCH", "/settings", { version, technician_scope: "assigned" });
  await expect(row(looks, "De nadie todavía").getByText(looks.say("moves.list.left"))).toBeAttached();
  await expect(second.locator(".lost")).toContainText(looks.say("moves.ticket.lost_title"));
  await looks.check();
  await looks.check(second);
  await Promise.all([asks.close(), looks.close(), boss.close()]);
});
