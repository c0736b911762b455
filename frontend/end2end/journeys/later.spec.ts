// What was written without a line outlives the page that it was written on: an answer goes on waiting, is sent once, and by
// nobody but its person; an edited text is there to be saved again; a change of the ticket is not made behind anybody's back.

import { expect, test } from "@playwright/test";

import { button, LONG, opened, said, sending, sendInVain, unsent, waits, written } from "../support/answering.js";
import { ask, numberOf } from "../support/api.js";
import { connected, type Desk, entranceOf, useTurno } from "../support/desk.js";
import { answerBox, expectState, field, go, logOut } from "../support/steps.js";
import { accountsOf, type Person } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

const TEXT = "La luz roja sigue encendida";

/** The person at the screen, in its head. */
async function expectIn(desk: Desk, person: Person): Promise<void> {
  const menu = desk.page.getByRole("button", { name: desk.say("common.nav.account", { name: person.name }) });
  await expect(menu).toBeVisible();
}

test("an answer that waits goes on after the page was loaded anew, once", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("recarga", "Nuria Soto", "user"));
  const { page } = desk;
  const id = await opened(desk, "Recargo sin querer");
  let cut = true;
  const sent = await sending(page, async (route, number) => {
    // The server has the first, and the page never hears of it.
    if (number === 1) await route.fetch();
    return cut ? route.abort() : route.continue();
  });
  await sendInVain(desk, TEXT);
  await page.reload();
  await expect(waits(desk)).toBeVisible();
  await expect(answerBox(desk)).toHaveValue(TEXT);
  await expect(answerBox(desk)).not.toBeEditable();
  await desk.checkAccess();
  cut = false;
  // Nobody presses anything.
  await expect(answerBox(desk)).toHaveValue("", LONG);
  await expect(waits(desk)).toHaveCount(0);
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  expect(await written(page, id)).toEqual([TEXT]);
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  expect(sent.slice(1).every(({ background }) => background)).toBe(true);
  expect(await unsent(page)).toEqual([]);
  // Nor is it there once more.
  await page.reload();
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  await expect(answerBox(desk)).toHaveValue("");
  await desk.check();
  await desk.close();
});

test("one that is taken back after the page was loaded anew is a draft", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("repiensa", "Elsa Roca", "user"));
  const { page } = desk;
  const id = await opened(desk, "Lo pienso otra vez");
  const sent = await sending(page, (route) => route.abort());
  await sendInVain(desk, TEXT);
  await page.reload();
  await expect(waits(desk)).toBeVisible();
  await button(desk, "conversation.later.take_back").click();
  await expect(waits(desk)).toHaveCount(0);
  await expect(answerBox(desk)).toBeEditable();
  expect(await unsent(page)).toEqual([]);
  await page.reload();
  await expect(answerBox(desk)).toHaveValue(TEXT);
  await expect(page.getByText(desk.say("conversation.draft.kept"))).toBeVisible();
  const before = sent.length;
  await desk.quiet();
  expect(sent.length).toBe(before);
  expect(await written(page, id)).toEqual([]);
  await desk.check();
  await desk.close();
});

test("one whose tab was closed goes from another", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("cierra", "Abel Cano", "user"));
  const id = await opened(desk, "Cierro la pestaña");
  const other = await desk.tab();
  await other.goto("/profile");
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  let cut = true;
  const sent = await sending(desk.context, (route) => (cut ? route.abort() : route.continue()));
  await sendInVain(desk, TEXT);
  await desk.page.close();
  cut = false;
  await expect(other.getByText(desk.say("conversation.later.sent", { id })).first()).toBeVisible(LONG);
  expect(await written(other, id)).toEqual([TEXT]);
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  expect(await unsent(other)).toEqual([]);
  await desk.check(other);
  await desk.close();
});

