// The header's search: what matches shows while one types, by keyboard and by mouse.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, openTicket } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

const turno = useTurno();

for (const width of WIDTHS) {
  test(`tickets and comments are found while one types (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await openTicket(desk, `Avería de la impresión ${width}`, "Sale <todo> en blanco");
    const ticket = page.url();
    await answer(desk, `El fusor ${width} está gastado`);
    await page.goto("/tickets");

    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    const hits = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
    await box.fill(`impresion ${width}`);
    await expect(hits).toHaveCount(1);
    await expect(hits.locator("mark")).toHaveText(["impresión", String(width)]);
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/search-${test.info().project.name}-${width}.png`) });
    await box.press("ArrowDown");
    await expect(hits).toHaveAttribute("aria-selected", "true");
    await box.press("Enter");
    await expect(page).toHaveURL(ticket);
    await expect(hits).toHaveCount(0);

    await page.goto("/tickets");
    await box.fill(`fusor ${width}`);
    await hits.filter({ hasText: "fusor" }).click();
    // To the very message: also when one comes to it later, by its address.
    const place = new RegExp(`^${ticket}#comment-\\d+$`);
    const message = page.getByRole("listitem").filter({ hasText: `El fusor ${width} está gastado` }).last();
    await expect(page).toHaveURL(place);
    await expect(message).toBeFocused();
    await expect(message).toBeInViewport();
    await page.screenshot({ path: resolve(`../../test-results/screens/search-place-${test.info().project.name}-${width}.png`) });
    await page.reload();
    await expect(message).toBeFocused();
    await page.goto(`${ticket}#comment-999999`);
    await desk.told(say("common.problem.not_found"));

    // Without a choice Enter leads to the page of all that was found, and Escape closes what is open.
    await page.goto("/tickets");
    await box.fill("nadaquesellameasi");
    await expect(page.getByText(say("common.nav.search_none"))).toBeVisible();
    await box.press("Escape");
    await expect(page.getByText(say("common.nav.search_none"))).toBeHidden();
    await box.fill("impresion");
    await box.press("Enter");
    await expect(page).toHaveURL(/\/search\?q=impresion$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("search.heading", { words: "impresion" }));
    const found = page.getByRole("list", { name: say("search.region"), exact: true }).getByRole("link");
    await expect(found.locator("mark").first()).toHaveText("impresión");
    await desk.check();

    // Filters are understood and said, and the keys are those of the list.
    for (const filters of ["status:open assignee:none", "estado:abierto asignado:nadie"]) {
      await box.fill(`fusor ${width} ${filters}`);
      await box.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toContainText(filters);
      await expect(page.locator(".search-narrowed")).toContainText(say("search.unassigned"));
      await expect(page.locator(".search-odd")).toHaveCount(0);
      await expect(found).toHaveCount(1);
    }
    await expect(found).toContainText(`El fusor ${width} está gastado`);
    await desk.checkAccess();
    await box.blur();
    await page.keyboard.press("j");
    await expect(found.first()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(place);

    // One that is none is named.
    await page.goto("/search?q=nadaquesellameasi%20estado:perdido");
    await expect(page.locator(".search-odd")).toContainText("estado:perdido");
    await page.goto("/search?q=nadaquesellameasi");
    await expect(page.getByRole("heading", { name: say("search.none"), exact: true })).toBeVisible();
    await desk.check();
    await desk.close();
  });
}
