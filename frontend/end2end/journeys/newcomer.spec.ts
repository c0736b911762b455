// Somebody who has never seen it opens their first ticket: with two presses and what there is to say.
//
// Shown here is that nothing else is asked of them: the way stands on the screen after the login, at once and without scrolling,
// the first field has the focus, one key leads to the next, and nothing has to be chosen. Not shown is how long it takes people:
// to log in, to look around on a page they do not know, to find the words, and to read what became of them. That would have to
// be watched; a sum of seconds for each key and press would say only how long the text is that this file types.

import { expect, type Page, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { field } from "../support/steps.js";
import { PASSWORD } from "../support/turno.js";

/** Of signs that every keyboard has on a key of their own. */
const TITLE = "La impresora no imprime";
const DESCRIPTION = "Desde ayer parpadea en rojo";

const turno = useTurno();

interface Done {
  readonly presses: number;
  readonly keys: number;
}

/** Counts what is pressed and typed, from now on. */
async function count(page: Page): Promise<() => Promise<Done>> {
  await page.evaluate(() => {
    const done = { presses: 0, keys: 0 };
    Object.assign(globalThis, { done });
    addEventListener("pointerdown", () => (done.presses += 1), { capture: true });
    addEventListener("keydown", () => (done.keys += 1), { capture: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { done: Done }).done);
}

for (const width of WIDTHS) {
  test(`the first ticket takes two presses and what there is to say (${width} px)`, async ({ browser }) => {
    const username = `nueva${width}`;
    const person = turno().addPerson({ username, name: "Nuria Sanz", email: `${username}@example.org`, role: "user", password: PASSWORD });
    const desk = await Desk.open(browser, turno(), { width });
    const { page, say } = desk;
    await page.goto("/");
    await desk.enter(person);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const done = await count(page);

    // It stands there without looking for it.
    const begin = page.getByRole("main").getByRole("link", { name: say("dashboard.rows.new"), exact: true }).filter({ visible: true }).first();
    await expect(begin).toBeInViewport();
    await begin.click();

    // What to say first is asked first, and one key leads to the next; nothing else has to be filled in.
    await expect(field(page, say("tickets.new.title"))).toBeFocused();
    await page.keyboard.type(TITLE);
    await page.keyboard.press("Tab");
    await expect(field(page, say("tickets.new.description"))).toBeFocused();
    await page.keyboard.type(DESCRIPTION);
    await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
    await expect(page).toHaveURL(/\/tickets\/\d+$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(TITLE);
    await expect(page.getByRole("list", { name: say("tickets.ticket.conversation") })).toContainText(DESCRIPTION);

    const { presses, keys } = await done();
    expect({ presses, keys }).toEqual({ presses: 2, keys: TITLE.length + 1 + DESCRIPTION.length });
    await desk.check();
    await desk.close();
  });
}
