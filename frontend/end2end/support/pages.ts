// The pages there are, for the journeys that go to every one of them.

import { expect } from "@playwright/test";

import { type Desk } from "./desk.js";
import { fill, passwordLink } from "./filling.js";
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

/** What stands in a path for the words in braces. */
export interface Places {
  /** A ticket that is not closed. */
  readonly open: number;
  /** One that is. */
  readonly closed: number;
  /** Who has written to the person. */
  readonly neighbour: number;
}

/** The pages before the login, but for the one that a link leads to. */
export const DOORS: readonly PageThere[] = [
  { name: "login", path: "/login", heading: "session.title" },
  { name: "forgot", path: "/forgot", heading: "session.forgot_title" },
];

/** The page where somebody sets their password, by a link that is good. */
export async function setPassword(desk: Desk): Promise<PageThere> {
  const path = `/set-password/${await passwordLink(desk.turno)}`;
  return { name: "set-password", path, heading: "session.set_title", shows: "input[type=password]" };
}

/** The pages that a person who has logged in can go to, and the heading that tells that each is there. */
export const PAGES: readonly PageThere[] = [
  { name: "dashboard", path: "/?period=90d", heading: "dashboard.chart.weeks" },
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
  { name: "replies", path: "/replies", heading: "replies.title", shows: ".reply-rows > li" },
  { name: "audit", path: "/audit", heading: "audit.title" },
  { name: "audit-none", path: "/audit?action=exported", heading: "audit.title" },
  { name: "settings", path: "/settings", heading: "settings.title" },
  { name: "about", path: "/about", heading: "about.title" },
  { name: "mail", path: "/mail", heading: "mail.title", shows: ".mails-rows > *" },
  { name: "notifications", path: "/notifications", heading: "notifications.title", shows: "main .notice" },
  { name: "chat", path: "/chat/{neighbour}", heading: "", shows: ".bubble" },
  { name: "profile", path: "/profile", heading: "profile.page" },
  { name: "not-found", path: "/nowhere", heading: "common.not_found.title" },
];

/** Where nobody is chosen to write to, and where an address leads to nobody. */
export const CHATS: readonly PageThere[] = [
  { name: "chats", path: "/chat", heading: "chat.title" },
  { name: "chat-missing", path: "/chat/999999", heading: "chat.missing" },
];

/** What only others may go to. */
export const FORBIDDEN: PageThere = { name: "forbidden", path: "/settings", heading: "common.not_found.title" };

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

/** Speaks a language, and sees that there is something on every page; the tickets to look at are the newest of their state. */
export async function prepare(desk: Desk, language: Language): Promise<Places> {
  const neighbour = await fill(desk.turno);
  await speak(desk, language);
  const tickets = await desk.page.evaluate(async () => {
    const newest = async (status: string) => {
      const list = await (await fetch(`/api/v1/tickets?status=${status}&limit=1`)).json();
      return Number(list.items[0].id);
    };
    return { open: await newest("waiting"), closed: await newest("closed") };
  });
  return { ...tickets, neighbour };
}

/** Where a page is. The braces are what no address has of its own: a search may say `status:open`. */
export function addressOf({ path }: PageThere, places: Partial<Places>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: keyof Places) => String(places[name]));
}

/** Waits until a page that one went to is there, with what it asks for. */
export async function arrive(desk: Desk, { heading, shows }: PageThere): Promise<void> {
  const named = heading ? { name: desk.say(heading), exact: true } : { level: 1 };
  await expect(desk.page.getByRole("main").getByRole("heading", named).first()).toBeVisible();
  if (shows) await expect(desk.page.locator(shows).first()).toBeVisible();
  await desk.quiet();
}

/** Goes to a page and waits until it is there, with what it asks for. */
export async function visit(desk: Desk, there: PageThere, places: Partial<Places> = {}): Promise<void> {
  await desk.page.goto(addressOf(there, places));
  await arrive(desk, there);
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
