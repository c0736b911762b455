// Every page, looked at: in both themes, both languages and both widths. axe has nothing to say, nothing reaches past the
// edge, and a picture of each is kept in test-results/screens.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const SCREENS = resolve("../../test-results/screens");

const turno = useTurno({}, (turno) => turno.addDemo(60));

/** The pages that a person who has logged in can go to, and the heading that tells that each is there. */
const PAGES: readonly { name: string; path: string; heading: string }[] = [
  { name: "dashboard", path: "/?period=90d", heading: "dashboard.chart.days" },
  { name: "tickets", path: "/tickets", heading: "tickets.list.title" },
  { name: "tickets-none", path: "/tickets?q=nothingmatchesthis", heading: "tickets.list.title" },
  { name: "ticket-new", path: "/tickets/new", heading: "tickets.new.heading" },
  { name: "ticket", path: "/tickets/:open", heading: "" },
  { name: "ticket-closed", path: "/tickets/:closed", heading: "" },
  { name: "ticket-missing", path: "/tickets/999999", heading: "tickets.ticket.missing" },
  { name: "search", path: "/search?q=a%20status:open,waiting", heading: "" },
  { name: "search-none", path: "/search?q=nothingmatchesthis", heading: "search.none" },
  { name: "people", path: "/people", heading: "people.title" },
  { name: "categories", path: "/categories", heading: "categories.title" },
  { name: "replies", path: "/replies", heading: "replies.title" },
  { name: "audit", path: "/audit", heading: "audit.title" },
  { name: "audit-none", path: "/audit?action=exported", heading: "audit.title" },
  { name: "settings", path: "/settings", heading: "settings.title" },
  { name: "about", path: "/about", heading: "about.title" },
  { name: "mail", path: "/mail", heading: "mail.title" },
  { name: "notifications", path: "/notifications", heading: "notifications.title" },
  { name: "profile", path: "/profile", heading: "profile.page" },
  { name: "not-found", path: "/nowhere", heading: "common.not_found.title" },
];

for (const theme of ["light", "dark"] as const) {
  for (const language of ["es", "en"] as const) {
    for (const width of WIDTHS) {
      test(`every page, ${theme}, ${language}, ${width} px`, async ({ browser }) => {
        test.slow();
        const desk = await Desk.open(browser, turno(), { theme, language, width });
        await desk.page.goto("/");
        await expect(desk.page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
        await look(desk, "login", theme, language);

        await desk.enter(ADMIN);
        // In the language of the account so far.
        await expect(desk.page.locator(".chart-card").first()).toBeVisible();
        const ids = await prepare(desk, language);
        for (const { name, path, heading } of PAGES) {
          await desk.page.goto(path.replace(":open", String(ids.open)).replace(":closed", String(ids.closed)));
          const named = heading ? { name: desk.say(heading), exact: true } : { level: 1 };
          await expect(desk.page.getByRole("main").getByRole("heading", named).first()).toBeVisible();
          await desk.page.waitForLoadState("networkidle");
          await look(desk, name, theme, language);
        }
        await desk.close();
      });
    }
  }
}

/** The language goes with the account; the tickets to look at are the newest of their state. */
async function prepare(desk: Desk, language: Language): Promise<{ open: number; closed: number }> {
  return desk.page.evaluate(async (locale) => {
    const session = await (await fetch("/api/v1/session")).json();
    const changed = await fetch("/api/v1/me", {
      method: "PATCH",
      headers: { "content-type": "application/json", "X-CSRF-Token": session.csrf_token },
      body: JSON.stringify({ locale }),
    });
    if (!changed.ok) throw new Error(`PATCH /me: ${changed.status} ${await changed.text()}`);
    const newest = async (status: string) => {
      const list = await (await fetch(`/api/v1/tickets?status=${status}&limit=1`)).json();
      return Number(list.items[0].id);
    };
    return { open: await newest("waiting"), closed: await newest("closed") };
  }, language);
}

/** Checks the page that is open and keeps a picture of it. */
async function look(desk: Desk, name: string, theme: string, language: Language): Promise<void> {
  await desk.check();
  // The words change nothing that axe looks at.
  if (language === "es") await desk.checkAccess();
  mkdirSync(SCREENS, { recursive: true });
  const path = join(SCREENS, `${name}-${theme}-${language}-${desk.width}.png`);
  await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
}
