// What reaches somebody who does not look at the page: the browser's own notifications and the number on the page's icon.

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";

import { hide, noteTones, type Shown, shown, standForNotifications, tones } from "../support/alerts.js";
import { ask } from "../support/api.js";
import { CHROMIUM, launch } from "../support/browsers.js";
import { ANA, enter as enterDesk, EVA, INES, LUIS, open, PEOPLE, ROSA, SOON, write } from "../support/chatting.js";
import { connected, Desk, type Look, useTurno } from "../support/desk.js";
import { countSockets } from "../support/door.js";
import { answer, answerBox, openTicket } from "../support/steps.js";
import { type Person } from "../support/turno.js";

// The one without windows shows no notifications of service workers.
test.use({ launchOptions: launch(CHROMIUM) });

/** A session outlives the time that somebody has to be away for. */
const turno = useTurno({ sessionSeconds: 3600 }, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  return enterDesk(browser, turno(), person, look);
}

test("the browser itself tells whoever asked for it and does not look", async ({ browser }) => {
  const asks = await Desk.open(browser, turno());
  await asks.context.addInitScript(standForNotifications, false);
  await asks.logIn(ANA);
  await openTicket(asks, "El altavoz no suena", "Desde esta mañana");
  const address = asks.page.url();
  const id = new URL(address).pathname.split("/").pop();
  await asks.page.goto("/profile");
  const choice = asks.page.getByRole("checkbox", { name: asks.say("moves.device.show") });
  await choice.check();
  await expect(choice).toBeChecked();
  await asks.page.reload();
  await expect(choice).toBeChecked();
  await connected(asks.page);

  const helps = await enter(browser, LUIS);
  await helps.page.goto(address);
  await hide(asks.page);
  await answer(helps, "Prueba con otro cable");
  await expect.poll(() => shown(asks.page), SOON).toHaveLength(1);
  const [told] = await shown(asks.page);
  expect(told).toMatchObject({
    title: asks.say("notifications.answered", { name: LUIS.name }),
    body: `#${id} · El altavoz no suena`,
  });
  expect(told?.tag).toMatch(/^turno-\d+$/);

  // Following it leads to what it tells of.
  await asks.page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown[0]?.onclick?.());
  await expect(asks.page).toHaveURL(new RegExp(`/tickets/${id}\\b`));
  await expect(asks.page.getByText("Prueba con otro cable")).toBeVisible();

  // Whoever looks is told by the page, and by nothing else.
  await asks.page.goto("/profile");
  await connected(asks.page);
  await answer(helps, "¿Suena ya?");
  await expect(asks.page.locator(".toast-item.news").first()).toContainText(asks.say("notifications.answered", { name: LUIS.name }));
  expect(await shown(asks.page)).toEqual([]);

  // Whoever takes it back is not told any more; the bell counts all the same.
  await choice.uncheck();
  const count = Number(await asks.page.locator(".bell-count").textContent());
  await hide(asks.page);
  await answer(helps, "Aviso por última vez");
  await expect(asks.page.locator(".bell-count")).toHaveText(String(count + 1), SOON);
  // A tab that nobody sees lets others go first; what it tells, it tells before the next of these.
  await answer(helps, "Y otra más");
  await expect(asks.page.locator(".bell-count")).toHaveText(String(count + 2), SOON);
  expect(await shown(asks.page)).toEqual([]);
  await asks.check();
  await Promise.all([asks.close(), helps.close()]);
});

test("on a phone, where only service workers show notifications, one does", async ({ browser }) => {
  const asks = await Desk.open(browser, turno(), { kept: true, width: 360 });
  await asks.context.addInitScript(standForNotifications, true);
  await asks.logIn(ANA);
  await openTicket(asks, "La pantalla no responde", "Desde ayer");
  const address = asks.page.url();
  const id = new URL(address).pathname.split("/").pop();
  await asks.page.goto("/profile");
  await asks.page.getByRole("checkbox", { name: asks.say("moves.device.show") }).check();
  await connected(asks.page);

  const helps = await enter(browser, LUIS);
  await helps.page.goto(address);
  await hide(asks.page);
  // The page asks what came before it has it shown: so it is known which of both went wrong.
  const heard = asks.page.waitForResponse(async (response) => {
    if (new URL(response.url()).pathname !== "/api/v1/notifications" || !response.ok()) return false;
    const { items } = (await response.json()) as { items: { ticket_id?: number }[] };
    return items.some(({ ticket_id }) => ticket_id === Number(id));
  }, SOON);
  await answer(helps, "Prueba a reiniciarlo");
  await heard;
  await expect.poll(() => shown(asks.page), SOON).toHaveLength(1);
  expect((await shown(asks.page))[0]).toMatchObject({ body: `#${id} · La pantalla no responde` });

  // Following it leads to what it tells of, in the tab that is open.
  const worker = asks.context.serviceWorkers()[0] ?? (await asks.context.waitForEvent("serviceworker"));
  await worker.evaluate(async (path) => {
    const { follow } = globalThis as unknown as { follow(path: string): Promise<unknown> };
    // Nobody has clicked, and so nothing may come to the front.
    await follow(path).catch(() => {});
  }, `/tickets/${id}`);
  await expect(asks.page).toHaveURL(new RegExp(`/tickets/${id}\\b`));
  await expect(asks.page.getByText("Prueba a reiniciarlo").first()).toBeVisible();
  await Promise.all([asks.close(), helps.close()]);
});

