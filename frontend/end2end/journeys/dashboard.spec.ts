// The dashboard: what each role sees first, that its numbers are those of the lists they lead to, that the keyboard reaches
// everything, and that it moves while others work.

import { resolve } from "node:path";

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { openTicket, openTickets } from "../support/steps.js";
import { accountsOf, ADMIN, type Person } from "../support/turno.js";

const turno = useTurno({}, (turno) => turno.addDemo(60));
const account = accountsOf(turno);

/** Logs in from the start page, which is the dashboard. */
async function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  const desk = await Desk.open(browser, turno(), look);
  await desk.page.goto("/");
  await desk.enter(person);
  await expect(desk.page).toHaveURL(/\/$/);
  const [name = ""] = person.name.split(" ");
  await expect(desk.page.getByRole("heading", { level: 1, name: new RegExp(`, ${name}$`) })).toBeVisible();
  await expect(desk.page.locator(".stat").first()).toBeVisible();
  return desk;
}

/** A card by what it is called. */
function card(desk: Desk, key: string): Locator {
  const named = desk.page.getByText(desk.say(`dashboard.cards.${key}`), { exact: true });
  return desk.page.locator(".stat").filter({ has: named });
}

function chart(desk: Desk, key: string): Locator {
  return desk.page.getByRole("region", { name: desk.say(`dashboard.chart.${key}`), exact: true }).first();
}

/** How long something took, by what the chart is called. */
function spread(desk: Desk, key: string): Locator {
  return desk.page.getByRole("region", { name: desk.say(`dashboard.times.${key}`), exact: true });
}

/** The number that stands in a part of the page. */
async function number(of: Locator): Promise<number> {
  return Number((await of.innerText()).replace(/\D/g, ""));
}

/** The numbers of a chart's bars. */
async function bars(of: Locator): Promise<number[]> {
  return Promise.all((await of.locator(".bar-value .moving").all()).map(number));
}

/** Of what was closed in the period, how many took how long: by hand, from the moments that the list tells. */
async function tookToClose(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const { from } = await (await fetch(`/api/v1/dashboard?time_zone=${zone}`)).json();
    const list = await (await fetch(`/api/v1/tickets?status=closed&closed_after=${encodeURIComponent(from)}&limit=100`)).json();
    if (list.next_cursor) throw new Error("more was closed than one page of the list shows");
    const hours = [1, 4, 8, 24, 3 * 24, 7 * 24];
    const places = (list.items as { created_at: string; closed_at: string }[]).map(({ created_at, closed_at }) => {
      const took = (Date.parse(closed_at) - Date.parse(created_at)) / 3_600_000;
      return hours.filter((bound) => took >= bound).length;
    });
    return [0, ...hours].map((_, band) => places.filter((place) => place === band).length);
  });
}

/** The same numbers with one more in the first. */
function oneMore([first = 0, ...others]: number[]): number[] {
  return [first + 1, ...others];
}

function sum(numbers: number[]): number {
  return numbers.reduce((before, one) => before + one, 0);
}

/** How many tickets the list has that the page shows. */
async function listed(desk: Desk): Promise<number> {
  await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(desk.say("tickets.list.title"));
  // What the list asks the server for is in its address; all of it is counted there.
  return desk.page.evaluate(async () => {
    const query = new URLSearchParams(location.search);
    const status = query.get("status") ?? "open,in_progress,waiting";
    if (status === "all") query.delete("status");
    else query.set("status", status);
    query.set("limit", "100");
    const page = await (await fetch(`/api/v1/tickets?${query}`)).json();
    return page.items.length as number;
  });
}

async function picture(desk: Desk, name: string): Promise<void> {
  const path = resolve(`../../test-results/screens/dashboard-${name}-${test.info().project.name}-${desk.width}.png`);
  await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
}

