// An answer that is sent while the line is away is neither lost nor doubled: it stays in its box, says that it waits, and goes
// when the line is back, unless the person takes it back or logs out. How it outlives its page is told in later.spec.ts.

import { expect, test } from "@playwright/test";

import { button, LONG, lose, opened, said, sending, waits, written } from "../support/answering.js";
import { connected, entranceOf, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { answerBox, go } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

const TEXT = "Ya lo he reiniciado dos veces";

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";
  const look: Look = { width, language, theme: width === 360 ? "dark" : "light" };

  test(`an answer that is sent without a line goes when it is back, once (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, account(`linea${width}`, `Irene Sanz ${width}`, "user", language), look);
    const id = await opened(desk, `Se corta la línea ${width}`);
    await lose(desk);
    await answerBox(desk).fill(TEXT);
    await button(desk, "tickets.write.send").click();
    await expect(waits(desk)).toBeVisible();
    await expect(answerBox(desk)).toHaveValue(TEXT);
    await expect(answerBox(desk)).not.toBeEditable();
    await desk.checkAccess();
    await turno().restart();
    // Nobody presses anything.
    await expect(answerBox(desk)).toHaveValue("", LONG);
    await expect(waits(desk)).toHaveCount(0);
    await expect(answerBox(desk)).toBeEditable();
    await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
    expect(await written(desk.page, id)).toEqual([TEXT]);
    desk.faults.length = 0;
    await desk.check();
    await desk.close();
  });
}

test("one whose acknowledgement is lost is sent again by itself and written once", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("perdida", "Eva Rico", "user"));
  const id = await opened(desk, "Llega y nadie lo sabe");
  const sent = await sending(desk.page, async (route, number) => {
    if (number > 1) return route.continue();
    // The server has it, and the page never hears of it.
    await route.fetch();
    await route.abort();
  });
  await answerBox(desk).fill(TEXT);
  await answerBox(desk).press("Control+Enter");
  await expect.poll(() => sent.length, LONG).toBe(2);
  await expect(answerBox(desk)).toHaveValue("", LONG);
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  expect(await written(desk.page, id)).toEqual([TEXT]);
  expect(sent.map(({ client_id }) => client_id)).toEqual([sent[0]?.client_id, sent[0]?.client_id]);
  // The person pressed once; what the page does by itself puts off no session's end.
  expect(sent.map(({ background }) => background)).toEqual([false, true]);
  await desk.check();
  await desk.close();
});

test("one that the desk has no time for waits as well, and goes by itself", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("saturada", "Pau Ferrer", "user"));
  const id = await opened(desk, "La base de datos no está");
  const problem = { type: "about:blank", title: "Service Unavailable", status: 503, code: "unavailable", detail: "", instance: "urn:uuid:0" };
  let busy = true;
  const sent = await sending(desk.page, (route) => {
    if (!busy) return route.continue();
    return route.fulfill({
      status: 503,
      headers: { "Retry-After": "1" },
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    });
  });
  await answerBox(desk).fill(TEXT);
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await expect(answerBox(desk)).toHaveValue(TEXT);
  busy = false;
  // Nobody presses anything.
  await expect(answerBox(desk)).toHaveValue("", LONG);
  expect(await written(desk.page, id)).toEqual([TEXT]);
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  await desk.check();
  await desk.close();
});

test("one that is taken back is not sent", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("vuelve", "Rosa Gil", "user"));
  const id = await opened(desk, "Mejor no");
  let cut = true;
  const sent = await sending(desk.page, (route) => (cut ? route.abort() : route.continue()));
  await answerBox(desk).fill(TEXT);
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await button(desk, "conversation.later.take_back").click();
  await expect(waits(desk)).toHaveCount(0);
  await expect(answerBox(desk)).toHaveValue(TEXT);
  await expect(answerBox(desk)).toBeEditable();
  await expect(answerBox(desk)).toBeFocused();
  const before = sent.length;
  cut = false;
  // The line goes and comes back: that is when whatever waits is sent.
  await lose(desk);
  await turno().restart();
  await connected(desk.page, LONG);
  await desk.quiet();
  await expect(answerBox(desk)).toHaveValue(TEXT);
  expect(sent.slice(before)).toEqual([]);
  expect(await written(desk.page, id)).toEqual([]);
  await answerBox(desk).fill("Otra cosa");
  await button(desk, "tickets.write.send").click();
  await expect(answerBox(desk)).toHaveValue("");
  expect(await written(desk.page, id)).toEqual(["Otra cosa"]);
  desk.faults.length = 0;
  await desk.check();
  await desk.close();
});

test("one goes although its page was left, and another's session sends nothing", async ({ browser }) => {
  test.slow();
  const [asking, other] = [account("marcha", "Inés Lara", "user"), account("turnante", "Hugo Paz", "technician")];
  const desk = await enter(browser, asking);
  const { page, say } = desk;
  const id = await opened(desk, "Me voy a otra página");
  let cut = true;
  const sent = await sending(page, (route) => (cut ? route.abort() : route.continue()));
  await answerBox(desk).fill(TEXT);
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await go(desk, "common.nav.tickets");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("tickets.list.title"));
  cut = false;
  await expect(page.getByText(say("conversation.later.sent", { id })).first()).toBeVisible(LONG);
  expect(await written(page, id)).toEqual([TEXT]);
  await page.getByRole("link", { name: "Me voy a otra página" }).first().click();
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  await expect(answerBox(desk)).toHaveValue("");

  cut = true;
  await answerBox(desk).fill("Esto ya no");
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await page.getByRole("button", { name: say("common.nav.account", { name: asking.name }) }).click();
  await page.getByRole("menuitem", { name: say("common.nav.log_out") }).click();
  const question = page.getByRole("alertdialog", { name: say("session.leave.title"), exact: true });
  await expect(question).toContainText(say("session.leave.lost.one", { count: 1 }));
  await desk.checkAccess();
  await question.getByRole("button", { name: say("session.leave.stay"), exact: true }).click();
  await expect(question).toBeHidden();
  await expect(waits(desk)).toBeVisible();
  await page.getByRole("button", { name: say("common.nav.account", { name: asking.name }) }).click();
  await page.getByRole("menuitem", { name: say("common.nav.log_out") }).click();
  await question.getByRole("button", { name: say("session.leave.go"), exact: true }).click();
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  const before = sent.length;
  cut = false;
  await desk.enter(other);
  await expect(page.getByRole("button", { name: say("common.nav.account", { name: other.name }) })).toBeVisible();
  await desk.quiet();
  expect(sent.slice(before)).toEqual([]);
  expect(await written(page, id)).toEqual([TEXT]);
  await desk.check();
  await desk.close();
});

test("its files go with it, and one that met no line goes again by itself", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("adjunta", "Olga Ríos", "user"));
  const { page, say } = desk;
  const id = await opened(desk, "Con la factura");
  const choose = page.getByLabel(say("attachments.choose"), { exact: true });
  const attached = page.getByRole("list", { name: say("attachments.attached") }).getByRole("listitem");
  const file = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) });
  await desk.quiet();
  await lose(desk);
  await answerBox(desk).fill(TEXT);
  await choose.setInputFiles(file("factura.txt"));
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await turno().restart();
  await expect(answerBox(desk)).toHaveValue("", LONG);
  await expect(attached).toHaveCount(1, LONG);
  await expect(attached).toContainText("factura.txt");
  expect(await written(page, id)).toEqual([TEXT]);
  await connected(page, LONG);

  const byItself: boolean[] = [];
  await page.route(/\/api\/v1\/tickets\/\d+\/attachments$/, (route) => {
    if (route.request().method() !== "POST") return route.continue();
    byItself.push(route.request().headers()["x-turno-background"] === "1");
    return byItself.length === 1 ? route.abort() : route.continue();
  });
  await answerBox(desk).fill("Y el recibo");
  await choose.setInputFiles(file("recibo.txt"));
  await button(desk, "tickets.write.send").click();
  await expect(attached).toHaveCount(2, LONG);
  await expect(page.getByRole("region", { name: say("attachments.outgoing") })).toHaveCount(0);
  expect(byItself).toEqual([false, true]);
  desk.faults.length = 0;
  await desk.check();
  await desk.close();
});

test("a note that names who asked is asked about once the line is back", async ({ browser }) => {
  test.slow();
  const asking = account("nombrada", "Luz Vera", "user");
  const asks = await enter(browser, asking);
  const id = await opened(asks, "La nota espera");
  const staff = await enter(browser, account("anota", "Raúl Mora", "technician"));
  const { page, say } = staff;
  await page.goto(`/tickets/${id}`);
  await page.getByRole("tab", { name: say("tickets.write.note"), exact: true }).click();
  await connected(page);
  await lose(staff);
  const text = `@${asking.username} no lo sabe`;
  await answerBox(staff).fill(text);
  await button(staff, "tickets.write.send_note").click();
  await expect(waits(staff)).toBeVisible();
  // What waits in one tab of the box leaves the other free.
  await page.getByRole("tab", { name: say("tickets.write.reply"), exact: true }).click();
  await expect(waits(staff)).toHaveCount(0);
  await expect(answerBox(staff)).toBeEditable();
  await page.getByRole("tab", { name: say("tickets.write.note") }).click();
  await expect(waits(staff)).toBeVisible();
  await turno().restart();
  const question = page.getByRole("alertdialog", { name: say("conversation.caution.heading") });
  await expect(question).toContainText(asking.name, LONG);
  expect(await written(page, id)).toEqual([]);
  await question.getByRole("button", { name: say("conversation.caution.save"), exact: true }).click();
  await expect(answerBox(staff)).toHaveValue("");
  expect(await written(page, id)).toEqual([text]);
  // Who asked was not told, and does not read it.
  expect(await written(asks.page, id)).toEqual([]);
  staff.faults.length = 0;
  await staff.check();
  await Promise.all([asks.close(), staff.close()]);
});
