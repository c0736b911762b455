// A page at 400 %, which is a screen of 320 by 256, and a narrow phone: nothing has to be scrolled sideways, nothing stands
// over what one reads, and everything that can be pressed can be brought into view.

import { type Browser, expect, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { CHATS, DOORS, PAGES, prepare, setPassword, speak, visit } from "../support/pages.js";
import { answer, expectState, openTicket } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno({}, (turno) => turno.addDemo(60));

interface Size {
  readonly width: number;
  readonly height: number;
}

const SIZES: readonly Size[] = [
  { width: 320, height: 256 },
  { width: 320, height: 800 },
];

async function open(browser: Browser, size: Size, language: Language = "es"): Promise<Desk> {
  const desk = await Desk.open(browser, turno(), { width: size.width, language });
  await desk.page.setViewportSize(size);
  return desk;
}

for (const size of SIZES) {
  test(`every page is whole at ${size.width} × ${size.height}`, async ({ browser }) => {
    test.slow();
    const desk = await open(browser, size);
    const { page, say } = desk;
    for (const door of [...DOORS, await setPassword(desk)]) {
      await visit(desk, door);
      await look(desk, door.name);
    }

    await page.goto("/");
    await desk.enter(ADMIN);
    await expect(page.getByRole("heading", { name: say("dashboard.chart.days") })).toBeVisible();
    const places = await prepare(desk, "es");
    for (const there of [...PAGES, ...CHATS]) {
      await visit(desk, there, places);
      await look(desk, there.name);
    }
    await desk.close();
  });
}

test("a ticket is opened, answered and closed at 400 %", async ({ browser }) => {
  const desk = await open(browser, { width: 320, height: 256 });
  await desk.page.goto("/tickets");
  await desk.enter(ADMIN);
  await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(desk.say("tickets.list.title"));
  await openTicket(desk, "Con lupa", "Lo leo todo a cuatro veces su tamaño");
  await answer(desk, "Así se puede responder");
  await desk.page.getByRole("button", { name: desk.say("tickets.ticket.close"), exact: true }).click();
  await expectState(desk, "closed");
  await desk.check();
  await desk.close();
});

for (const language of ["es", "en"] as const) {
  test(`the bars and heads of a phone stand in whole lines (${language}, 360 px)`, async ({ browser }) => {
    const desk = await open(browser, { width: 360, height: 740 }, language);
    const { page, say } = desk;
    await page.goto("/");
    await desk.enter(ADMIN);
    await expect(page.locator(".stat").first()).toBeVisible();
    await prepare(desk, language);
    await page.reload();
    await expect(page.locator(".stat").first()).toBeVisible();

    // Five places, each with its whole name.
    const bar = page.getByRole("navigation", { name: say("common.nav.main"), exact: true });
    await expect(bar.getByRole("link").filter({ visible: true })).toHaveCount(5);
    await expect(bar.getByText(say("common.nav.dashboard"), { exact: true })).toBeInViewport({ ratio: 1 });
    const cut = await bar.evaluate((bar) => {
      const words = [...bar.querySelectorAll<HTMLElement>("a .rail-word:not(.rail-long), a .rail-short")];
      return words.filter((word) => word.checkVisibility() && word.scrollWidth > word.clientWidth).map((word) => word.innerText);
    });
    expect(cut).toEqual([]);

    // The heads: a greeting is one line, and what can be done stands beside the title.
    const lines = (greeting: HTMLElement) => Math.round(greeting.offsetHeight / parseFloat(getComputedStyle(greeting).lineHeight));
    expect(await page.locator(".board-head h1").evaluate(lines)).toBe(1);
    await page.goto("/tickets");
    await expect(page.locator(".ticket-row").first()).toBeVisible();
    expect(await inOneLine(desk, ".tickets-head", "h1", ".export")).toBe(true);

    // The views that go on beyond the edge fade into it; at their end none does.
    const views = page.getByRole("navigation", { name: say("tickets.list.views"), exact: true });
    const faded = () =>
      views.evaluate((views) => {
        const { right } = views.getBoundingClientRect();
        const from = right - parseFloat(getComputedStyle(views).paddingRight);
        const edges = [...views.querySelectorAll("a")].map((view) => view.getBoundingClientRect());
        return edges.filter((edge) => edge.left < right - 1 && edge.right > from + 1).length;
      });
    expect(await faded()).toBeGreaterThan(0);
    await views.evaluate((views) => views.scrollTo({ left: views.scrollWidth, behavior: "instant" }));
    expect(await faded()).toBe(0);

    // What changes several tickets: how many and the way out, and below them rows of buttons from edge to edge.
    const table = page.getByRole("table", { name: say("tickets.list.region") });
    await table.getByRole("checkbox", { name: /\d/ }).first().click();
    const bulk = page.getByRole("region", { name: say("views.bulk.bar") });
    await expect(bulk.getByRole("status")).toHaveText(say("views.bulk.chosen.one", { count: 1 }));
    expect(await inOneLine(desk, ".bulk-bar", ".bulk-count", ".bulk-bar > .btn-icon")).toBe(true);
    // It stands on the bar: no strip of a row shows between them.
    const [floating, foot] = [(await bulk.boundingBox())!, (await bar.boundingBox())!];
    expect(Math.round(floating.y + floating.height)).toBe(Math.round(foot.y));
    const acts = bulk.locator(".bulk-acts > *");
    const edges = await acts.evaluateAll((acts) => {
      const rows = new Map<number, { left: number; right: number }>();
      for (const { top, left, right } of acts.map((act) => act.getBoundingClientRect())) {
        const row = rows.get(Math.round(top)) ?? { left, right };
        rows.set(Math.round(top), { left: Math.min(row.left, left), right: Math.max(row.right, right) });
      }
      return [...rows.values()].map(({ left, right }) => `${Math.round(left)}-${Math.round(right)}`);
    });
    expect(new Set(edges).size, `${edges}`).toBe(1);
    expect(edges.length).toBeLessThan(3);
    await expect(bulk.getByRole("button", { name: say("views.bulk.close"), exact: true })).toBeInViewport({ ratio: 1 });
    // A menu that opens there lies over the bar.
    await bulk.getByRole("button", { name: say("views.bulk.assign"), exact: true }).click();
    const first = bulk.getByRole("menuitem").first();
    await expect(first).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Escape");
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });
}

for (const width of [360, 1440]) {
  test(`a word that is wider than the screen widens no form (${width} px)`, async ({ browser }) => {
    const desk = await open(browser, { width, height: 740 });
    const { page, say } = desk;
    await page.goto("/");
    await desk.enter(ADMIN);
    await expect(page.locator(".stat").first()).toBeVisible();
    // Another journey may have spoken another language.
    await speak(desk, "es");
    await page.goto("/tickets/new");
    await page.getByRole("textbox", { name: say("tickets.new.title"), exact: true }).fill("x".repeat(200));
    await page.getByRole("textbox", { name: say("tickets.new.description"), exact: true }).fill(`https://example.org/?${"x".repeat(400)}`);
    await desk.check();
    await expect(page.getByRole("button", { name: say("tickets.new.create"), exact: true })).toBeVisible();
    await desk.close();
  });
}

/** Whether two parts of something stand beside each other. */
async function inOneLine(desk: Desk, around: string, one: string, other: string): Promise<boolean> {
  const part = (selector: string) => desk.page.locator(selector.startsWith(around) ? selector : `${around} ${selector}`).first();
  const [a, b] = [await part(one).boundingBox(), await part(other).boundingBox()];
  return a !== null && b !== null && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Checks the page that is open. */
async function look(desk: Desk, name: string): Promise<void> {
  await desk.check();
  expect.soft(await inTheWay(desk), `${name}: what stands still takes more than a third of the screen`).toEqual([]);
  expect.soft(await outOfReach(desk), `${name}: what cannot be brought into view`).toEqual([]);
}

/** What stays where it is while the page is scrolled, when all of it together takes more than a third of the screen. */
async function inTheWay(desk: Desk): Promise<string[]> {
  return desk.page.evaluate(() => {
    const page = document.documentElement;
    scrollTo({ top: (page.scrollHeight - innerHeight) / 2, behavior: "instant" });
    let height = 0;
    const found: string[] = [];
    for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
      const { position, pointerEvents } = getComputedStyle(element);
      if (!["fixed", "sticky"].includes(position) || pointerEvents === "none" || !element.checkVisibility()) continue;
      // What sticks inside a part that scrolls by itself covers only that.
      if (position === "sticky" && element.closest(".chart-table, .import-lines, dialog")) continue;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
      if (seen <= 0 || Math.min(right, innerWidth) - Math.max(left, 0) < innerWidth / 2) continue;
      height += seen;
      found.push(`${element.className}: ${Math.round(seen)} px`);
    }
    scrollTo({ top: 0, behavior: "instant" });
    return height > innerHeight / 3 ? found : [];
  });
}

/** What can be pressed or filled in, and lies under something else even when it is scrolled to. */
async function outOfReach(desk: Desk): Promise<string[]> {
  return desk.page.evaluate(() => {
    const within = document.querySelector(".shell") ? ".shell " : "main ";
    const kinds = ["a[href]", "button", "input", "select", "textarea", "summary"].map((kind) => within + kind);
    const covered: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(kinds.join(", "))) {
      const style = getComputedStyle(element);
      const shown = element.checkVisibility() && style.visibility === "visible" && style.pointerEvents !== "none";
      // Without the inputs that only a screen reader meets: their labels are what is pressed.
      if (!shown || element.matches(":disabled") || element.offsetWidth < 4 || style.clipPath !== "none") continue;
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = element.getClientRects()[0];
      if (!box) continue;
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const label = hit?.closest("label");
      if (hit && (element.contains(hit) || hit.contains(element) || label?.contains(element) || label?.control === element)) continue;
      covered.push(`${element.outerHTML.slice(0, 120)} under ${hit?.outerHTML.slice(0, 120) ?? "the edge"}`);
    }
    scrollTo({ top: 0, behavior: "instant" });
    return covered;
  });
}
