// The header's search: what matches shows while one types, by keyboard and by mouse.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, openTicket, openTickets, row } from "../support/steps.js";
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

for (const width of WIDTHS) {
  test(`a number leads to its ticket, and filters to what is meant, in the header and in the list (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const titles = { mine: `Cinta mía ${width}`, free: `Cinta libre ${width}`, done: `Cinta acabada ${width}` };
    const [mine = 0, , done = 0] = await openTickets(desk, Object.values(titles).map((title) => ({ title })));
    const me = await numberOf(page);
    for (const ticket of [mine, done]) await ask(page, "POST", `/tickets/${ticket}/assign`, { assignee_id: me });
    await ask(page, "POST", `/tickets/${done}/close`);
    await page.goto("/tickets");

    // By number: alone, and with a word that is looked for in that ticket.
    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    const hits = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
    await box.fill(`#${mine} cinta`);
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText(titles.mine);
    await box.fill(`#${mine} libre`);
    await expect(page.getByText(say("common.nav.search_none"))).toBeVisible();
    await box.fill(`#${done}`);
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText(titles.done);
    await box.press("ArrowDown");
    await box.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/tickets/${done}$`));

    // Filters alone: mine that are open, and neither what nobody has nor what is closed.
    await page.goto("/tickets");
    await box.fill("status:open assignee:me");
    await expect(hits.filter({ hasText: titles.mine })).toHaveCount(1);
    for (const other of [titles.free, titles.done]) await expect(hits.filter({ hasText: other })).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();
    await box.fill(`cinta ${width} status:open assignee:me`);
    await expect(hits).toHaveCount(1);
    await box.press("Enter");
    await expect(page).toHaveURL(/\/search\?q=/);
    await expect(page.locator(".search-narrowed")).toContainText(say("search.mine"));
    await expect(page.locator(".search-narrowed")).toContainText(say("common.status.open").toLowerCase());
    const found = page.getByRole("list", { name: say("search.region"), exact: true }).getByRole("link");
    await expect(found).toHaveCount(1);
    await expect(found).toContainText(titles.mine);

    // The list's text understands the same, also what the list would not show without being asked.
    for (const [text, shown] of [
      [`cinta ${width} estado:abierto asignado:yo`, [titles.mine]],
      [`cinta ${width} asignado:nadie`, [titles.free]],
      [`estado:cerrado cinta ${width}`, [titles.done]],
      [`#${mine} libre`, []],
    ] as const) {
      await page.goto(`/tickets?q=${encodeURIComponent(text)}`);
      for (const title of shown) await expect(row(desk, title), text).toHaveCount(1);
      const others = Object.values(titles).filter((title) => !(shown as readonly string[]).includes(title));
      for (const title of others) await expect(row(desk, title), text).toHaveCount(0);
    }
    await expect(page.getByRole("heading", { name: say("tickets.list.no_match"), exact: true })).toBeVisible();
    await desk.check();
    await desk.close();
  });
}