test("one whose session has ended waits for its person, and nobody else sends it", async ({ browser }) => {
  test.slow();
  const [asking, other] = [account("espera", "Marta Gil", "user"), account("relevo", "Tomás Rey", "technician")];
  const desk = await enter(browser, asking);
  const { page, say } = desk;
  const id = await opened(desk, "Se acaba la sesión");
  let cut = true;
  const sent = await sending(page, (route) => (cut ? route.abort() : route.continue()));
  await sendInVain(desk, TEXT);
  // As when its time is over: the page learns of it with the next thing that it asks for.
  await page.context().clearCookies();
  await go(desk, "common.nav.tickets");
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  expect(await unsent(page)).toHaveLength(1);
  const before = sent.length;
  cut = false;
  await desk.enter(other);
  await expectIn(desk, other);
  await page.goto(`/tickets/${id}`);
  await expect(answerBox(desk)).toHaveValue("");
  await desk.quiet();
  expect(sent.slice(before)).toEqual([]);
  expect(await written(page, id)).toEqual([]);

  await logOut(desk, other);
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  await desk.enter(asking);
  await expectIn(desk, asking);
  await expect.poll(() => written(page, id), LONG).toEqual([TEXT]);
  await page.goto(`/tickets/${id}`);
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  await expect(answerBox(desk)).toHaveValue("");
  await desk.check();
  await desk.close();
});

test("what goes with a file is in its tab only: the browser asks, and the text stays as a draft", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("confoto", "Blas Vega", "user"));
  const { page, say } = desk;
  const id = await opened(desk, "Con una foto");
  await sending(page, (route) => route.abort());
  const file = { name: "foto.txt", mimeType: "text/plain", buffer: Buffer.from("foto") };
  await page.getByLabel(say("attachments.choose"), { exact: true }).setInputFiles(file);
  await sendInVain(desk, TEXT);
  expect(await unsent(page)).toEqual([]);
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(questions).toEqual(["beforeunload"]);
  await expect(answerBox(desk)).toHaveValue(TEXT);
  await expect(page.getByText(say("conversation.draft.kept"))).toBeVisible();
  await expect(waits(desk)).toHaveCount(0);
  expect(await written(page, id)).toEqual([]);
  await desk.check();
  await desk.close();
});

test("a reply that may have come, sent again to close the ticket, is written once and closes it", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("remata", "Sara Pons", "technician"));
  const { page } = desk;
  const id = await opened(desk, "Responder y cerrar");
  const sent = await sending(page, async (route, number, { status }) => {
    // What closes the ticket passes. Of what does not, the server has the first, and the page never hears of it.
    if (status === "closed") return route.continue();
    if (number === 1) await route.fetch();
    return route.abort();
  });
  await sendInVain(desk, TEXT);
  // What is on its way at this moment is not sent a second time beside it.
  await expect(async () => {
    if ((await answerBox(desk).inputValue()) !== "") await button(desk, "tickets.write.send_close").click({ timeout: 2000 });
    await expect(answerBox(desk)).toHaveValue("", { timeout: 3000 });
  }).toPass(LONG);
  await expectState(desk, "closed");
  await expect(said(desk).getByText(TEXT, { exact: true })).toHaveCount(1);
  expect(await written(page, id)).toEqual([TEXT]);
  expect((await ask<{ status: string }>(page, "GET", `/tickets/${id}`)).status).toBe("closed");
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  await desk.check();
  await desk.close();
});

test("one that was to close its ticket leaves it open when somebody wrote meanwhile, and closes it otherwise", async ({ browser }) => {
  test.slow();
  const asks = await enter(browser, account("replica", "Lía Bueno", "user"));
  const moved = await opened(asks, "No lo cierre todavía");
  await go(asks, "common.nav.tickets");
  const still = await opened(asks, "Ya puede cerrarlo");
  const staff = await enter(browser, account("cerraria", "Joel Prats", "technician"));
  const { page, say } = staff;
  let cut = true;
  await sending(page, (route) => (cut ? route.abort() : route.continue()));
  const answerLate = async (id: number, meanwhile: () => Promise<unknown>) => {
    cut = true;
    await page.goto(`/tickets/${id}`);
    await connected(page);
    await answerBox(staff).fill(TEXT);
    await button(staff, "tickets.write.send_close").click();
    await expect(waits(staff)).toBeVisible();
    await meanwhile();
    cut = false;
    await expect(answerBox(staff)).toHaveValue("", LONG);
  };
  const stateOf = async (id: number) => (await ask<{ status: string }>(page, "GET", `/tickets/${id}`)).status;

  const plea = "Por favor, no lo cierre";
  await answerLate(moved, () => ask(asks.page, "POST", `/tickets/${moved}/comments`, { body: plea }));
  await staff.told(say("tickets.write.sent_not_closed"));
  expect(await written(page, moved)).toEqual([plea, TEXT]);
  expect(await stateOf(moved)).not.toBe("closed");

  await answerLate(still, () => Promise.resolve());
  await expectState(staff, "closed");
  expect(await written(page, still)).toEqual([TEXT]);
  expect(await stateOf(still)).toBe("closed");
  await staff.check();
  await Promise.all([asks.close(), staff.close()]);
});

