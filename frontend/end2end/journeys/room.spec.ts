// What has room at which width: names and titles are read whole, rows of buttons stand in one row, and the button of the chat
// hides nothing.

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { demoPeople, prepare } from "../support/pages.js";
import { answerBox, openTicket } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";
import { pattern } from "../support/words.js";

const turno = useTurno({}, (turno) => turno.addDemo(60));

/** Where a number or a button may stand at the right edge of the page. */
const ROWS = ".people-rows, .audit-rows, .ticket-row, .chart-card, .stat, .board-rows, .tickets-new form";

test("a small window begins with a narrow rail; what the person chose wins", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 768 })).logIn(ADMIN);
  const { page, say } = desk;
  const turn = (key: "expand" | "collapse") => page.getByRole("button", { name: say(`common.nav.${key}`), exact: true });
  const names = page.locator(".people-rows .name b");

  await expect(turn("expand")).toHaveAttribute("aria-expanded", "false");
  await expect(page.locator(".ticket-row").first()).toBeVisible();
  expect(await narrowest(page.locator(".ticket-row .in-title"))).toBeGreaterThan(180);
  await page.goto("/people");
  await expect(names.first()).toBeVisible();
  expect(await cut(names)).toEqual([]);
  await desk.checkAccess();

  // It follows the window.
  await desk.resize(1440);
  await expect(turn("collapse")).toBeVisible();
  expect(await cut(names)).toEqual([]);
  await desk.resize(768);

  // Whoever wants the words has them, here and after the next visit; what they stand beside is still read.
  await turn("expand").click();
  await expect(turn("collapse")).toHaveAttribute("aria-expanded", "true");
  expect(await cut(names)).toEqual([]);
  await page.goto("/tickets");
  await expect(turn("collapse")).toBeVisible();
  await expect(page.locator(".ticket-row").first()).toBeVisible();
  expect(await narrowest(page.locator(".ticket-row .in-title"))).toBeGreaterThan(150);
  // Room is given while the page is open, too.
  await expect(page.locator(".ticket-row .in-category")).toHaveCount(0);
  await turn("collapse").click();
  await expect(page.locator(".ticket-row .in-category").first()).toBeVisible();
  await desk.resize(1440);
  await expect(turn("expand")).toBeVisible();
  await desk.check();
  await desk.close();
});

test("nothing that is read lies under the button of the chat", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  for (const width of [768, 1280, 1440]) {
    await desk.resize(width);
    for (const path of ["/people", "/audit", "/tickets", "/tickets/new", "/?period=90d"]) {
      await desk.page.goto(path);
      await expect(desk.page.getByRole("heading", { level: 1 })).toBeVisible();
      await desk.page.waitForLoadState("networkidle");
      await expect(desk.page.locator(ROWS).first()).toBeVisible();
      await expect(desk.page.locator(".dock-open")).toBeVisible();
      expect.soft(await hidden(desk), `${path} at ${width} px`).toEqual([]);
    }
  }
  await desk.check();
  await desk.close();
});

test("a conversation stands beside a look into a ticket, and goes back", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 1440 })).logIn(ADMIN);
  const { page, say } = desk;
  const { name } = (await demoPeople(desk)).technician;
  await page.goto("/tickets");
  const row = page.locator(".ticket-row").getByRole("link").first();
  await expect(row).toBeVisible();
  await page.getByRole("button", { name: pattern("es", "chat.dock.open") }).first().click();
  await page.getByRole("searchbox", { name: say("chat.find_person") }).fill(name);
  await page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name }).first().click();
  const window = page.getByRole("region", { name: say("chat.with", { name }), exact: true });
  const box = window.getByRole("textbox", { name: say("chat.write.label", { name }) });
  await expect(box).toBeFocused();
  const stood = await edges(window);

  await row.focus();
  await page.keyboard.press("Space");
  const sheet = page.getByRole("complementary", { name: say("views.peek.label") });
  await expect(sheet).toBeVisible();
  expect((await edges(window)).right).toBeLessThanOrEqual((await edges(sheet)).left);
  await row.focus();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  expect(await edges(window)).toEqual(stood);

  // Minimised, it is as wide as the button.
  await box.focus();
  await page.keyboard.press("Escape");
  const chip = page.getByRole("button", { name: say("chat.dock.restore", { name }), exact: true });
  await expect(chip).toBeFocused();
  expect((await edges(chip)).left).toBeGreaterThanOrEqual((await edges(page.locator(".dock-open"))).left);
  await desk.checkAccess();
  await desk.check();
  await desk.close();
});