/** What is told at the edge of a page of somebody who wrote. */
function toldOf(desk: Desk, writer: Person, page: Page = desk.page): Locator {
  return page.locator(".toast-item.news").filter({ hasText: desk.say("notifications.chat", { name: writer.name }) });
}

/** Rosa, who wants to be shown and to hear what comes; and how many tones one sound is. */
async function wishful(browser: Browser): Promise<{ rosa: Desk; once: number }> {
  const rosa = await Desk.open(browser, turno());
  await rosa.context.addInitScript(standForNotifications, false);
  await rosa.context.addInitScript(noteTones);
  await rosa.logIn(ROSA);
  await rosa.page.goto("/profile");
  await rosa.page.getByRole("checkbox", { name: rosa.say("moves.device.show") }).check();
  await rosa.page.getByRole("checkbox", { name: rosa.say("moves.device.sound") }).check();
  const once = await tones(rosa.page);
  expect(once).toBeGreaterThan(0);
  await connected(rosa.page);
  return { rosa, once };
}

test("a message is told to whoever looks elsewhere: who wrote it, and once for each conversation", async ({ browser }) => {
  const { rosa, once } = await wishful(browser);

  const [luis, eva] = [await enter(browser, LUIS), await enter(browser, EVA)];
  await open(luis, ROSA);
  await write(luis, ROSA, "El armario está abierto");
  await expect(toldOf(rosa, LUIS)).toHaveCount(1, SOON);
  await expect(toldOf(rosa, LUIS)).not.toContainText("armario");
  await expect.poll(() => tones(rosa.page)).toBe(2 * once);
  // The next one takes its place.
  await write(luis, ROSA, "Y la llave, dentro");
  await expect.poll(() => tones(rosa.page), SOON).toBe(3 * once);
  await expect(toldOf(rosa, LUIS)).toHaveCount(1);
  await rosa.checkAccess();
  await toldOf(rosa, LUIS).getByRole("link").click();
  await expect(rosa.page.getByRole("listitem").filter({ hasText: "Y la llave, dentro" }).first()).toBeVisible();
  await expect(toldOf(rosa, LUIS)).toHaveCount(0);

  // What is read in one tab is told in no other. Eva's comes after it, and is told in both.
  const second = await rosa.tab();
  await second.goto("/tickets");
  await connected(second);
  await write(luis, ROSA, "Ya la tengo");
  await expect(rosa.page.getByRole("listitem").filter({ hasText: "Ya la tengo" }).first()).toBeVisible();
  await open(eva, ROSA);
  await write(eva, ROSA, "¿Comemos?");
  for (const page of [rosa.page, second]) {
    await expect(toldOf(rosa, EVA, page)).toHaveCount(1, SOON);
    await expect(toldOf(rosa, LUIS, page)).toHaveCount(0);
  }
  await second.close();

  // Nobody looks: the browser tells, in the same words.
  await hide(rosa.page);
  await write(eva, ROSA, "A las dos, donde siempre");
  await expect.poll(() => shown(rosa.page), SOON).toHaveLength(1);
  const [told] = await shown(rosa.page);
  expect(told).toMatchObject({ title: rosa.say("notifications.chat", { name: EVA.name }), body: "" });
  expect(told?.tag).toMatch(/^turno-chat-\d+$/);
  await rosa.page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown[0]?.onclick?.());
  await expect(rosa.page).toHaveURL(/\/chat\/\d+$/);
  await rosa.check();
  await Promise.all([rosa.close(), luis.close(), eva.close()]);
});

