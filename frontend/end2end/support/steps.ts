// What people do, in the words of the interface.

import { expect, type Locator, type Page, type Route } from "@playwright/test";

import { type Desk } from "./desk.js";
import { PASSWORD, type Person, type Role } from "./turno.js";
import { type Language, NAMES, pattern } from "./words.js";

/** Follows a link of the shell; on a phone some are behind the account's menu. */
export async function go(desk: Desk, key: string): Promise<void> {
  const link = desk.page.getByRole("link", { name: desk.say(key), exact: true }).or(
    desk.page.getByRole("menuitem", { name: desk.say(key), exact: true }),
  );
  const menu = desk.page.getByRole("button", { name: pattern(desk.language, "common.nav.account") });
  await expect(menu).toBeVisible();
  const visible = link.filter({ visible: true });
  if ((await visible.count()) === 0) await menu.click();
  await visible.first().click();
}

/** The administrator makes an account on the people page. */
export async function addPerson(
  desk: Desk,
  username: string,
  name: string,
  role: Role,
  language: Language,
): Promise<Person> {
  const { page, say } = desk;
  const person = { username, name, email: `${username}@example.org`, role, password: PASSWORD };
  await go(desk, "common.nav.people");
  await page.getByRole("button", { name: say("people.new"), exact: true }).click();
  const form = page.getByRole("dialog", { name: say("people.create_heading") });
  await field(form, say("people.name")).fill(person.name);
  await field(form, say("people.username")).fill(person.username);
  await field(form, say("people.email")).fill(person.email);
  await field(form, say("people.role")).selectOption({ label: say(`common.role.${role}`) });
  await field(form, say("people.language")).selectOption({ label: NAMES[language] });
  await field(form, say("people.password")).fill(person.password);
  await form.getByRole("button", { name: say("people.create"), exact: true }).click();
  await desk.told(say("people.created", { name }));
  await expect(form).toBeHidden();
  await expect(page.getByRole("main").getByText(name, { exact: true }).first()).toBeVisible();
  return person;
}

/** Opens a ticket through its form and waits until it is shown. */
export async function openTicket(desk: Desk, title: string, description: string): Promise<void> {
  const { page, say } = desk;
  // On a phone the way there is in the bar at the bottom.
  const around = desk.width > 720 ? page.getByRole("main") : page.getByRole("navigation", { name: say("common.nav.main"), exact: true });
  await around.getByRole("link", { name: say("tickets.list.new"), exact: true }).first().click();
  await field(page, say("tickets.new.title")).fill(title);
  await field(page, say("tickets.new.description")).fill(description);
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
}

/** Opens tickets straight through the API, as the person at the desk; the numbers they got. */
export async function openTickets(desk: Desk, tickets: readonly object[]): Promise<number[]> {
  return desk.page.evaluate(async (tickets) => {
    const session = await (await fetch("/api/v1/session")).json();
    const ids: number[] = [];
    for (const ticket of tickets) {
      const answer = await fetch("/api/v1/tickets", {
        method: "POST",
        headers: { "content-type": "application/json", "X-CSRF-Token": session.csrf_token },
        body: JSON.stringify({ description: "…", ...ticket }),
      });
      ids.push((await answer.json()).id);
    }
    return ids;
  }, tickets);
}

/** The field that carries this label, whatever mark of obligation follows it. */
export function field(within: Pick<Locator, "getByLabel">, label: string): Locator {
  const escaped = label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return within.getByLabel(new RegExp(`^${escaped}(?!\\p{L})(?:\\s.*)?$`, "u"));
}

/** Writes into the answer box and sends it. */
export async function answer(desk: Desk, text: string, by: "send" | "send_note" | "send_close" = "send"): Promise<void> {
  const box = answerBox(desk);
  await box.fill(text);
  await writing(desk).getByRole("button", { name: desk.say(`tickets.write.${by}`), exact: true }).click();
  await expect(box).toHaveValue("");
  await expect(desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") }).getByText(text)).toBeVisible();
}

/** Where an answer is written. */
export function answerBox(desk: Desk): Locator {
  return writing(desk).getByRole("textbox");
}

function writing(desk: Desk): Locator {
  return desk.page.getByRole("region", { name: desk.say("tickets.write.label"), exact: true });
}

/** Leaves the header's search, in which something stands: the first Escape takes that back, the second leads away. */
export async function leaveSearch(page: Page): Promise<void> {
  const box = page.locator(".find").getByRole("combobox");
  await page.keyboard.press("Escape");
  await expect(box).toHaveValue("");
  await expect(box).toBeFocused();
  await page.keyboard.press("Escape");
}

/** A ticket's row in the list. */
export function row(desk: Desk, title: string): Locator {
  return desk.page.getByRole("table", { name: desk.say("tickets.list.region") }).getByRole("link").filter({ hasText: title });
}

/** The open ticket stands where its head says. */
export async function expectState(desk: Desk, status: "open" | "in_progress" | "waiting" | "closed"): Promise<void> {
  const head = desk.page.getByRole("main").locator(".talk-head");
  await expect(head.getByText(desk.say(`common.status.${status}`), { exact: true })).toBeVisible();
}

/**
 * Does something else with the next request to an address; those behind it go to the server. Not by `times: 1`: that lets go
 * of a request that is still held.
 */
export async function once(page: Page, url: string | RegExp, handle: (route: Route) => Promise<void>): Promise<void> {
  let waits = true;
  await page.route(url, async (route) => {
    if (!waits) return route.fallback();
    waits = false;
    await handle(route);
  });
}

/** Waits until the page scrolls no further. */
export async function still(page: Page): Promise<void> {
  let before = -1;
  await expect
    .poll(async () => {
      const last = before;
      before = await page.evaluate(() => new Promise<number>((done) => requestAnimationFrame(() => done(scrollY))));
      return before === last;
    })
    .toBe(true);
}

/** Logs out by the menu in the head, which asks first where something would be lost. */
export async function logOut({ page, say }: Desk, person: Person): Promise<void> {
  await page.getByRole("button", { name: say("common.nav.account", { name: person.name }) }).click();
  await page.getByRole("menuitem", { name: say("common.nav.log_out") }).click();
}

/** What waits until it is released. */
export function holding(): { readonly held: Promise<void>; readonly release: () => void } {
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  return { held, release: () => release() };
}