test("nobody who touches the screen is told of keys, nor of dragging", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 360, touch: true })).logIn(ADMIN);
  await openTicket(desk, "Sin teclado", "Solo un dedo");
  await expect(answerBox(desk)).toHaveAttribute("placeholder", desk.say("tickets.write.reply_own_touch"));
  await expect(desk.page.locator(".write").getByText("Ctrl")).toHaveCount(0);
  await expect(desk.page.locator(".attach-hint").first()).toHaveText(/^[^.]+\.$/);
  await desk.check();
  await desk.close();
});

for (const language of ["es", "en"] as const) {
  test(`what narrows the list and what sends an answer stand in one row (${language})`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { language })).logIn(ADMIN);
    const { open } = await prepare(desk, language);
    for (const width of [1280, 1440]) {
      await desk.resize(width);
      await desk.page.goto("/tickets");
      await expect(desk.page.locator(".ticket-row").first()).toBeVisible();
      expect.soft(await rows(desk.page.locator(".tickets-bar .pill")), `the filters at ${width} px`).toBe(1);
      expect.soft(await rows(desk.page.locator(".tickets-head :is(h1, .pill, .btn)")), `the head at ${width} px`).toBe(1);
      await desk.page.goto(`/tickets/${open}`);
      await expect(answerBox(desk)).toBeVisible();
      expect.soft(await rows(desk.page.locator(".write .foot :is(summary, button)")), `the answer at ${width} px`).toBe(1);
    }
    await desk.check();
    await desk.close();
  });
}

/** Where something begins and ends, in pixels from the left. */
async function edges(part: Locator): Promise<{ left: number; right: number }> {
  return part.evaluate((one) => {
    const { left, right } = one.getBoundingClientRect();
    return { left, right };
  });
}

/** What ends in an ellipsis. */
async function cut(texts: Locator): Promise<string[]> {
  return texts.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent ?? ""));
}

/** How wide the narrowest is, in pixels. */
async function narrowest(parts: Locator): Promise<number> {
  return Math.min(...(await parts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))));
}

/** How many rows the parts that are seen stand in. Those of one row are centred on one line. */
async function rows(parts: Locator): Promise<number> {
  const middles = await parts.evaluateAll((all) =>
    all
      .filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect())
      .map(({ top, bottom }) => (top + bottom) / 2)
      .sort((a, b) => a - b),
  );
  return middles.filter((middle, at) => at === 0 || middle - (middles[at - 1] ?? 0) > 12).length;
}

/** The texts of rows that reach as far to the right as the button does to the left: somewhere they would pass under it. */
async function hidden(desk: Desk): Promise<string[]> {
  return desk.page.evaluate((around) => {
    const edge = document.querySelector(".dock-open")?.getBoundingClientRect().left ?? 0;
    const found: string[] = [];
    for (const part of document.querySelectorAll(around)) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.parentElement?.checkVisibility() || text.parentElement.closest(".visually-hidden")) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const ends = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ right }) => right);
        // What is cut ends where the part that cuts it does.
        for (let outer: Element | null = text.parentElement; outer && outer !== part; outer = outer.parentElement) {
          if (getComputedStyle(outer).overflowX === "visible") continue;
          ends.forEach((end, at) => (ends[at] = Math.min(end, outer?.getBoundingClientRect().right ?? end)));
        }
        const reaches = ends.some((end) => end > edge + 0.5);
        if (reaches && text.textContent?.trim()) found.push(text.textContent.trim());
      }
    }
    return found;
  }, ROWS);
}