test("an edited message that met no line stays to be saved again", async ({ browser }) => {
  const desk = await enter(browser, account("corrige", "Iria Lago", "user"));
  const { page, say } = desk;
  const id = await opened(desk, "Corrijo sin línea");
  await answerBox(desk).fill("Con herrores");
  await button(desk, "tickets.write.send").click();
  const message = said(desk).getByRole("article").last();
  await expect(message.getByText("Con herrores", { exact: true })).toBeVisible();
  let cut = true;
  let tried = 0;
  await page.route(/\/api\/v1\/comments\/\d+$/, (route) => {
    tried += 1;
    return cut ? route.abort() : route.continue();
  });
  await message.getByRole("button", { name: say("tickets.message.edit"), exact: true }).click();
  const field = page.getByRole("textbox", { name: say("tickets.message.body"), exact: true });
  const save = page.getByRole("button", { name: say("tickets.message.save"), exact: true });
  await field.fill("Sin errores");
  await save.click();
  await expect(said(desk).getByRole("alert")).toHaveText(say("tickets.edit.unsaved"));
  await expect(field).toHaveValue("Sin errores");
  // Neither is it lost with the page, nor saved by itself.
  await page.reload();
  await expect(field).toHaveValue("Sin errores");
  await desk.quiet();
  expect(tried).toBe(1);
  expect(await written(page, id)).toEqual(["Con herrores"]);
  cut = false;
  await save.click();
  await expect(field).toBeHidden();
  await expect(said(desk).getByRole("article").last().getByText("Sin errores", { exact: true })).toBeVisible();
  expect(await written(page, id)).toEqual(["Sin errores"]);
  await desk.check();
  await desk.close();
});

test("a change of the ticket that met no line is not made, which is said, and not made later either", async ({ browser }) => {
  const person = account("prioriza", "Unai Bello", "technician");
  const desk = await enter(browser, person);
  const { page, say } = desk;
  const id = await opened(desk, "Urge y no hay línea");
  const priority = page.getByRole("complementary", { name: say("tickets.ticket.properties") })
    .getByLabel(say("tickets.side.priority"), { exact: true });
  const isNow = async () => (await ask<{ priority: string }>(page, "GET", `/tickets/${id}`)).priority;
  const before = await isNow();
  const TICKET = /\/api\/v1\/tickets\/\d+$/;
  let tried = 0;
  await page.route(TICKET, (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    tried += 1;
    return tried === 1 ? route.abort() : route.fallback();
  });
  await priority.selectOption("urgent");
  await desk.told(say("tickets.ticket.unchanged"));
  await expect(priority).toHaveValue(before);
  await desk.quiet();
  expect(tried).toBe(1);
  expect(await isNow()).toBe(before);
  await priority.selectOption("urgent");
  await expect.poll(isNow).toBe("urgent");
  expect(tried).toBe(2);
  // It is said until it is dismissed, and not to whoever logs in next.
  await desk.told(say("tickets.ticket.unchanged"));
  await logOut(desk, person);
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  await expect(page.locator(".toast-item")).toHaveCount(0);
  await desk.check();
  await desk.close();
});

