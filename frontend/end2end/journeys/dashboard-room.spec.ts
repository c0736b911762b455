// How the dashboard uses its room: titles are read whole, cards keep one rhythm, and what stands along a chart stands apart.

import { expect, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { openTickets } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";

/** Pixels between the names of two days. */
const APART = 8;

const turno = useTurno({}, (turno) => turno.addDemo(60));
const account = accountsOf(turno);

for (const width of [360, 768, 1440]) {
  test(`a long title of the dashboard's list is whole (${width} px)`, async ({ browser }) => {
    const title = "La impresora de la segunda planta no imprime en color";
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(account(`titula${width}`, `Berta Cid ${width}`, "user"));
    const { page, say } = desk;
    await openTickets(desk, [{ title }, { title: "Breve" }]);
    await page.goto("/");
    const own = page.getByRole("region", { name: say("dashboard.rows.own"), exact: true });
    const shown = own.getByText(title, { exact: true });
    await expect(shown).toBeVisible();
    expect(await shown.evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => scrollHeight > clientHeight || scrollWidth > clientWidth)).toBe(false);
    // State, priority and number stand beside each other, not on each other.
    const signs = await own.locator(".board-row").first().evaluate((row) => [...row.children].slice(0, 3).map((part) => part.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
    for (const nth of [1, 2]) expect(signs[nth]!.left - signs[nth - 1]!.right).toBeGreaterThanOrEqual(4);
    // The rows are one table.
    const edges = await own.locator(".board-title").evaluateAll((titles) => titles.map((title) => Math.round(title.getBoundingClientRect().left)));
    expect(edges).toHaveLength(2);
    expect(new Set(edges).size).toBe(1);
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });
}

test("what is alike on the cards of a row stands on one line", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 1440 })).logIn(ADMIN);
  const { page } = desk;
  await page.goto("/");
  const cards = page.locator("section.stats > .stat");
  await expect(cards).toHaveCount(4);
  for (const width of [1440, 1280, 768]) {
    await desk.resize(width);
    const told = await cards.evaluateAll((cards) =>
      cards.map((card) => {
        const top = (part: Element | null) => Math.round(part?.getBoundingClientRect().top ?? 0);
        return { row: top(card), lines: `${top(card.querySelector(".stat-value"))} ${top(card.querySelector(".stat-note"))}` };
      }),
    );
    const rows = new Set(told.map(({ row }) => row));
    expect(rows.size).toBe(width < 1200 ? 2 : 1);
    expect(new Set(told.map(({ row, lines }) => `${row} ${lines}`)).size, `${width} px`).toBe(rows.size);
  }
  await desk.check();
  await desk.close();
});

for (const width of [360, 768]) {
  test(`the days below the lines stand apart (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page } = desk;
    for (const period of ["7d", "28d", "90d", "365d"]) {
      await page.goto(`/?period=${period}`);
      const days = page.locator(".plot-ticks span").filter({ visible: true });
      await expect(days.last()).toBeVisible();
      const edges = await days.evaluateAll((days) => days.map((day) => day.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
      expect(edges.length, period).toBeGreaterThan(2);
      const gaps = edges.slice(1).map(({ left }, nth) => left - edges[nth]!.right);
      expect(Math.min(...gaps), `${period}: ${gaps}`).toBeGreaterThanOrEqual(APART);
    }
    await desk.check();
    await desk.close();
  });
}