for (const width of WIDTHS) {
  const language = width === 360 ? "en" : "es";

  for (const theme of ["light", "dark"] as const) {
    test(`each role sees first what it needs (${theme}, ${width} px)`, async ({ browser }) => {
      test.slow();
      const look: Look = { width, theme, language };
      const user = account(`pide${width}${theme}`, "Olga Vidal", "user", language);
      const tech = account(`responde${width}${theme}`, "Ana Mora", "technician", language);

      // Somebody who has no ticket is told how to open one; then they see it.
      const asks = await Desk.open(browser, turno(), look);
      await asks.page.goto("/");
      await asks.enter(user);
      await expect(asks.page.getByRole("heading", { name: asks.say("dashboard.empty.user_title") })).toBeVisible();
      await asks.checkAccess();
      await openTicketFromHere(asks, `No imprime ${width} ${theme}`);
      await asks.page.goto("/");
      const own = asks.page.getByRole("region", { name: asks.say("dashboard.rows.own"), exact: true });
      await expect(own.getByRole("link").filter({ hasText: `No imprime ${width} ${theme}` })).toBeVisible();
      expect(await number(card(asks, "unfinished").locator("b"))).toBe(1);
      await expect(chart(asks, "load")).toHaveCount(0);
      await expect(spread(asks, "resolution")).toHaveCount(0);
      await asks.check();
      await asks.checkAccess();
      await picture(asks, `user-${theme}`);

      const answers = await enter(browser, tech, look);
      await expect(card(answers, "unassigned")).toBeVisible();
      await expect(card(answers, "my_first_response")).toBeVisible();
      await expect(spread(answers, "my_first_response")).toBeVisible();
      await expect(answers.page.getByText(answers.say("dashboard.rows.nothing"), { exact: true })).toBeVisible();
      await answers.check();
      await answers.checkAccess();
      await picture(answers, `technician-${theme}`);

      const runs = await enter(browser, account(`dirige${width}${theme}`, "Eva Soler", "admin", language), look);
      await expect(chart(runs, "load")).toBeVisible();
      await expect(card(runs, "first_response")).toBeVisible();
      await expect(spread(runs, "first_response")).toBeVisible();
      await runs.check();
      await runs.checkAccess();
      await picture(runs, `admin-${theme}`);
      await Promise.all([asks.close(), answers.close(), runs.close()]);
    });
  }

  test(`a number leads to the list that has so many (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, ADMIN, { width });
    const { page } = desk;
    const places: Locator[] = [
      card(desk, "unassigned"),
      chart(desk, "status").locator("a").nth(1),
      chart(desk, "priority").locator("a").nth(2),
      chart(desk, "category").locator("a").first(),
      chart(desk, "age").locator("a").nth(3),
      chart(desk, "load").locator("a").first(),
    ];
    for (const place of places) {
      const value = place.locator(".moving").first();
      await expect(value).toBeVisible();
      const count = await number(value);
      await place.click();
      await expect(page).toHaveURL(/\/tickets/);
      expect(await listed(desk), page.url()).toBe(count);
      await page.goBack();
      await expect(card(desk, "unassigned")).toBeVisible();
    }
    // What is pointed at, or has the focus, is told in the middle of the ring.
    await chart(desk, "status").locator("a").first().focus();
    await expect(page.locator(".donut-middle")).toContainText(desk.say("common.status.open"));
    await desk.check();
    await desk.close();
  });

  test(`what was closed and what has no category lead to lists of their own (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, ADMIN, { width });
    const { page, say } = desk;
    await openTicketFromHere(desk, `Sin categoría ${width}`);
    await page.goto("/");
    // The names of the columns are a row too.
    const shows = (count: number) => expect(page.locator("[aria-rowcount]")).toHaveAttribute("aria-rowcount", String(count + 1));

    const without = chart(desk, "category").locator("a").filter({ hasText: say("dashboard.chart.no_category") });
    const uncategorised = await number(without.locator(".moving").first());
    expect(uncategorised).toBeGreaterThan(0);
    await without.click();
    await expect(page).toHaveURL(/\/tickets\?category_id=none$/);
    await shows(uncategorised);
    await page.goBack();

    const days = chart(desk, "days");
    const turn = { name: say("dashboard.chart.as_table", { title: say("dashboard.chart.days") }) };
    await days.getByRole("button", turn).click();
    const closed = days.locator("td:last-child a").filter({ hasText: /^[1-9]/ }).first();
    const count = await number(closed);
    await closed.click();
    await expect(page).toHaveURL(/\/tickets\?status=closed&closed_after=/);
    await shows(count);
    // What narrows the list is said over it, and can be taken away there.
    const bar = page.locator(".tickets-bar");
    if (width <= 720) {
      const filters = bar.locator(".filter-switch");
      await expect(filters).toHaveText(`${say("tickets.list.filters")} · 1`);
      await filters.click();
    }
    await bar.locator(".pill.words").click();
    await expect(page).toHaveURL(/\/tickets\?status=closed$/);
    await page.goBack();
    await page.goBack();

    // On the lines it is the nearest one that is followed.
    const plot = days.getByRole("slider");
    await plot.scrollIntoViewIfNeeded();
    const room = (await plot.boundingBox())!;
    const [x, y] = [room.x + room.width / 2, room.y + 4];
    await page.mouse.move(x, y);
    const pointed = await page.locator(".plot-tip .on").innerText();
    await page.mouse.click(x, y);
    const isClosed = pointed.includes(say("dashboard.chart.closed"));
    await expect(page).toHaveURL(isClosed ? /closed_after=.*closed_before=/ : /created_after=.*created_before=/);
    await desk.check();
    await desk.close();
  });

  test(`how long it takes is what a hand counts (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, ADMIN, { width });
    const { page, say } = desk;
    const [answering, closing] = [spread(desk, "first_response"), spread(desk, "resolution")];
    // Once the numbers are there.
    await expect(closing.locator(".bar-row").first()).toBeVisible();
    const closed = await bars(closing);
    expect(sum(closed)).toBeGreaterThan(0);
    expect(closed).toEqual(await tookToClose(page));

    // What is pointed at tells how many took no longer, too.
    const tip = closing.getByRole("tooltip");
    await expect(tip).toHaveCount(0);
    await closing.locator(".bar-row").nth(3).hover();
    await expect(tip).toHaveCount(1);
    await expect(tip.locator("b").first()).toHaveText(String(closed[3]));
    const within = new Intl.NumberFormat(desk.language, { style: "percent" }).format((sum(closed.slice(0, 4)) * 100) / sum(closed) / 100);
    await expect(tip.locator("b").nth(1)).toHaveText(within);
    await desk.check();
    await picture(desk, "times");
    await page.keyboard.press("Escape");
    await expect(tip).toHaveCount(0);
    await closing.locator(".bar-row").nth(4).hover();
    await expect(tip.locator("b").first()).toHaveText(String(closed[4]));
    await page.mouse.move(0, 0);
    await expect(tip).toHaveCount(0);

    // So it does for the keyboard, until Escape.
    await closing.locator(".bar-row").nth(2).focus();
    await page.keyboard.press("Home");
    await expect(closing.locator(".bar-row").first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(closing.locator(".bar-row").nth(1)).toBeFocused();
    await expect(tip.locator("b").first()).toHaveText(String(closed[1]));
    await desk.checkAccess();
    await page.keyboard.press("Escape");
    await expect(tip).toHaveCount(0);

    // The table has the same numbers.
    const turn = closing.getByRole("button", { name: say("dashboard.chart.as_table", { title: say("dashboard.times.resolution") }) });
    await turn.click();
    const cells = closing.locator("tbody td:nth-child(2)");
    await expect(cells).toHaveText(closed.map(String));
    await turn.click();

    // Somebody opens a ticket; it is answered and closed at once.
    const answered = await bars(answering);
    const asks = await (await Desk.open(browser, turno())).logIn(account(`mide${width}`, "Nora Paz", "user"));
    const [ticket] = await openTickets(asks, [{ title: `Cuánto se tarda ${width}` }]);
    await ask(page, "POST", `/tickets/${ticket}/comments`, { body: "Ya está" });
    await expect.poll(() => bars(answering)).toEqual(oneMore(answered));
    expect(await bars(closing)).toEqual(closed);
    await ask(page, "POST", `/tickets/${ticket}/close`);
    await expect.poll(() => bars(closing)).toEqual(oneMore(closed));
    expect(await tookToClose(page)).toEqual(oneMore(closed));

    // All of those together are a list.
    await closing.getByRole("link").click();
    await expect(page).toHaveURL(/\/tickets\?status=closed&closed_after=/);
    expect(await listed(desk)).toBe(sum(closed) + 1);
    await desk.check();
    await Promise.all([asks.close(), desk.close()]);
  });

  test(`the keyboard reaches every number (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, ADMIN, { width });
    const { page, say } = desk;
    const plot = chart(desk, "days").getByRole("slider");
    await plot.focus();
    const last = await plot.getAttribute("aria-valuetext");
    expect(last).toContain(say("dashboard.chart.created"));
    await page.keyboard.press("ArrowLeft");
    await expect(plot).not.toHaveAttribute("aria-valuetext", last ?? "");
    await expect(page.locator(".plot-tip")).toBeVisible();
    await page.keyboard.press("Home");
    await expect(plot).toHaveAttribute("aria-valuenow", "0");
    await picture(desk, "pointed");

    // The table has the same numbers.
    const said = (await plot.getAttribute("aria-valuetext")) ?? "";
    const turn = chart(desk, "days").getByRole("button", { name: say("dashboard.chart.as_table", { title: say("dashboard.chart.days") }) });
    await turn.focus();
    await page.keyboard.press("Enter");
    await expect(turn).toHaveAttribute("aria-pressed", "true");
    const first = chart(desk, "days").getByRole("row").last();
    const cells = await first.getByRole("cell").allInnerTexts();
    const [closed, created] = [...said.matchAll(/: (\d+)/g)].map((found) => found[1]);
    expect(cells).toEqual([created, closed]);
    await desk.checkAccess();
    await picture(desk, "table");
    await page.keyboard.press("Enter");

    // From bar to bar with the arrows, and into the list with Enter.
    const bars = chart(desk, "priority").locator("a");
    await bars.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect(bars.nth(1)).toBeFocused();
    await page.keyboard.press("End");
    await expect(bars.last()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/tickets\?priority=low$/);
    await page.goBack();

    // A day leads to what was opened on it.
    await plot.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/created_after=.*created_before=/);
    await page.goBack();

    // The period is in the address.
    await page.getByRole("combobox", { name: say("dashboard.period.label") }).selectOption("7d");
    await expect(page).toHaveURL(/\?period=7d$/);
    await expect(plot).toHaveAttribute("aria-valuemax", "6");
    await page.reload();
    await expect(plot).toHaveAttribute("aria-valuemax", "6");
    await desk.check();
    await desk.close();
  });
}

