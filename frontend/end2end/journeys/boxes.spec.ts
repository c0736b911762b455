// What waits for the line in one tab of a browser, and the boxes of the others: each waits with what was sent from it, and what
// becomes of it is heard in all that hold it.

import { expect, type Locator, type Page, test } from "@playwright/test";

import { button, LONG, opened, sending, waits, written } from "../support/answering.js";
import { type Desk, entranceOf, useTurno } from "../support/desk.js";
import { answerBox } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

/** The answer box in another tab. */
function boxIn(desk: Desk, page: Page): Locator {
  return page.getByRole("region", { name: desk.say("tickets.write.label"), exact: true }).getByRole("textbox");
}

/** Another tab, on the same ticket. */
async function beside(desk: Desk): Promise<Page> {
  const other = await desk.tab();
  await other.goto(desk.page.url());
  await expect(boxIn(desk, other)).toBeVisible();
  return other;
}

/** Sends what the box of an answer holds, and finds that it waits. */
async function sendInVain(desk: Desk, text: string): Promise<void> {
  await answerBox(desk).fill(text);
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
}

test("whoever types in one tab what waits in another, and more, writes on and loses nothing", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("teclea", "Noa Prieto", "user"));
  const id = await opened(desk, "Dos pestañas, dos textos");
  const other = await beside(desk);
  let cut = true;
  await sending(desk.context, (route) => (cut ? route.abort() : route.continue()));
  await sendInVain(desk, "Si");
  const box = boxIn(desk, other);
  await box.pressSequentially("Si");
  await desk.quiet(other);
  await expect(box).toBeEditable();
  await expect(waits(desk, other)).toHaveCount(0);
  cut = false;
  await expect(answerBox(desk)).toHaveValue("", LONG);
  expect(await written(other, id)).toEqual(["Si"]);
  await box.pressSequentially("n embargo no va");
  await expect(box).toHaveValue("Sin embargo no va");
  await button(desk, "tickets.write.send", other).click();
  await expect(box).toHaveValue("");
  expect(await written(other, id)).toEqual(["Si", "Sin embargo no va"]);
  await desk.check();
  await desk.close();
});

test("what waits in one tab and is sent from another that says the same is written once", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("repite", "Leo Marín", "user"));
  const id = await opened(desk, "Lo mismo dos veces");
  const other = await beside(desk);
  await boxIn(desk, other).fill("Hola");
  const sent = await sending(desk.context, async (route, number, { background }) => {
    // The server has the first, and the page never hears of it. What a page sends by itself does not pass.
    if (number === 1) await route.fetch();
    return number === 1 || background ? route.abort() : route.continue();
  });
  await sendInVain(desk, "Hola");
  await expect(boxIn(desk, other)).toBeEditable();
  // What is on its way at this moment is not sent a second time beside it.
  await expect(async () => {
    const box = boxIn(desk, other);
    if ((await box.inputValue()) !== "") await button(desk, "tickets.write.send", other).click({ timeout: 2000 });
    await expect(box).toHaveValue("", { timeout: 3000 });
  }).toPass(LONG);
  expect(await written(other, id)).toEqual(["Hola"]);
  expect(new Set(sent.map(({ client_id }) => client_id)).size).toBe(1);
  await desk.check();
  await desk.close();
});

test("what another tab has sent is no draft in the one that it waited in", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("alterna", "Gema Rubio", "user"));
  const { page } = desk;
  const id = await opened(desk, "Vuelvo y ya está");
  const other = await desk.tab();
  const address = page.url();
  // What a page sends by itself does not pass until it may.
  let cut = true;
  let pressed = 0;
  await sending(desk.context, (route, _, { background }) => {
    if (!background) pressed += 1;
    return cut && (background || pressed === 1) ? route.abort() : route.continue();
  });
  await sendInVain(desk, "Hola");

  // Sent by hand from the other tab, while the first still shows it.
  await other.goto(address);
  await expect(waits(desk, other)).toBeVisible();
  await expect(async () => {
    const box = boxIn(desk, other);
    if ((await box.inputValue()) !== "") await button(desk, "tickets.write.send", other).click({ timeout: 2000 });
    await expect(box).toHaveValue("", { timeout: 3000 });
  }).toPass(LONG);
  await expect(answerBox(desk)).toHaveValue("");
  await expect(answerBox(desk)).toBeEditable();
  expect(await written(other, id)).toEqual(["Hola"]);

  // Sent by the other tab by itself, while the first shows no page of the desk's.
  pressed = 0;
  await sendInVain(desk, "Adiós");
  await page.goto("/healthz");
  cut = false;
  await expect.poll(() => written(other, id), LONG).toEqual(["Hola", "Adiós"]);
  await expect(boxIn(desk, other)).toHaveValue("");
  await page.goto(address);
  await expect(answerBox(desk)).toBeEditable();
  await expect(answerBox(desk)).toHaveValue("");
  await expect(page.getByText(desk.say("conversation.draft.kept"))).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("what another tab was refused is said in the box that holds it", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("rechaza", "Ciro Nadal", "user"));
  const { page, say } = desk;
  const id = await opened(desk, "Me dicen que no en otra pestaña");
  const other = await desk.tab();
  await other.goto("/profile");
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  const problem = { type: "about:blank", title: "Forbidden", status: 403, code: "forbidden", detail: "", instance: "urn:uuid:0" };
  await sending(other, (route) => {
    return route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) });
  });
  let cut = true;
  await sending(page, (route) => (cut ? route.abort() : route.continue()));
  await answerBox(desk).fill("Hola");
  await button(desk, "tickets.write.send").click();
  const refused = page.getByRole("alert").filter({ hasText: say("tickets.write.failed") });
  await expect(refused).toContainText(say("common.problem.forbidden"), LONG);
  await expect(waits(desk)).toHaveCount(0);
  await expect(answerBox(desk)).toHaveValue("Hola");
  await expect(answerBox(desk)).toBeEditable();
  expect(await written(page, id)).toEqual([]);

  // It is the same answer wherever it was put down: sent from here, it is no draft there.
  cut = false;
  await button(desk, "tickets.write.send").click();
  await expect(answerBox(desk)).toHaveValue("");
  await expect(refused).toHaveCount(0);
  expect(await written(page, id)).toEqual(["Hola"]);
  await other.goto(page.url());
  await expect(boxIn(desk, other)).toHaveValue("");
  await desk.check();
  await desk.close();
});