for (const arrived of [true, false]) {
  test(`one whose ticket went out of sight ${arrived ? "is known to have come" : "is given back to be copied"}`, async ({ browser }) => {
    test.slow();
    const [asks, loses, takes] = arrived
      ? [account("pide", "Rosa Vila", "user"), account("suelta", "Ciro Paz", "technician"), account("toma", "Alba Rius", "technician")]
      : [account("ruega", "Olga Mas", "user"), account("cede", "Joel Font", "technician"), account("coge", "Vera Coll", "technician")];
    const asking = await enter(browser, asks);
    const id = await opened(asking, arrived ? "Cambia de manos" : "Cambia de manos antes");
    const [desk, other] = [await enter(browser, loses), await enter(browser, takes)];
    const { page, say } = desk;
    let cut = true;
    await sending(page, async (route, number) => {
      if (arrived && number === 1) await route.fetch();
      return cut ? route.abort() : route.continue();
    });
    await page.goto(`/tickets/${id}`);
    await sendInVain(desk, TEXT);
    await go(desk, "common.nav.tickets");
    await ask(other.page, "POST", `/tickets/${id}/assign`, { assignee_id: await numberOf(other.page) });
    cut = false;
    const copies = page.getByRole("button", { name: say("conversation.later.copy"), exact: true });
    if (arrived) {
      await expect(page.getByText(say("conversation.later.sent", { id })).first()).toBeVisible(LONG);
      await expect(copies).toHaveCount(0);
    } else {
      await expect(page.getByText(say("conversation.later.out_of_reach", { id, text: TEXT })).first()).toBeVisible(LONG);
      await expect(copies).toBeVisible();
    }
    expect(await written(other.page, id)).toEqual(arrived ? [TEXT] : []);
    expect(await unsent(page)).toEqual([]);
    // Nor does the page of a ticket that does not open keep it to itself.
    await page.goto(`/tickets/${id}`);
    await expect(page.getByText(say("tickets.ticket.missing"), { exact: true })).toBeVisible();
    const left = page.getByRole("textbox", { name: say("conversation.later.left"), exact: true });
    await expect(left).toHaveCount(arrived ? 0 : 1);
    if (!arrived) {
      await expect(left).toHaveValue(TEXT);
      await desk.checkAccess();
      await page.getByRole("button", { name: say("conversation.later.discard"), exact: true }).click();
      await expect(left).toHaveCount(0);
      await page.reload();
      await expect(page.getByText(say("tickets.ticket.missing"), { exact: true })).toBeVisible();
      await expect(left).toHaveCount(0);
    }
    await desk.check();
    for (const one of [asking, desk, other]) await one.close();
  });
}

test("a new ticket whose acknowledgement was lost is opened once", async ({ browser }) => {
  const desk = await enter(browser, account("duplica", "Lola Marín", "user"));
  const { page, say } = desk;
  const names: string[] = [];
  await page.route(/\/api\/v1\/tickets$/, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    names.push((route.request().postDataJSON() as { client_id: string }).client_id);
    // The server has the first, and the page never hears of it.
    if (names.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  const create = page.getByRole("button", { name: say("tickets.new.create"), exact: true });
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Se pierde el acuse");
  await field(page, say("tickets.new.description")).fill("Desde esta mañana");
  await create.click();
  await expect(page.getByRole("alert").filter({ hasText: say("common.error.offline") })).toBeVisible();
  // The name is kept with the draft.
  await page.reload();
  await expect(field(page, say("tickets.new.title"))).toHaveValue("Se pierde el acuse");
  // What is chosen by then comes too late, and is said.
  await page.locator("label", { has: page.locator('input[name="priority"][value="urgent"]') }).click();
  await create.click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  const id = Number(page.url().split("/").at(-1));
  await desk.told(say("tickets.new.opened_before", { id }));
  expect((await ask<{ priority: string }>(page, "GET", `/tickets/${id}`)).priority).toBe("medium");
  const titles = async () => (await ask<{ items: { title: string }[] }>(page, "GET", "/tickets")).items.map(({ title }) => title);
  expect(await titles()).toEqual(["Se pierde el acuse"]);
  expect(names).toHaveLength(2);
  expect(names[0]).toBeTruthy();
  expect(names[1]).toBe(names[0]);
  // The same words said again are another ticket.
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Se pierde el acuse");
  await field(page, say("tickets.new.description")).fill("Desde esta mañana");
  await create.click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  expect(await titles()).toHaveLength(2);
  await desk.check();
  await desk.close();
});
