// What has room at which width: names and titles are read whole, rows of buttons stand in one row, and the button of the chat
// hides nothing.

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { demoPeople, prepare } from "../support/pages.js";
import { answerBox, openTicket } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { pattern } from "../support/words.js";

/** Whom the administrator writes to. */
const GALA: Person = { username: "gala", name: "Gala Quiroga", email: "gala@example.org", role: "technician", password: PASSWORD };
const TELMO: Person = { username: "telmo", name: "Telmo Iborra", email: "telmo@example.org", role: "technician", password: PASSWORD };
const BERTA: Person = { username: "berta", name: "Berta Marsal", email: "berta@example.org", role: "technician", password: PASSWORD };

const turno = useTurno({}, (turno) => {
  turno.addDemo(60);
  for (const person of [GALA, TELMO, BERTA]) turno.addPerson(person);
});

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
  const box = await converse(desk, name);
  const window = page.getByRole("region", { name: say("chat.with", { name }), exact: true });
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

// At the narrowest the look comes from below and leaves no room above it; at the others it stands at the right.
for (const { width, people, left } of [
  { width: 1024, people: [GALA, TELMO], left: 0 },
  { width: 1280, people: [GALA, TELMO], left: 1 },
  { width: 1440, people: [GALA, TELMO, BERTA], left: 1 },
]) {
  test(`conversations make room for a look into a ticket, and come back as they were (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await page.goto("/tickets");
    for (const { name } of people) await (await converse(desk, name)).fill(`Sin enviar a ${name}`);
    const windows = page.locator(".dock-window:visible");
    await expect(windows).toHaveCount(people.length);
    expect(await covering(desk)).toEqual([]);
    const stood = await standing(desk);

    const sheet = await look(desk);
    await expect(windows).toHaveCount(left);
    await expect(page.locator(".dock-chip")).toHaveCount(people.length - left);
    expect(await covering(desk)).toEqual([]);
    await desk.check();

    await lookAway(desk, sheet);
    await expect.poll(() => standing(desk)).toEqual(stood);
    await expect(page.locator(".dock-chip")).toHaveCount(0);
    for (const { name } of people) {
      await expect(page.getByRole("textbox", { name: say("chat.write.label", { name }) })).toHaveValue(`Sin enviar a ${name}`);
    }
    await desk.check();
    await desk.close();
  });
}

test("a conversation that is asked for during a look into a ticket is shown, and one that is closed stays closed", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 1280 })).logIn(ADMIN);
  const { page, say } = desk;
  const box = ({ name }: Person) => page.getByRole("textbox", { name: say("chat.write.label", { name }) });
  const chip = ({ name }: Person) => page.getByRole("button", { name: say("chat.dock.restore", { name }), exact: true });
  await page.goto("/tickets");
  for (const { name } of [GALA, TELMO]) await (await converse(desk, name)).fill(`Sin enviar a ${name}`);

  // The first made room for the last; asked for, it changes places with it.
  const beside = await look(desk);
  await expect(box(TELMO)).toBeVisible();
  await chip(GALA).click();
  await expect(box(GALA)).toBeFocused();
  await expect(box(GALA)).toHaveValue(`Sin enviar a ${GALA.name}`);
  await expect(beside).toBeVisible();
  expect(await covering(desk)).toEqual([]);
  await page.getByRole("button", { name: say("chat.dock.drop", { name: TELMO.name }), exact: true }).click();
  await expect(page.getByRole("button", { name: say("chat.dock.open"), exact: true })).toBeFocused();
  await lookAway(desk, beside);
  await expect(box(GALA)).toHaveValue(`Sin enviar a ${GALA.name}`);
  await expect(box(TELMO).or(chip(TELMO))).toHaveCount(0);

  // Where there is no room for both, the look goes.
  await desk.resize(1024);
  const below = await look(desk);
  await expect(chip(GALA)).toBeVisible();
  await expect(box(GALA)).toBeHidden();
  await chip(GALA).click();
  await expect(below).toHaveCount(0);
  await expect(box(GALA)).toBeFocused();
  await expect(box(GALA)).toHaveValue(`Sin enviar a ${GALA.name}`);
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

/** Opens a conversation in a window; where one writes in it. */
async function converse({ page, say }: Desk, name: string): Promise<Locator> {
  await page.getByRole("button", { name: pattern("es", "chat.dock.open") }).first().click();
  await page.getByRole("searchbox", { name: say("chat.find_person") }).fill(name);
  await page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name }).first().click();
  const box = page.getByRole("textbox", { name: say("chat.write.label", { name }) });
  await expect(box).toBeFocused();
  return box;
}

/** Looks into the first ticket of the list. */
async function look({ page, say }: Desk): Promise<Locator> {
  await page.locator(".ticket-row").getByRole("link").first().focus();
  await page.keyboard.press("Space");
  const sheet = page.getByRole("complementary", { name: say("views.peek.label") });
  await expect(sheet.getByRole("heading", { level: 2 })).toBeVisible();
  return sheet;
}

async function lookAway({ page }: Desk, sheet: Locator): Promise<void> {
  await page.locator(".ticket-row").getByRole("link").first().focus();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
}

/** Where the windows of the dock stand that are seen, by whose they are. */
async function standing({ page }: Desk): Promise<Record<string, DOMRect>> {
  return page.locator(".dock-window:visible").evaluateAll(async (all) => {
    // One that has just come is still rising to its place.
    await Promise.allSettled(all.flatMap((one) => one.getAnimations()).map((rise) => rise.finished));
    return Object.fromEntries(all.map((one) => [one.getAttribute("aria-label") ?? "", one.getBoundingClientRect().toJSON() as DOMRect]));
  });
}

/** The windows of the dock that lie over the rail or over a look into a ticket. */
async function covering({ page }: Desk): Promise<DOMRect[]> {
  return page.evaluate(() => {
    const boxes = (of: string) =>
      [...document.querySelectorAll(of)].filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect());
    const kept = boxes(".rail, .peek");
    const covers = (one: DOMRect) =>
      kept.some(({ left, right, top, bottom }) => one.left < right && left < one.right && one.top < bottom && top < one.bottom);
    return boxes(".dock-window").filter(covers).map((one) => one.toJSON() as DOMRect);
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
