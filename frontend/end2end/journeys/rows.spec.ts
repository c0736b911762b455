// The rows of the list where there is little room for columns, or none: each has two lines for its title.

import { expect, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { openTickets, row } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);

test("a row has room for a long title where it is narrow, and says which ticket it is", async ({ browser }) => {
  const title = "La impresora de Flora en la planta dos falla";
  const longest = "Palabra que sigue a otra y no termina nunca ".repeat(4).trim();
  const asks = await (await Desk.open(browser, turno())).logIn(account("flora", "Flora Ibáñez", "user"));
  const ids = await openTickets(asks, [{ title: "Flora breve" }, { title }, { title: `${longest} (Flora)` }]);
  await asks.close();

  for (const width of [360, 700, 1024]) {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(account(`fermin${width}`, `Fermín Roca ${width}`, "technician"));
    const { page } = desk;
    await page.goto("/tickets?q=flora");
    await expect(row(desk, "Flora")).toHaveCount(3);
    const cut = (link: Element) => link.scrollHeight > link.clientHeight || link.scrollWidth > link.clientWidth;
    expect(title.length).toBeGreaterThan(40);
    expect(await row(desk, title).evaluate(cut), "a title of two lines is whole").toBe(false);
    if (width === 360) expect(await row(desk, longest).evaluate(cut), "what would take more is cut").toBe(true);

    const rows = page.locator(".table-body > .ticket-row");
    for (const [nth, id] of ids.entries()) {
      const number = rows.filter({ has: page.locator(`#ticket-${id}`) }).locator(".in-number");
      await expect(number, `row ${nth}`).toHaveText(String(id));
      expect(await number.evaluate((cell) => cell.scrollWidth <= cell.clientWidth), `the number of row ${nth} is whole`).toBe(true);
    }
    // Where each stands is known without drawing it: all have one height, and nothing of one is in another.
    const told = await rows.evaluateAll((rows) =>
      rows.map((row) => {
        const { top, bottom, height } = row.getBoundingClientRect();
        const cells = [...row.children].map((cell) => cell.getBoundingClientRect());
        return { height, whole: cells.every((cell) => cell.top >= top && cell.bottom <= bottom) };
      }),
    );
    expect(new Set(told.map(({ height }) => height)).size).toBe(1);
    expect(told.every(({ whole }) => whole)).toBe(true);
    await desk.checkAccess();
    await desk.check();
    await desk.close();
  }
});

test("a name of some length is whole where the page has its columns", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("montse", "Montserrat Rodríguez", "user"));
  await openTickets(asks, [{ title: "Montserrat no puede entrar" }]);
  await asks.close();
  const desk = await (await Desk.open(browser, turno(), { width: 1440 })).logIn(account("gisela", "Gisela Prat", "technician"));
  await desk.page.goto("/tickets?q=montserrat");
  await expect(row(desk, "Montserrat no puede entrar")).toBeVisible();
  const name = desk.page.locator(".ticket-row .in-requester");
  await expect(name).toHaveText("Montserrat Rodríguez");
  expect(await name.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
  await desk.check();
  await desk.close();
});
