// The header's search: what matches shows while one types, by keyboard and by mouse.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { QUERIES } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, leaveSearch, openTicket, openTickets, row } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

for (const width of WIDTHS) {
  test(`tickets and comments are found while one types (${width} px)`, { tag: QUERIES }, async ({ browser }) => {
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
    await expect(box).toBeFocused();
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
      // The heading says the words alone; what narrows them is said in words, not as it was typed.
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("search.heading", { words: `fusor ${width}` }));
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

    // Filters alone leave no words to say.
    await page.goto("/search?q=estado:abierto");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("search.region"));
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

for (const width of WIDTHS) {
  test(`a ticket that is found says how it stands, whose it is and when something last happened (${width} px)`, async ({ browser }) => {
    const nuria = account(`nuria${width}`, `Nuria Soler ${width}`, "user");
    const asks = await (await Desk.open(browser, turno(), { width })).logIn(nuria);
    const words = `guillotina ${width}`;
    const [ticket = 0] = await openTickets(asks, [{ title: `Atasco de la ${words}`, description: `La ${words} no corta` }]);
    await ask(asks.page, "POST", `/tickets/${ticket}/comments`, { body: `La ${words} sigue igual` });
    await asks.close();

    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const found = page.getByRole("list", { name: say("search.region"), exact: true }).getByRole("link");
    const facts = found.locator(".search-facts");
    await page.goto(`/search?q=${encodeURIComponent(words)}`);
    // The ticket's, and under it what was said on it, and by whom: that it is of the same ticket is seen.
    await expect(found).toHaveCount(2);
    await expect(facts).toHaveCount(1);
    await expect(facts.getByText(say("common.status.open"), { exact: true })).toBeVisible();
    await expect(facts).toContainText(nuria.name);
    // On one line, and none of it beyond the screen.
    expect((await facts.boundingBox())?.height).toBeLessThan(32);
    await expect(facts.locator("time")).toBeInViewport({ ratio: 1 });
    await expect(found.nth(0)).toContainText(`Atasco de la ${words}`);
    await expect(found.nth(1)).toContainText(`${nuria.name}: La ${words} sigue igual`);
    await expect(found.nth(1)).not.toContainText("Atasco");
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/search-facts-${test.info().project.name}-${width}.png`) });

    await ask(page, "POST", `/tickets/${ticket}/close`);
    await page.reload();
    await expect(facts.getByText(say("common.status.closed"), { exact: true })).toHaveCount(1);
    // Under the header's box, too.
    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    const hits = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
    await box.fill(`#${ticket}`);
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText(say("common.status.closed"));
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });

  test(`Escape takes back what is typed, and from an empty box leads back (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const words = `perforadora ${width}`;
    await openTickets(desk, [{ title: `Falta la ${words}` }]);
    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    const list = page.locator("#search-hits");
    const found = page.getByRole("list", { name: say("search.region"), exact: true }).getByRole("link");
    await page.goto(`/search?q=${encodeURIComponent(words)}`);
    await expect(found).toHaveCount(1);
    await expect(box).toHaveValue(words);
    await expect(box).toHaveAccessibleDescription(say("common.nav.search_where"));

    // Whoever came from somewhere is there again, and the box says again what was searched for.
    await found.focus();
    await page.keyboard.press("Control+k");
    await expect(box).toBeFocused();
    await leaveSearch(page);
    await expect(found).toBeFocused();
    await expect(box).toHaveValue(words);
    await expect(list).toHaveCount(0);

    // Whoever clicked into it and typed is where they were: in it.
    await box.click();
    await box.fill(`falta ${words}`);
    await expect(list.getByRole("option")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(list).toHaveCount(0);
    await expect(box).toHaveValue("");
    await expect(box).toHaveAttribute("aria-expanded", "false");
    await expect(box).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(box).not.toBeFocused();
    await expect(page).toHaveURL(/\/search\?q=/);
    await desk.check();
    await desk.close();
  });
}

test("what the empty box says is not cut, however wide the page", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
  await page.goto("/profile");
  await expect(box).toBeVisible();
  for (const width of [360, 768, 1024, 1280, 1440, 360]) {
    await desk.resize(width);
    // It is worded anew when the page has another width.
    await expect(async () => {
      const [needed, there] = await box.evaluate((box: HTMLInputElement) => {
        const style = getComputedStyle(box);
        const pen = document.createElement("canvas").getContext("2d");
        if (pen) pen.font = style.font;
        const { left, right } = box.getBoundingClientRect();
        const keys = document.querySelector(".find > kbd")?.getBoundingClientRect();
        const end = keys && keys.width > 0 ? keys.left : right - parseFloat(style.paddingRight);
        return [pen?.measureText(box.placeholder).width ?? 0, end - left - parseFloat(style.paddingLeft)] as const;
      });
      expect(needed, `${width} px`).toBeGreaterThan(0);
      expect(needed, `${width} px`).toBeLessThanOrEqual(there);
    }).toPass({ timeout: 10_000 });
  }
  await desk.close();
});

/** What an index, a statement or a pattern could read something into, and people none: no text has any of it. */
const SIGNS = ['"', '""', '"NEAR(', "NEAR(", 'NEAR("a b", 2)', "*", "%", "%%", "_", "'; --", "( & | !", "¿?"];

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";

  test(`signs are no words: they find nothing, break nothing, and do not hide what they stand around (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const person = account(`orfeo${width}`, `Orfeo Gallo ${width}`, "admin", language);
    const desk = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    const { page, say } = desk;
    const titles = { odd: `Rodillo raro ${width}`, plain: `Rodillo sin nada ${width}` };
    await openTickets(desk, Object.values(titles).map((title) => ({ title })));
    await page.goto("/tickets");
    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    const list = page.locator("#search-hits");
    const hits = list.getByRole("option");
    const found = page.getByRole("list", { name: say("search.region"), exact: true }).getByRole("link");
    /** What the server says to a text: to the box, which asks for a few, or to the page, which asks for all. */
    const answered = async (text: string, whose: "box" | "page") => {
      const answer = await page.waitForResponse((answer) => {
        const { pathname, searchParams } = new URL(answer.url());
        const isPage = searchParams.get("limit") === "100";
        return pathname === "/api/v1/search" && searchParams.get("q") === text && isPage === (whose === "page");
      });
      expect(answer.status(), text).toBe(200);
    };
    /** Types a text into the empty box, and waits for what it finds. */
    const type = async (text: string) => {
      await box.fill("");
      await expect(list).toHaveCount(0);
      await Promise.all([answered(text, "box"), box.fill(text)]);
      await expect(list).toBeVisible();
    };

    for (const text of SIGNS) {
      await type(text);
      await expect(list, text).toHaveText(say("common.nav.search_none"));
      await expect(hits, text).toHaveCount(0);
      await Promise.all([answered(text, "page"), box.press("Enter")]);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("search.heading", { words: text }));
      await expect(page.getByRole("heading", { name: say("search.none"), exact: true })).toBeVisible();
      await expect(page.getByText(say("search.none_hint"))).toBeVisible();
      await expect(found, text).toHaveCount(0);
      // The address says the same to whoever comes by it.
      expect(new URL(page.url()).searchParams.get("q")).toBe(text);
    }
    await desk.check();
    await desk.checkAccess();

    // Around words that are there they change nothing.
    for (const text of [`"rodillo raro ${width}`, `rodillo* "raro" ${width}`, `%raro% (${width}`, `-rodillo +raro * ${width}`]) {
      await type(text);
      await expect(hits, text).toHaveCount(1);
      await expect(hits).toContainText(titles.odd);
      await Promise.all([answered(text, "page"), box.press("Enter")]);
      await expect(found, text).toHaveCount(1);
      await expect(found).toContainText(titles.odd);
    }

    // In the list of tickets they leave none, and do not stand for all.
    for (const text of ['"', "*", "%", "NEAR("]) {
      await page.goto(`/tickets?status=all&q=${encodeURIComponent(text)}`);
      await expect(page.getByRole("heading", { name: say("tickets.list.no_match"), exact: true }), text).toBeVisible();
      await expect(row(desk, "Rodillo"), text).toHaveCount(0);
    }
    await desk.check();

    // Nothing at all is not asked for, and the page says what can be.
    const asked: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/v1/search") asked.push(request.url());
    });
    const isEmpty = async () => {
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("search.title"));
      await expect(page.getByRole("heading", { name: say("search.empty"), exact: true })).toBeVisible();
      await expect(page.getByText(say("search.empty_hint"))).toBeVisible();
      await desk.quiet();
      await expect(found).toHaveCount(0);
    };
    for (const address of ["/search", "/search?q=", "/search?q=%20%20"]) {
      await page.goto(address);
      await isEmpty();
    }
    await desk.checkAccess();
    for (const blank of ["", "   "]) {
      await page.goto("/tickets");
      await box.fill(blank);
      await expect(box).toHaveAttribute("aria-expanded", "false");
      await box.press("Enter");
      await expect(page).toHaveURL(/\/search$/);
      await isEmpty();
    }
    expect(asked).toEqual([]);
    await desk.check();
    await desk.close();
  });
}
