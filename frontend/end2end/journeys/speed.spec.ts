// How quick it feels to work with, against the budgets: a ticket from the list, keys, and a list that does not end.
// Times are written down here, and judged by `cargo xtask bench` (measure.ts).

import { expect, type Locator, type Page, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { box, said } from "../support/chatting.js";
import { Desk, useTurno } from "../support/desk.js";
import { fill, NEIGHBOUR } from "../support/filling.js";
import { drawWhole, hold, longestWork, measured, slowness, TIMES, watch, worst } from "../support/measure.js";
import { field } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

/** Milliseconds from the press on a row of the list to the ticket's conversation. */
const TICKET = 100;
/** Milliseconds from a key until the page has done what it does. */
const KEY = 16;
/**
 * Milliseconds from a key to the picture with what it wrote: three pictures at sixty a second, of which it waits for one, is
 * worked on in one and is drawn in one. The browser rounds what it tells of them to eight.
 */
const SHOWN = 48;
/**
 * Milliseconds that whatever follows a scroll may hold the page up: of what takes less, the browser does not tell. What the page
 * works is never more; how long that takes by the clock, beside what draws its pictures, counts as everything here that is
 * measured by the clock: in the middle.
 */
const TASK = 50;
/** Rows that come while the list is scrolled, */
const COMING = 5_000;
/** so many at a time. */
const PAGE = 100;

const turno = useTurno({}, (turno) => turno.addDemo(30));

test("a ticket is there at once", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  const limit = TICKET * (await slowness(browser, { baseURL: turno().url }));
  const times: number[] = [];
  await page.goto("/tickets?status=all");
  for (let nth = 0; nth < TIMES; nth++) {
    await expect(page.locator(".ticket-link").nth(nth)).toBeVisible();
    // Whoever presses a row has looked at the list, which has all that it asked for by then.
    await desk.quiet();
    const time = await page.evaluate(async (nth) => {
      const link = document.querySelectorAll<HTMLElement>(".ticket-link")[nth]!;
      const title = link.textContent!.trim();
      const begun = performance.now();
      link.click();
      const there = () => document.querySelector("main h1")?.textContent?.trim() === title && document.querySelector(".talk .msg");
      while (!there()) await new Promise(requestAnimationFrame);
      return performance.now() - begun;
    }, nth);
    times.push(time);
    await page.goBack();
  }
  measured("a ticket from the list", times, limit);
  await desk.check();
  await desk.close();
});

/** Messages of a long conversation. */
const LONG = 200;

/** Where somebody types. */
interface Place {
  readonly name: string;
  /** Goes there. */
  readonly go: (desk: Desk) => Promise<unknown>;
  readonly box: (desk: Desk) => Locator;
  /** What is asked in a pause, and shown while one goes on. */
  readonly asks?: RegExp;
}

const PLACES: readonly Place[] = [
  { name: "an answer", go: ({ page }) => page.locator(".ticket-link").first().click(), box: ({ page }) => page.locator("#write-text") },
  { name: `an answer to ${LONG} messages`, go: longTicket, box: ({ page }) => page.locator("#write-text") },
  {
    name: "the title of a new ticket",
    go: ({ page }) => page.goto("/tickets/new"),
    box: ({ page, say }) => field(page, say("tickets.new.title")),
    asks: /\/api\/v1\/tickets\/similar\?/,
  },
  // Where the tickets that are like it are shown already.
  {
    name: "the description of a new ticket",
    go: async ({ page, say }) => {
      await page.goto("/tickets/new");
      const found = page.waitForResponse(/\/api\/v1\/tickets\/similar\?/);
      await field(page, say("tickets.new.title")).fill("La impresora no imprime");
      await found;
    },
    box: ({ page, say }) => field(page, say("tickets.new.description")),
  },
  { name: `a message after ${LONG} others`, go: longTalk, box: (desk) => box(desk, NEIGHBOUR) },
  {
    name: "the search over the list, which is the palette",
    go: async ({ page }) => {
      await page.goto("/tickets");
      await expect(page.locator(".ticket-link").first()).toBeVisible();
      await page.keyboard.press("Control+k");
    },
    box: ({ page, say }) => page.getByRole("combobox", { name: say("common.nav.search"), exact: true }),
    asks: /\/api\/v1\/search\?/,
  },
  {
    name: "the search for a person",
    go: ({ page }) => page.goto("/people"),
    box: ({ page, say }) => page.getByRole("searchbox", { name: say("people.search"), exact: true }),
    asks: /\/api\/v1\/users\?/,
  },
];

/** Says something again and again, as fast as the server takes it. */
async function sayOften(page: Page, path: string, times: number): Promise<void> {
  await page.evaluate(
    async ([path, times]) => {
      const { csrf_token } = await (await fetch("/api/v1/session")).json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
      for (let nth = 1; nth <= times; nth++) {
        const body = JSON.stringify({ body: `Lo que se dijo la vez **${nth}**: sigue sin \`imprimir\`, y ya son las doce.` });
        const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body });
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      }
    },
    [path, times] as const,
  );
}

/** A ticket on which much was said, all of which is on the page. */
async function longTicket({ page, say }: Desk): Promise<void> {
  const { id } = await ask<{ id: number }>(page, "POST", "/tickets", { title: "Una conversación larga", description: "No imprime." });
  await page.goto("/about");
  await sayOften(page, `/tickets/${id}/comments`, LONG);
  await page.goto(`/tickets/${id}`);
  const more = page.getByRole("button", { name: say("tickets.ticket.more"), exact: true });
  await expect(async () => {
    if (await more.isVisible()) await more.click();
    expect(await page.locator(".talk .msg").count()).toBeGreaterThan(LONG);
  }).toPass();
}