test("of tabs that nobody sees one alone tells, and another one when that is closed", async ({ browser }) => {
  test.slow();
  const { rosa, once } = await wishful(browser);
  const second = await rosa.tab();
  const sockets = countSockets(second);
  await second.goto("/tickets");
  await connected(second);
  expect(sockets()).toBe(0);
  const [luis, eva] = [await enter(browser, LUIS), await enter(browser, EVA)];
  await openTicket(luis, "La silla cruje", "Al sentarse");
  const titles = async () => [await shown(rosa.page), await shown(second)].flat().map(({ title }) => title);
  const of = (writer: Person) => rosa.say("notifications.chat", { name: writer.name });

  // One that is seen tells, and not the one behind it, which has the socket.
  await hide(rosa.page);
  await open(eva, ROSA);
  await write(eva, ROSA, "¿Vienes?");
  await expect(toldOf(rosa, EVA, second)).toHaveCount(1, SOON);
  await expect.poll(() => tones(second)).toBe(once);

  // Nobody sees any. What was told of one twice would be there when the next is told.
  await hide(second);
  const mentioned = rosa.say("notifications.mentioned", { name: LUIS.name });
  await answerBox(luis).fill(`¿La pedimos, @${ROSA.username}?`);
  await answerBox(luis).press("Control+Enter");
  await expect.poll(titles, SOON).toEqual([mentioned]);
  await write(eva, ROSA, "Salimos ya");
  await expect.poll(titles, SOON).toEqual([mentioned, of(EVA)]);
  await open(luis, ROSA);
  await write(luis, ROSA, "Te espero");
  await expect.poll(titles, SOON).toEqual([mentioned, of(EVA), of(LUIS)]);
  expect([await tones(rosa.page), await tones(second)]).toEqual([4 * once, once]);

  // The next one has the socket now, and tells what comes.
  await rosa.page.close();
  await expect.poll(sockets).toBe(1);
  await connected(second);
  await write(luis, ROSA, "Me voy");
  await expect.poll(async () => (await shown(second)).map(({ title }) => title), SOON).toEqual([of(LUIS)]);
  expect(await tones(second)).toBe(2 * once);
  await rosa.check(second);
  await Promise.all([rosa.close(), luis.close(), eva.close()]);
});

test("whoever does not want to be told of messages by the page sees them counted all the same", async ({ browser }) => {
  const [ines, luis] = [await enter(browser, INES, { language: "en" }), await enter(browser, LUIS)];
  await connected(ines.page);
  const choose = (wanted: boolean) =>
    ask(ines.page, "PATCH", "/me", { notifications: { chat: { in_app: wanted } } });
  await choose(false);
  await open(luis, INES);
  // The page asks what she wants when there is something to tell.
  const asked = ines.page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me") && answer.request().method() === "GET");
  await write(luis, INES, "Sin prisa");
  await expect(ines.page).toHaveTitle(/^\(1\) /, SOON);
  await asked;
  await choose(true);
  const eva = await enter(browser, EVA);
  await open(eva, INES);
  await write(eva, INES, "Con prisa");
  await expect(toldOf(ines, EVA)).toHaveCount(1, SOON);
  await expect(toldOf(ines, LUIS)).toHaveCount(0);
  await ines.check();
  await Promise.all([ines.close(), luis.close(), eva.close()]);
});

/** The address of the picture beside the page's title. */
function icon(page: Page): Promise<string> {
  return page.locator("link[rel=icon]").evaluate((link) => link.getAttribute("href") ?? "");
}

/** The colour of a picture at some places, each a share of its width and height. */
async function colours(page: Page, address: string, places: readonly (readonly [number, number])[]): Promise<string[]> {
  return page.evaluate(
    async ([address, places]) => {
      const bytes = Uint8Array.from(atob(address.split(",")[1] ?? ""), (sign) => sign.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
      if (!context) throw new Error("nothing to draw on");
      context.drawImage(picture, 0, 0);
      return places.map(([x, y]) => {
        const { data } = context.getImageData(Math.floor(x * picture.width), Math.floor(y * picture.height), 1, 1);
        return [...data.slice(0, 3)].join(" ");
      });
    },
    [address, places] as const,
  );
}

test("what is unread stands on the page's icon, until it is read", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  await connected(ana.page);
  const plain = await icon(ana.page);
  expect(plain).not.toMatch(/^data:/);
  await open(luis, ANA);
  await write(luis, ANA, "¿Tienes un momento?");
  await expect(ana.page).toHaveTitle(/^\(1\) /, SOON);
  await expect.poll(() => icon(ana.page)).toMatch(/^data:image\/png;base64,/);
  const one = await icon(ana.page);
  // The disc that the number stands on, beside the number, and not in the corner across.
  const [disc, corner] = await colours(ana.page, one, [[0.9, 0.69], [0.02, 0.02]]);
  expect(disc).toBe("180 35 24");
  expect(corner).not.toBe(disc);

  await write(luis, ANA, "Es por la impresora");
  await expect(ana.page).toHaveTitle(/^\(2\) /, SOON);
  await expect.poll(() => icon(ana.page)).not.toBe(one);
  expect(await icon(ana.page)).toMatch(/^data:image\/png;base64,/);
  await open(ana, LUIS);
  await expect(ana.page).not.toHaveTitle(/^\(/, SOON);
  await expect.poll(() => icon(ana.page)).toBe(plain);
  for (const desk of [ana, luis]) {
    await desk.check();
    await desk.close();
  }
});
