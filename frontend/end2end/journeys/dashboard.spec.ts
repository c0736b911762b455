// The dashboard: what each role sees first, that its numbers are those of the lists they lead to, that the keyboard reaches
// everything, and that it moves while others work.

import { resolve } from "node:path";

import { type Browser, expect, type Locator, test } from "@playwright/test";

import { Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { openTicket } from "../support/steps.js";
import type { Language } from "../support/words.js";
import { ADMIN, PASSWORD, type Person, type Role } from "../support/turno.js";

const turno = useTurno({}, (turno) => turno.addDemo(60));

function account(username: string, name: string, role: Role, language: Language = "es"): Person {
  return turno().addPerson({ username, name, email: `${username}@example.org`, role, language, password: PASSWORD });
}

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

/** The number that stands in a part of the page. */
async function number(of: Locator): Promise<number> {
  return Number((await of.innerText()).replace(/\D/g, ""));
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
      await asks.check();
      await asks.checkAccess();
      await picture(asks, `user-${theme}`);

      const answers = await enter(browser, tech, look);
      await expect(card(answers, "unassigned")).toBeVisible();
      await expect(card(answers, "my_first_response")).toBeVisible();
      await expect(answers.page.getByText(answers.say("dashboard.rows.nothing"), { exact: true })).toBeVisible();
      await answers.check();
      await answers.checkAccess();
      await picture(answers, `technician-${theme}`);

      const runs = await enter(browser, account(`dirige${width}${theme}`, "Eva Soler", "admin", language), look);
      await expect(chart(runs, "load")).toBeVisible();
      await expect(card(runs, "first_response")).toBeVisible();
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
    if (width <= 720) await expect(bar.locator(".narrow")).toHaveClass(/open/);
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
