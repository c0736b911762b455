// The pages there are, for the journeys that go to every one of them.

import { expect } from "@playwright/test";

import { type Desk } from "./desk.js";
import { PASSWORD, type Person, type Role } from "./turno.js";
import { type Language } from "./words.js";

export interface PageThere {
  readonly name: string;
  readonly path: string;
  /** The heading's words; nothing where they are a ticket's or a search's own. */
  readonly heading: string;
  /** What the page would be a poor picture without. */
  readonly shows?: string;
}

/** The tickets that stand for `{open}` and `{closed}` in a path. */
export interface Tickets {
  readonly open: number;
  readonly closed: number;
}

/** The pages that a person who has logged in can go to, and the heading that tells that each is there. */
export const PAGES: readonly PageThere[] = [
  { name: "dashboard", path: "/?period=90d", heading: "dashboard.chart.days" },
  { name: "tickets", path: "/tickets", heading: "tickets.list.title" },
  { name: "tickets-none", path: "/tickets?q=nothingmatchesthis", heading: "tickets.list.title" },
  { name: "ticket-new", path: "/tickets/new", heading: "tickets.new.heading" },
  { name: "ticket", path: "/tickets/{open}", heading: "" },
  { name: "ticket-closed", path: "/tickets/{closed}", heading: "" },
  { name: "ticket-missing", path: "/tickets/999999", heading: "tickets.ticket.missing" },
  { name: "search", path: "/search?q=a%20status:open,waiting,in_progress", heading: "", shows: ".search-row" },
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

/** The language goes with the account. */
export async function speak(desk: Desk, language: Language): Promise<void> {
  await desk.page.evaluate(async (locale) => {
    const session = await (await fetch("/api/v1/session")).json();
    const changed = await fetch("/api/v1/me", {
      method: "PATCH",
      headers: { "content-type": "application/json", "X-CSRF-Token": session.csrf_token },
      body: JSON.stringify({ locale }),
    });
    if (!changed.ok) throw new Error(`PATCH /me: ${changed.status} ${await changed.text()}`);
  }, language);
}

/** Speaks a language; the tickets to look at are the newest of their state. */
export async function prepare(desk: Desk, language: Language): Promise<Tickets> {
  await speak(desk, language);
  return desk.page.evaluate(async () => {
    const newest = async (status: string) => {
      const list = await (await fetch(`/api/v1/tickets?status=${status}&limit=1`)).json();
      return Number(list.items[0].id);
    };
    return { open: await newest("waiting"), closed: await newest("closed") };
  });
}

/** Where a page is. The braces are what no address has of its own: a search may say `status:open`. */
export function addressOf({ path }: PageThere, tickets: Tickets): string {
  return path.replace("{open}", String(tickets.open)).replace("{closed}", String(tickets.closed));
}

/** Goes to a page and waits until it is there, with what it asks for. */
export async function visit(desk: Desk, there: PageThere, tickets: Tickets): Promise<void> {
  const { heading, shows } = there;
  await desk.page.goto(addressOf(there, tickets));
  const named = heading ? { name: desk.say(heading), exact: true } : { level: 1 };
  await expect(desk.page.getByRole("main").getByRole("heading", named).first()).toBeVisible();
  if (shows) await expect(desk.page.locator(shows).first()).toBeVisible();
  await desk.page.waitForLoadState("networkidle");
}

/** A user of the demo and the technician who has a ticket of theirs: people who see something. Asked by an administrator. */
export async function demoPeople(desk: Desk): Promise<{ ticket: number; user: Person; technician: Person }> {
  const found = await desk.page.evaluate(async () => {
    const read = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const { items } = await read("/tickets?status=waiting,in_progress&limit=100");
    for (const { id, requester, assignee } of items) {
      if (!assignee) continue;
      const [user, technician] = [await read(`/users/${requester.id}`), await read(`/users/${assignee.id}`)];
      if (user.role === "user" && technician.role === "technician") return { ticket: Number(id), user, technician };
    }
    throw new Error("the demo has no ticket of a user that a technician has");
  });
  const person = ({ username, name, email }: Person, role: Role): Person => {
    desk.turno.resetPassword(username);
    return { username, name, email, role, password: PASSWORD };
  };
  return { ticket: found.ticket, user: person(found.user, "user"), technician: person(found.technician, "technician") };
}
