// Who is there, who is away and who was there when, as others see it.

import { expect, type Locator, test } from "@playwright/test";

import { enter, EVA, LUIS, open, PEOPLE, SOON, write } from "../support/chatting.js";
import { connected, Desk, useTurno } from "../support/desk.js";
import { doorBefore } from "../support/door.js";
import { type Person } from "../support/turno.js";

/** A session outlives the time that somebody has to be away for. */
const turno = useTurno({ sessionSeconds: 3600 }, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

/** Opens the conversation with somebody who is there: its head, and in it the sign of how they are. */
async function lookAt(desk: Desk, person: Person): Promise<{ head: Locator; dot: (state: string) => Locator }> {
  await open(desk, person);
  const head = desk.page.getByRole("region", { name: desk.say("chat.with", { name: person.name }) }).locator(".chat-head");
  const dot = (state: string) => head.getByRole("img", { name: desk.say(`live.presence.${state}`), exact: true });
  await expect(dot("online")).toBeVisible(SOON);
  return { head, dot };
}

test("a page says that somebody is there as soon as it is connected", async ({ browser }) => {
  const eva = await Desk.open(browser, turno());
  const sent: string[] = [];
  eva.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await eva.logIn(EVA);
  await connected(eva.page);
  // Who never says so counts as left alone after five minutes, whatever they do at the page.
  const says = () => sent.map((text) => JSON.parse(text)).filter(({ type }) => type === "active");
  await expect.poll(says).toContainEqual({ type: "active", active: true });
  await eva.check();
  await eva.close();
});

test("somebody is there, then away, back again, and was last seen", async ({ browser }) => {
  const luis = await enter(browser, turno(), LUIS);
  const eva = await Desk.open(browser, turno());
  // Her clock is put forward, so that nobody has to wait for five minutes.
  await eva.page.clock.install();
  await eva.logIn(EVA);
  await connected(eva.page);
  const { head, dot } = await lookAt(luis, EVA);
  await expect(head).toContainText(luis.say("chat.state.online"));

  // Not as long as she only thinks. What she writes then is told after anything that would have been said of her.
  await eva.page.clock.fastForward("04:30");
  await open(eva, LUIS);
  await write(eva, LUIS, "Sigo aquí");
  await expect(luis.page.getByRole("listitem").filter({ hasText: "Sigo aquí" }).first()).toBeVisible(SOON);
  await expect(dot("online")).toBeVisible();

  await eva.page.clock.fastForward("05:10");
  await expect(dot("away")).toBeVisible(SOON);
  await expect(head).toContainText(luis.say("chat.state.away"));
  await luis.checkAccess();
  await eva.page.mouse.move(400, 400);
  await expect(dot("online")).toBeVisible(SOON);

  await eva.close();
  await expect(dot("offline")).toBeVisible(SOON);
  await expect(head).toContainText(luis.say("chat.state.seen"));
  const seen = Date.parse((await head.locator("time").getAttribute("datetime")) ?? "");
  expect(Math.abs(Date.now() - seen)).toBeLessThan(120_000);
  await luis.checkAccess();
  await luis.check();
  await luis.close();
});

test("whose tab crashes is gone as if it had been closed", async ({ browser }) => {
  const luis = await enter(browser, turno(), LUIS);
  const eva = await enter(browser, turno(), EVA);
  await connected(eva.page);
  const { dot } = await lookAt(luis, EVA);
  // Its process ends without a word: nothing of the page runs any more, nor does it take leave.
  const crashed = eva.page.waitForEvent("crash");
  await eva.page.goto("chrome://crash").catch(() => {});
  await crashed;
  await expect(dot("offline")).toBeVisible({ timeout: 45_000 });
  await luis.check();
  await eva.context.close();
  await luis.close();
});

test("who went while the page heard nothing is not shown as there when it hears again", async ({ browser }) => {
  const eva = await enter(browser, turno(), EVA);
  await connected(eva.page);
  const number = await eva.page.evaluate(async () => (await (await fetch("/api/v1/session")).json()).user.id);
  const luis = await Desk.open(browser, turno());
  const door = await doorBefore(luis.page);
  await luis.logIn(LUIS);
  await connected(luis.page);
  const { head, dot } = await lookAt(luis, EVA);

  door.shut();
  await door.cut();
  await expect(luis.page.locator("html")).toHaveAttribute("data-live", "offline");
  await eva.close();
  const state = () =>
    luis.page.evaluate(async (number) => {
      const { items } = await (await fetch("/api/v1/presence?limit=100")).json();
      return items.find((person: { user_id: number }) => person.user_id === number)?.state;
    }, number);
  await expect.poll(state, SOON).toBe("offline");
  door.open();
  await expect(luis.page.locator("html")).toHaveAttribute("data-live", "online", SOON);
  await expect(dot("offline")).toBeVisible(SOON);
  await expect(dot("online")).toHaveCount(0);
  await expect(head).toContainText(luis.say("chat.state.seen"), SOON);
  luis.faults.length = 0;
  await luis.check();
  await luis.close();
});

test("nobody is back only because their page has found the desk again", async ({ browser }) => {
  const luis = await enter(browser, turno(), LUIS);
  const eva = await Desk.open(browser, turno());
  const greetings: { idle_seconds?: number }[] = [];
  let cut = () => {};
  await eva.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message));
      if (frame.type === "hello") greetings.push(frame);
      server.send(message);
    });
    socket.onClose(() => void server.close());
    cut = () => void socket.close({ code: 4408, reason: "too slow" }).then(() => server.close());
  });
  await eva.logIn(EVA);
  await connected(eva.page);
  const { head, dot } = await lookAt(luis, EVA);
  expect(greetings.some(({ idle_seconds }) => idle_seconds !== undefined)).toBe(false);

  const second = await eva.page.context().newPage();
  await second.goto("/");
  await connected(second);

  // Nobody has touched either of them for a quarter of an hour.
  for (const page of [eva.page, second]) {
    await page.evaluate(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 900_000;
    });
  }
  await expect(dot("away")).toBeVisible(SOON);
  await head.evaluate((head) => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const note = () => seen.push(head.textContent ?? "");
    new MutationObserver(note).observe(head, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  const before = greetings.length;
  // Every tab hears that the network is back.
  for (const page of [second, eva.page]) await page.evaluate(() => dispatchEvent(new Event("online")));
  cut();
  await expect.poll(() => greetings.length, SOON).toBeGreaterThan(before);
  expect(greetings.at(-1)?.idle_seconds).toBeGreaterThanOrEqual(900);
  // What comes to her now comes after all that was told of her coming back.
  await write(luis, EVA, "¿Estás?");
  await expect(eva.page).toHaveTitle(/^\(1\) /, SOON);
  await expect(dot("away")).toBeVisible();
  const seen = await luis.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  expect(seen.filter((text) => text.includes(luis.say("chat.state.online")))).toEqual([]);
  await eva.page.mouse.move(400, 400);
  await expect(dot("online")).toBeVisible(SOON);
  await Promise.all([luis.check(), eva.check()]);
  await Promise.all([luis.close(), eva.close()]);
});
