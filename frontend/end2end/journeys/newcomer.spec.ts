// Somebody who has never seen it opens a ticket in less than 30 seconds. Not by the clock, which would measure the machine: by
// what they have to press and to type, and by what that takes people (Card, Moran and Newell's keystroke-level model).

import { expect, type Page, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { field } from "../support/steps.js";
import { PASSWORD } from "../support/turno.js";

/** Seconds to decide what comes next. */
const THINK = 1.35;
/** Seconds to point at something and press it. */
const PRESS = 1.1 + 0.2;
/** Seconds for a key, for somebody who types as most people do. */
const KEY = 0.28;
const SECONDS = 30;

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
    // Before each press, and before what is written into each field.
    const seconds = presses * (THINK + PRESS) + 2 * THINK + keys * KEY;
    test.info().annotations.push({ type: "the first ticket", description: `${seconds.toFixed(1)} s of ${SECONDS}` });
    expect(seconds).toBeLessThan(SECONDS);
    await desk.check();
    await desk.close();
  });
}
