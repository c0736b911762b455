// What is done by the keyboard alone, and with it the proof that the focus is never lost.

import { type Browser, expect, type Locator } from "@playwright/test";

import { Desk } from "./desk.js";
import { type Person, type Turno } from "./turno.js";

/** More than any page has places for the focus. */
const MANY = 150;

/** Logs in on the way to the list. */
export async function enter(browser: Browser, turno: Turno, person: Person): Promise<Desk> {
  const desk = await Desk.open(browser, turno);
  const { page, say } = desk;
  await page.goto("/tickets");
  await expect(page.getByRole("button", { name: say("session.enter"), exact: true })).toBeVisible();
  await write(desk, page.getByLabel(say("session.login"), { exact: true }), person.username);
  await write(desk, page.getByLabel(say("session.password"), { exact: true }), person.password);
  await page.keyboard.press("Enter");
  await expect(heading(desk)).toHaveText(say("tickets.list.title"));
  await steady(desk);
  return desk;
}

export function heading(desk: Desk): Locator {
  return desk.page.getByRole("heading", { level: 1 });
}

/** Goes from place to place until this one has the focus. */
export async function tabTo(desk: Desk, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  const has = () => target.evaluate((element) => element === document.activeElement);
  for (let steps = 0; steps < MANY; steps++) {
    if (await has()) return steady(desk);
    await desk.page.keyboard.press(key);
  }
  throw new Error(`the keyboard does not come to ${target}`);
}

/** Goes to something and presses it. */
export async function press(desk: Desk, target: Locator, key?: "Tab" | "Shift+Tab"): Promise<void> {
  await tabTo(desk, target, key);
  await desk.page.keyboard.press("Enter");
}

/** Goes to a field and writes into it. */
export async function write(desk: Desk, into: Locator, text: string): Promise<void> {
  await tabTo(desk, into);
  await desk.page.keyboard.type(text);
  await expect(into).toHaveValue(text);
  await steady(desk);
}

/** Follows a link of the rail, which stands before the page. */
export async function follow(desk: Desk, key: string): Promise<void> {
  const rail = desk.page.getByRole("navigation", { name: desk.say("common.nav.main"), exact: true });
  await press(desk, rail.getByRole("link", { name: desk.say(key), exact: true }), "Shift+Tab");
}

/** Something that can be seen has the focus. */
export async function steady(desk: Desk): Promise<void> {
  const lost = () =>
    desk.page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "nothing has the focus";
      const { width, height, top, bottom, left, right } = at.getBoundingClientRect();
      const seen = at.checkVisibility({ visibilityProperty: true }) && width > 0 && height > 0;
      const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
      return seen && inside ? "" : `the focus is on what cannot be seen: ${at.outerHTML.slice(0, 160)}`;
    });
  await expect.poll(lost).toBe("");
}
