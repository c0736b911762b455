// The pages there are, for the journeys that go to every one of them.

import { type Desk } from "./desk.js";
import { type Language } from "./words.js";

/** The pages that a person who has logged in can go to, and the heading that tells that each is there. */
export const PAGES: readonly { name: string; path: string; heading: string }[] = [
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

/** The language goes with the account; the tickets to look at are the newest of their state. */
export async function prepare(desk: Desk, language: Language): Promise<{ open: number; closed: number }> {
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
