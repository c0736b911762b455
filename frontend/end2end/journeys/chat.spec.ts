// Private messages: two people, one of them twice, on the page and in the windows over every other page.

import { type Browser, expect, type Page, test } from "@playwright/test";

import { ANA, box, enter as enterDesk, EVA, INES, LUIS, open, PEOPLE, ROSA, said, SOON, write } from "../support/chatting.js";
import { QUERIES } from "../support/databases.js";
import { type Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { field } from "../support/steps.js";
import { type Person } from "../support/turno.js";
import { pattern } from "../support/words.js";

const turno = useTurno({}, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  return enterDesk(browser, turno(), person, look);
}

test("a message is written, arrives, is read, and counts until then", { tag: QUERIES }, async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  const other = await luis.tab();
  await other.goto("/profile");
  // A second browser of his, with a session of its own.
  const home = await enter(browser, LUIS);
  await open(ana, LUIS);
  const head = ana.page.getByRole("region", { name: ana.say("chat.with", { name: LUIS.name }) }).locator(".chat-head");
  const dot = (state: string) => head.getByRole("img", { name: ana.say(`live.presence.${state}`), exact: true });
  await expect(dot("online")).toBeVisible(SOON);
  await box(ana, LUIS).fill("¿La impresora ya **funciona**?");
  await box(ana, LUIS).press("Enter");
  await expect(said(ana, LUIS, "funciona").locator("strong")).toHaveText("funciona");

  // Both tabs of the other say so, wherever they are, and his other browser does.
  await expect(home.page).toHaveTitle(/^\(1\) /, SOON);
  await expect(luis.page).toHaveTitle(/^\(1\) /, SOON);
  await other.bringToFront();
  await expect(other).toHaveTitle(/^\(1\) /, SOON);
  await expect(said(ana, LUIS, "funciona").getByText(ana.say("chat.mark.read"))).toHaveCount(0);
  await luis.page.bringToFront();

  // A window over the list of tickets.
  await luis.page.getByRole("button", { name: luis.say("chat.dock.open_unread", { count: 1 }) }).click();
  await luis.page.getByRole("list", { name: luis.say("chat.conversations") }).getByRole("link", { name: ANA.name }).click();
  await expect(said(luis, ANA, "funciona")).toBeVisible();
  await expect(luis.page.getByText(luis.say("chat.unread_line"))).toBeVisible();
  await expect(luis.page).not.toHaveTitle(/^\(/, SOON);
  await expect(other).not.toHaveTitle(/^\(/, SOON);
  await expect(home.page).not.toHaveTitle(/^\(/, SOON);
  await expect(said(ana, LUIS, "funciona").getByText(ana.say("chat.mark.read"))).toBeVisible(SOON);
  await luis.checkAccess();

  await expect(box(luis, ANA)).toBeFocused();
  await box(luis, ANA).pressSequentially("Dame dos minutos");
  await expect(ana.page.getByText(ana.say("chat.typing", { name: LUIS.name }))).toBeVisible();
  await box(luis, ANA).press("Shift+Enter");
  await box(luis, ANA).pressSequentially("y te digo");
  await box(luis, ANA).press("Enter");
  await expect(said(ana, LUIS, "Dame dos minutos")).toHaveCount(1, SOON);
  await expect(ana.page.getByText(ana.say("chat.typing", { name: LUIS.name }))).toHaveCount(0);

  // What he wrote at one browser is at the other, once, and what she is writing is seen at both.
  await open(home, ANA);
  await expect(said(home, ANA, "Dame dos minutos")).toHaveCount(1);
  await box(ana, LUIS).pressSequentially("Aquí espero");
  const typing = (desk: Desk) => desk.page.getByText(desk.say("chat.typing", { name: ANA.name })).first();
  for (const desk of [home, luis]) await expect(typing(desk)).toBeVisible();
  await box(ana, LUIS).press("Enter");
  for (const desk of [home, luis]) await expect(said(desk, ANA, "Aquí espero")).toHaveCount(1, SOON);

  // He is there for as long as he is at one of them.
  for (const desk of [ana, luis, home]) await desk.check();
  const watch = dot("offline").waitFor({ state: "visible", timeout: 7_000 }).then(() => "seen to go", () => "there");
  await luis.close();
  expect(await watch).toBe("there");
  await expect(dot("online")).toBeVisible();
  await home.close();
  await expect(dot("offline")).toBeVisible(SOON);
  await ana.close();
});

test("a message says whether it was sent, has arrived, and was read", async ({ browser }) => {
  const ana = await enter(browser, ANA);
  await open(ana, EVA);
  const mark = (stage: string) => said(ana, EVA, "¿Hay sitio?").getByText(ana.say(`chat.mark.${stage}`), { exact: true });
  await write(ana, EVA, "¿Hay sitio?");
  await expect(mark("sent")).toHaveCount(1);
  // It arrives with her, wherever she is; looking at something else she has not read it.
  const eva = await enter(browser, EVA);
  await expect(mark("delivered")).toHaveCount(1, SOON);
  await expect(eva.page).toHaveTitle(/^\(1\) /, SOON);
  await expect(mark("delivered")).toHaveCount(1);
  await open(eva, ANA);
  await expect(said(eva, ANA, "¿Hay sitio?")).toBeVisible();
  await expect(mark("read")).toHaveCount(1, SOON);
  for (const desk of [ana, eva]) {
    await desk.check();
    await desk.close();
  }
});

test("who scrolls up reads what is older, and what they look at stays where it is", async ({ browser }) => {
  const ana = await enter(browser, ANA);
  const count = 130;
  await ana.page.evaluate(async ([name, count]) => {
    const read = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const { csrf_token } = await read("/session");
    const people = await read(`/conversations/people?q=${name}`);
    for (let number = 1; number <= Number(count); number += 1) {
      await fetch(`/api/v1/conversations/${people.items[0].user.id}/messages`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf_token },
        body: JSON.stringify({ body: `Paso ${number} de la lista` }),
      });
    }
  }, ["rosa", count] as const);
  await open(ana, ROSA);
  const region = ana.page.getByRole("region", { name: ana.say("chat.region", { name: ROSA.name }) });
  const steps = region.getByRole("listitem").filter({ hasText: /Paso \d+ de la lista/ });
  await expect(region.getByText(`Paso ${count} de la lista`)).toBeInViewport();
  expect(await steps.count()).toBeLessThan(count);
  const first = region.getByText("Paso 1 de la lista", { exact: true });
  // Each page that comes leaves where it is what one was looking at.
  while ((await first.count()) === 0) {
    const before = await steps.count();
    const anchor = /Paso \d+ de la lista/.exec((await steps.first().textContent()) ?? "")?.[0] ?? "";
    await region.evaluate((scroller) => scroller.scrollTo({ top: -scroller.scrollHeight }));
    await expect.poll(async () => (await steps.count()) > before || (await first.count()) > 0, SOON).toBe(true);
    await expect(region.getByText(anchor, { exact: true })).toBeInViewport();
  }
  await expect(steps).toHaveCount(count);
  await region.evaluate((scroller) => scroller.scrollTo({ top: -scroller.scrollHeight }));
  await expect(first).toBeInViewport();
  // All are there, once, in their order.
  const numbers = (await steps.allTextContents()).map((text) => Number(/Paso (\d+)/.exec(text)?.[1]));
  expect(numbers).toEqual(Array.from({ length: count }, (_, place) => place + 1));
  await ana.check();
  await ana.close();
});

/** Notes what the mark beside the other's name says whenever anything changes; all of it so far. */
async function noteDots(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const note = () => {
      const dot = document.querySelector(".chat-head .presence-dot");
      seen.push(dot?.getAttribute("aria-label") ?? dot?.textContent ?? "");
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
}

test("somebody with two tabs is one person, and offline when the last is closed", async ({ browser }) => {
  const [luis, ines] = [await enter(browser, LUIS), await enter(browser, INES, { language: "en" })];
  await open(luis, INES);
  const head = luis.page.getByRole("region", { name: luis.say("chat.with", { name: INES.name }) }).locator(".chat-head");
  const dot = (state: string) => head.getByRole("img", { name: luis.say(`live.presence.${state}`), exact: true });
  await expect(dot("online")).toBeVisible(SOON);
  const second = await ines.tab();
  await second.goto("/profile");
  await expect(second.locator("html")).toHaveAttribute("data-live", "online");
  const seen = await noteDots(luis.page);
  await ines.page.close();
  // A tab hands its line to the other, and a page is loaded anew: nobody sees her go, neither then nor as long afterwards as
  // somebody without a line is waited for.
  await expect(second.locator("html")).toHaveAttribute("data-live", "online");
  const watch = dot("offline").waitFor({ state: "visible", timeout: 6_000 }).then(() => "seen to go", () => "there");
  await second.reload();
  expect(await watch).toBe("there");
  await expect(dot("online")).toBeVisible();
  const offline = luis.say("live.presence.offline");
  expect(await seen()).not.toContain(offline);
  await ines.context.close();
  await expect(dot("online")).toHaveCount(0, SOON);
  await expect(dot("offline")).toBeVisible();
  // Whoever notes what is seen has seen that.
  expect(await seen()).toContain(offline);
  await luis.check();
  await luis.close();
});

for (const width of WIDTHS) {
  test(`one's own message is edited and deleted, by keys too (${width} px)`, async ({ browser }) => {
    const [ana, luis] = [await enter(browser, ANA, { width }), await enter(browser, LUIS)];
    const text = `Mañana voy a las ${width}`;
    await open(ana, LUIS);
    await open(luis, ANA);
    await write(ana, LUIS, text);
    await expect(said(luis, ANA, text)).toHaveCount(1, SOON);

    await box(ana, LUIS).press("ArrowUp");
    const edit = ana.page.getByRole("textbox", { name: ana.say("chat.message.body") });
    await expect(edit).toHaveValue(text);
    await edit.fill(`${text} y media`);
    await edit.press("Enter");
    await expect(said(ana, LUIS, `${text} y media`).getByText(ana.say("chat.message.edited"))).toBeVisible();
    await expect(said(luis, ANA, `${text} y media`)).toHaveCount(1, SOON);
    await expect(said(luis, ANA, text)).toHaveCount(1);

    const own = said(ana, LUIS, text);
    await own.hover();
    await own.getByRole("button", { name: ana.say("chat.message.remove") }).click();
    await own.getByRole("button", { name: ana.say("chat.message.remove_now"), exact: true }).click();
    await expect(said(ana, LUIS, text)).toHaveCount(0);
    await expect(said(luis, ANA, text)).toHaveCount(0, SOON);
    await expect(said(luis, ANA, luis.say("chat.message.deleted"))).not.toHaveCount(0);
    // The other one has nothing to change here.
    await expect(said(luis, ANA, luis.say("chat.message.deleted")).getByRole("button")).toHaveCount(0);
    await ana.checkAccess();
    for (const desk of [ana, luis]) {
      await desk.check();
      await desk.close();
    }
  });
}

test("what is written while the server is away is sent once, in order, after a reload too", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  await open(ana, LUIS);
  const outbox = (page: Page) => page.getByRole("list", { name: ana.say("chat.outbox.label") });
  await write(ana, LUIS, "Antes de la tormenta");
  await expect(outbox(ana.page)).toHaveCount(0);
  const second = await ana.tab();
  await second.goto(ana.page.url());
  await expect(said(ana, LUIS, "Antes de la tormenta", second)).toHaveCount(1);

  await turno().kill();
  const texts = ["Primero", "Segundo", "Tercero"];
  for (const text of texts) await write(ana, LUIS, text);
  await expect(outbox(ana.page).getByRole("listitem")).toHaveText(
    texts.map((text) => new RegExp(text)),
  );
  // The other tab knows of it, and will not send it a second time.
  await expect(outbox(second).getByRole("listitem")).toHaveCount(3);
  await turno().restart();
  await ana.page.reload();
  // The browsers report every connection that was refused; that is what was wanted.
  for (const desk of [ana, luis]) desk.faults.length = 0;

  await expect(outbox(ana.page)).toHaveCount(0, { timeout: 45_000 });
  await open(luis, ANA);
  const list = luis.page.getByRole("region", { name: luis.say("chat.region", { name: ANA.name }) }).getByRole("listitem");
  await expect(list.filter({ hasText: /Primero|Segundo|Tercero/ })).toHaveText(texts.map((text) => new RegExp(text)));
  for (const page of [ana.page, second]) {
    await page.bringToFront();
    for (const text of texts) await expect(said(ana, LUIS, text, page)).toHaveCount(1, SOON);
  }
  await ana.check();
  await ana.close();
  await luis.close();
});

test("words are found, and what they belong to is shown", { tag: QUERIES }, async ({ browser }) => {
  const ana = await enter(browser, ANA);
  await open(ana, INES);
  await write(ana, INES, "El código de la alarma es otro");
  for (let number = 1; number <= 30; number += 1) await write(ana, INES, `Relleno ${number}`);
  await ana.page.getByRole("button", { name: ana.say("chat.find"), exact: true }).click();
  const search = ana.page.getByRole("searchbox", { name: ana.say("chat.find"), exact: true });
  await expect(search).toBeFocused();
  await search.fill("codigo alarma");
  const hits = ana.page.getByRole("list", { name: ana.say("chat.find_list") });
  await expect(hits.getByRole("button")).toHaveCount(1);
  await expect(hits.locator("mark")).toHaveText(["código", "alarma"]);
  await ana.checkAccess();
  await hits.getByRole("button").click();
  await expect(said(ana, INES, "alarma")).toBeInViewport();
  await expect(said(ana, INES, "alarma")).toBeFocused();
  // And back to the end.
  await ana.page.getByRole("button", { name: ana.say("chat.to_end"), exact: true }).click();
  await expect(said(ana, INES, "Relleno 30")).toBeInViewport();
  await ana.page.getByRole("button", { name: ana.say("chat.find"), exact: true }).click();
  await search.fill("jirafa");
  await expect(ana.page.getByText(ana.say("chat.find_none"))).toBeVisible();
  await search.press("Escape");
  await expect(box(ana, INES)).toBeFocused();
  await ana.check();
  await ana.close();
});

test("windows are moved, minimised and closed, and stand as they were left", async ({ browser }) => {
  const luis = await enter(browser, LUIS);
  const { page, say } = luis;
  const window = (person: Person) => page.getByRole("region", { name: say("chat.with", { name: person.name }) });
  const find = async (person: Person) => {
    await page.getByRole("button", { name: pattern("es", "chat.dock.open") }).first().click();
    await page.getByRole("searchbox", { name: say("chat.find_person") }).fill(person.name);
    await page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name: person.name }).click();
    await expect(box(luis, person)).toBeFocused();
  };
  await find(ANA);
  await find(INES);
  // One that is open already has the cursor when it is chosen again, from the conversations too.
  await find(ANA);
  await find(INES);
  const [one, other] = [await window(ANA).boundingBox(), await window(INES).boundingBox()];
  if (!one || !other) throw new Error("a window is not there");
  expect(one.x + one.width <= other.x || other.x + other.width <= one.x).toBe(true);

  // By keys, and by the pointer.
  const grip = window(INES).getByRole("button", { name: say("chat.dock.shift") });
  await grip.focus();
  await grip.press("ArrowUp");
  await expect.poll(async () => (await window(INES).boundingBox())?.y).toBe(other.y - 24);
  const head = window(ANA).getByRole("heading", { name: ANA.name });
  await head.hover();
  await page.mouse.down();
  await page.mouse.move(500, 200, { steps: 5 });
  await page.mouse.up();
  const moved = await window(ANA).boundingBox();
  expect(moved?.y).toBeLessThan(one.y);

  await box(luis, INES).fill("sin enviar");
  await page.keyboard.press("Escape");
  await expect(window(INES)).toHaveCount(0);
  const chip = page.getByRole("button", { name: say("chat.dock.restore", { name: INES.name }) });
  await expect(chip).toBeFocused();
  await luis.checkAccess();
  await page.reload();
  await expect(window(ANA)).toBeVisible();
  expect(await window(ANA).boundingBox()).toEqual(moved);
  await chip.click();
  await expect(box(luis, INES)).toHaveValue("sin enviar");
  await window(INES).getByRole("button", { name: say("chat.dock.close"), exact: true }).click();
  await window(ANA).getByRole("button", { name: say("chat.dock.close"), exact: true }).click();
  await expect(page.getByRole("button", { name: say("chat.dock.open"), exact: true })).toBeFocused();
  // On the chat's own page there are none.
  await page.goto("/chat");
  await expect(page.getByRole("heading", { name: say("chat.title"), level: 2 })).toBeVisible();
  await expect(page.getByRole("button", { name: say("chat.dock.open"), exact: true })).toHaveCount(0);
  await luis.check();
  await luis.close();
});

