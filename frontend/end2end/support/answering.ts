// Answers on a ticket while the line comes and goes.

import { expect, type Locator, type Page, type Route } from "@playwright/test";

import { connected, type Desk } from "./desk.js";
import { answerBox, openTicket } from "./steps.js";

/** The page tries again less and less often, up to twice a minute. */
export const LONG = { timeout: 60_000 };
const COMMENTS = /\/api\/v1\/tickets\/\d+\/comments$/;

/** What the page sent to write an answer. */
export interface Sent {
  readonly body: string;
  readonly client_id: string;
  /** Where the ticket goes with it. */
  readonly status?: string;
  readonly background: boolean;
}

/** A button of the box that an answer is written in. */
export function button(desk: Desk, key: string, page: Page = desk.page): Locator {
  const box = page.getByRole("region", { name: desk.say("tickets.write.label"), exact: true });
  return box.getByRole("button", { name: desk.say(key), exact: true });
}

/** The conversation. */
export function said(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") });
}

/** What says that the text waits for the line. */
export function waits(desk: Desk, page: Page = desk.page): Locator {
  return page.getByRole("alert").filter({ hasText: desk.say("conversation.later.waits") });
}

/** Sends what the box of an answer holds, and finds that it waits. */
export async function sendInVain(desk: Desk, text: string): Promise<void> {
  await answerBox(desk).fill(text);
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
}

/** What the browser keeps that was not sent. */
export function unsent(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("turno.outbox.")));
}

/** Opens a ticket and waits until the page hears what happens; its number. */
export async function opened(desk: Desk, title: string): Promise<number> {
  await openTicket(desk, title, "Desde esta mañana");
  await expect(answerBox(desk)).toBeVisible();
  await connected(desk.page);
  return Number(/\/tickets\/(\d+)$/.exec(desk.page.url())?.[1]);
}

/** The server is gone, and the page knows. */
export async function lose(desk: Desk): Promise<void> {
  await desk.turno.kill();
  await expect(desk.page.locator("html")).toHaveAttribute("data-live", "offline");
}

/** What stands on a ticket, as the server says. */
export async function written(page: Page, id: number): Promise<string[]> {
  return page.evaluate(async (id) => {
    const answer = await (await fetch(`/api/v1/tickets/${id}/comments`)).json();
    return answer.items.map((comment: { body: string }) => comment.body);
  }, id);
}

/** What a page, or any tab, sends to write an answer; what becomes of each is for `then` to say. */
export async function sending(
  from: Pick<Page, "route">,
  then: (route: Route, number: number, sent: Sent) => Promise<void>,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  await from.route(COMMENTS, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const asked = route.request().postDataJSON() as Omit<Sent, "background">;
    const one = { ...asked, background: route.request().headers()["x-turno-background"] === "1" };
    sent.push(one);
    await then(route, sent.length, one);
  });
  return sent;
}