test("it moves while others work", async ({ browser }) => {
  test.slow();
  const asks = await (await Desk.open(browser, turno())).logIn(account("vive", "Rosa Gil", "user"));
  const looks = await enter(browser, account("mira", "Luis Rey", "technician"));
  await expect(looks.page.locator("html")).toHaveAttribute("data-live", "online");
  const value = card(looks, "unassigned").locator("b");
  const before = await number(value);
  const waiting = looks.page.getByRole("region", { name: looks.say("dashboard.rows.waiting"), exact: true });
  const place = (await waiting.boundingBox())?.y;
  await openTicket(asks, "Llega en vivo", "Sin recargar");
  await expect(value).toHaveText(String(before + 1));
  // Nothing has jumped.
  expect((await waiting.boundingBox())?.y).toBe(place);
  await asks.page.getByRole("button", { name: asks.say("tickets.ticket.close"), exact: true }).first().click();
  await expect(value).toHaveText(String(before));
  await looks.check();
  await Promise.all([asks.close(), looks.close()]);
});

test("what does not come can be asked for again", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  let broken = true;
  await desk.page.route(/\/api\/v1\/dashboard/, (route) => (broken ? route.abort() : route.continue()));
  await desk.page.goto("/");
  await desk.enter(ADMIN);
  await expect(desk.page.getByText(desk.say("common.error_title"))).toBeVisible();
  broken = false;
  await desk.page.getByRole("button", { name: desk.say("common.retry"), exact: true }).click();
  await expect(card(desk, "unassigned")).toBeVisible();
  await desk.check();
  await desk.close();
});

/** Opens a ticket through the form, from a page whose way there has the dashboard's words. */
async function openTicketFromHere(desk: Desk, title: string): Promise<void> {
  await desk.page.goto("/tickets");
  await openTicket(desk, title, "Desde esta mañana");
}
