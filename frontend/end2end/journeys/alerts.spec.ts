// What reaches somebody who does not look at the page: the browser's own notifications and the number on the page's icon.

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { ANA, enter as enterDesk, EVA, INES, LUIS, open, PEOPLE, ROSA, SOON, write } from "../support/chatting.js";
import { Desk, type Look, useTurno } from "../support/desk.js";
import { answer, openTicket } from "../support/steps.js";
import { type Person } from "../support/turno.js";

/** A session outlives the time that somebody has to be away for. */
const turno = useTurno({ sessionSeconds: 3600 }, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  return enterDesk(browser, turno(), person, look);
}

async function connected(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
}

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  onclick?: () => void;
}

/** Stands for a browser whose person grants notifications when asked, and keeps what it would have shown. On a phone only
 * service workers show any. */
function standForNotifications(phone: boolean): void {
  const shown: object[] = [];
  const Stand = function (this: Record<string, unknown>, title: string, options: NotificationOptions) {
    if (phone) throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
    Object.assign(this, { title, body: options.body, tag: options.tag, close: () => {} });
    shown.push(this);
  };
  const granted = "test.granted";
  Object.defineProperty(Stand, "permission", { get: () => localStorage.getItem(granted) ?? "default" });
  Object.defineProperty(Stand, "requestPermission", {
    value: () => {
      localStorage.setItem(granted, "granted");
      return Promise.resolve("granted");
    },
  });
  Object.defineProperty(globalThis, "Notification", { value: Stand, configurable: true, writable: true });
  if (phone) {
    ServiceWorkerRegistration.prototype.showNotification = async (title, options) => void shown.push({ title, ...options });
  }
  Object.assign(globalThis, { shown });
}

/** What the browser has shown since the page was loaded. */
function shown(page: Page): Promise<Omit<Shown, "onclick">[]> {
  return page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown.map(({ title, body, tag }) => ({ title, body, tag })));
}

/** The page lies behind another tab. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
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
  await asks.page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active);
  await connected(asks.page);

  const helps = await enter(browser, LUIS);
  await helps.page.goto(address);
  await hide(asks.page);
  await answer(helps, "Prueba a reiniciarlo");
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

test("a message is told to whoever looks elsewhere: who wrote it, and once for each conversation", async ({ browser }) => {
  const rosa = await Desk.open(browser, turno());
  await rosa.context.addInitScript(standForNotifications, false);
  // Tells of every tone instead of playing it.
  await rosa.context.addInitScript(() => {
    OscillatorNode.prototype.start = () => {
      localStorage.setItem("heard", String(Number(localStorage.getItem("heard") ?? 0) + 1));
    };
  });
  await rosa.logIn(ROSA);
  await rosa.page.goto("/profile");
  await rosa.page.getByRole("checkbox", { name: rosa.say("moves.device.show") }).check();
  await rosa.page.getByRole("checkbox", { name: rosa.say("moves.device.sound") }).check();
  const tones = () => rosa.page.evaluate(() => Number(localStorage.getItem("heard")));
  const once = await tones();
  expect(once).toBeGreaterThan(0);
  await connected(rosa.page);

  const [luis, eva] = [await enter(browser, LUIS), await enter(browser, EVA)];
  await open(luis, ROSA);
  await write(luis, ROSA, "El armario está abierto");
  await expect(toldOf(rosa, LUIS)).toHaveCount(1, SOON);
  await expect(toldOf(rosa, LUIS)).not.toContainText("armario");
  await expect.poll(tones).toBe(2 * once);
  // The next one takes its place.
  await write(luis, ROSA, "Y la llave, dentro");
  await expect.poll(tones, SOON).toBe(3 * once);
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