/** A conversation in which much was said. */
async function longTalk(desk: Desk): Promise<void> {
  const neighbour = await fill(turno());
  await desk.page.goto("/about");
  await sayOften(desk.page, `/conversations/${neighbour}/messages`, LONG);
  await desk.page.goto(`/chat/${neighbour}`);
  await expect(said(desk, NEIGHBOUR, `la vez ${LONG}:`)).toBeVisible();
}

test("who types does not wait", async ({ browser }) => {
  test.setTimeout(240_000);
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  await drawWhole(page);
  const slow = await slowness(browser, { baseURL: turno().url });
  for (const { name, go, box, asks } of PLACES) {
    await test.step(name, async () => {
      await go(desk);
      const place = box(desk);
      await place.focus();
      await desk.quiet();
      await watch(page, "event");
      const { after } = await hold(page, "event");
      for (const words of ["La impresora ", "del segundo piso ", "no imprime"]) {
        const answer = asks && page.waitForResponse(asks);
        await page.keyboard.type(words, { delay: 15 });
        await answer;
      }
      await expect(place).toHaveValue("La impresora del segundo piso no imprime");
      const { time, handled } = await worst(page, "event", after);
      measured(`the longest that a key is worked on in ${name}`, [handled], slow * KEY);
      measured(`the longest until a key shows in ${name}`, [time], slow * SHOWN);
      await place.fill("");
      await desk.check();
    });
  }
  await desk.close();
});

for (const there of [0, 45_000]) {
  test(`page after page of a list is scrolled through without a halt, behind ${there} rows`, async ({ browser }) => {
    test.slow();
    const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
    const { page } = desk;
    const limit = TASK * (await slowness(browser, { baseURL: turno().url }));
    // Invented, for what is measured is the page: how soon the server has each of its own, `cargo xtask bench` says. The rows
    // behind which the others come are there at once, as if somebody had scrolled through them.
    const rows = there + COMING;
    let like: object[] = [];
    let sent = 0;
    let pages = 0;
    await page.route(/\/api\/v1\/tickets\?/, async (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const many = Number(asked.get("limit"));
      // Whoever asks for a few wants to know how many there are.
      if (many < 20) return route.continue();
      const from = Number(asked.get("cursor") ?? 0);
      if (from === 0) like = ((await (await route.fetch()).json()) as { items: object[] }).items;
      else expect([many, from]).toEqual([PAGE, sent]);
      sent = Math.min(rows, from + (from === 0 ? Math.max(there, many) : many));
      pages += 1;
      const row = (nth: number) => ({ ...like[nth % like.length], id: 1_000_000 + nth, title: `Fila ${nth}`, unread: false });
      const items = Array.from({ length: sent - from }, (_, nth) => row(from + nth));
      return route.fulfill({ json: { items, next_cursor: sent < rows ? String(sent) : null } });
    });
    await page.goto("/tickets?status=all");
    const titled = (nth: number) => page.locator(".ticket-link").filter({ hasText: new RegExp(`^\\s*Fila ${nth}\\s*$`) });
    await expect(titled(0)).toBeVisible({ timeout: 30_000 });
    await desk.quiet();
    const drawn = page.locator(".ticket-row");
    let most = 0;
    let least = Infinity;
    const shown = () =>
      drawn.evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom > 0 && row.getBoundingClientRect().top < innerHeight).length);
    const seen = async () => {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      most = Math.max(most, await drawn.count());
    };
    const drag = (share: number) =>
      page.evaluate((share) => scrollTo({ top: share * document.documentElement.scrollHeight, behavior: "instant" }), share);
    await drag(there ? 1 : 0);
    await watch(page, "longtask");
    await page.mouse.move(640, 400);
    // In parts, to see which of them is slow.
    const times: number[] = [];
    const works: number[] = [];
    const begun = sent;
    const held = await longestWork(page, async () => void (await hold(page, "longtask")));
    expect(held, "a page that worked long is not told of").toBeGreaterThan(TASK);
    for (let part = 1; part <= TIMES; part++) {
      const { after } = await hold(page, "longtask");
      const work = await longestWork(page, async () => {
        const until = begun + ((rows - begun) * part) / TIMES;
        for (let step = 0; sent < until && step < 1_000; step++) {
          await page.mouse.wheel(0, 3_000);
          await seen();
        }
        await desk.quiet();
        // As whoever drags the bar: over a part of it, and back to where the others come.
        for (let step = 0; step <= 6; step++) {
          await drag((part - 1 + step / 6) / TIMES);
          await seen();
        }
        await drag(1);
        await desk.quiet();
        // Back up as fast as a hand does: there is always something on the screen.
        for (let step = 0; step < 30; step++) {
          await page.mouse.wheel(0, -140);
          await seen();
          least = Math.min(least, await shown());
        }
        await drag(1);
        await desk.quiet();
      });
      works.push(work);
      times.push((await worst(page, "longtask", after)).time);
    }
    expect(sent).toBe(rows);
    await expect(titled(rows - 1)).toBeVisible();
    measured(`the longest task while ${pages} pages come behind ${there} rows`, times, limit);
    measured(`the longest work at once while ${pages} pages come behind ${there} rows`, works, limit);
    // The first page is shorter or longer than the others.
    expect(pages).toBeGreaterThanOrEqual(COMING / PAGE);
    expect(most).toBeLessThanOrEqual(100);
    expect(least).toBeGreaterThan(10);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await desk.check();
    await desk.close();
  });
}