test("files go as messages of their own, and what is not accepted says why", async ({ browser }) => {
  const [ana, luis] = [await enter(browser, ANA), await enter(browser, LUIS)];
  await open(ana, LUIS);
  await open(luis, ANA);
  const chooser = ana.page.getByLabel(ana.say("chat.write.attach"), { exact: true });
  await chooser.setInputFiles([
    { name: "registro.txt", mimeType: "text/plain", buffer: Buffer.from("una línea") },
    { name: "juego.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
  ]);
  const chosen = ana.page.getByRole("list", { name: ana.say("attachments.chosen") });
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  await expect(chosen.getByRole("alert")).toBeVisible();
  await ana.page.getByRole("button", { name: ana.say("attachments.remove", { name: "juego.exe" }) }).click();
  await box(ana, LUIS).fill("Va el registro");
  await box(ana, LUIS).press("Enter");
  for (const [desk, other] of [[ana, LUIS], [luis, ANA]] as const) {
    const link = said(desk, other, "registro.txt").getByRole("link");
    await expect(link).toHaveCount(1, SOON);
    const answer = await desk.page.request.get((await link.getAttribute("href")) ?? "");
    expect(await answer.text()).toBe("una línea");
    await expect(said(desk, other, "Va el registro")).toHaveCount(1, SOON);
  }
  await ana.checkAccess();
  for (const desk of [ana, luis]) {
    await desk.check();
    await desk.close();
  }
});

test("a ticket is made of the messages that were chosen", async ({ browser }) => {
  const [ana, ines] = [await enter(browser, ANA), await enter(browser, INES, { language: "en" })];
  await open(ana, INES);
  await write(ana, INES, "El escáner no encuentra la red");
  await write(ana, INES, "Por cierto, ¿qué tal el fin de semana?");
  await write(ana, INES, "Desde el martes");
  const { page, say } = ines;
  await open(ines, ANA);
  await page.getByRole("button", { name: say("chat.select") }).click();
  for (const text of ["El escáner", "Desde el martes"]) await said(ines, ANA, text).getByRole("checkbox").check();
  await ines.checkAccess();
  await page.getByRole("button", { name: say("chat.ticket.make") }).click();
  const form = page.getByRole("dialog", { name: say("chat.ticket.heading") });
  await expect(field(form, say("chat.ticket.title"))).toHaveValue("El escáner no encuentra la red");
  await form.getByRole("button", { name: say("chat.ticket.create"), exact: true }).click();
  // Whoever stays goes on writing.
  await expect(form.getByRole("link", { name: say("chat.ticket.open") })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(box(ines, ANA)).toBeFocused();

  await page.getByRole("button", { name: say("chat.select") }).click();
  await said(ines, ANA, "El escáner").getByRole("checkbox").check();
  await expect(page.getByRole("status").filter({ hasText: say("chat.ticket.chosen.one", { count: 1 }) })).toBeVisible();
  await said(ines, ANA, "Desde el martes").getByRole("checkbox").check();
  await page.getByRole("button", { name: say("chat.ticket.make") }).click();
  await form.getByRole("button", { name: say("chat.ticket.create"), exact: true }).click();
  await form.getByRole("link", { name: say("chat.ticket.open") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("El escáner no encuentra la red");
  const main = page.getByRole("main");
  await expect(main.getByText("Desde el martes")).toBeVisible();
  await expect(main.getByText("fin de semana")).toHaveCount(0);
  for (const desk of [ana, ines]) {
    await desk.check();
    await desk.close();
  }
});
