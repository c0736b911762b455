// Who writes to each other in the journeys about private messages, and how.

import { type Browser, expect, type Locator, type Page } from "@playwright/test";

import { Desk, type Look } from "./desk.js";
import { PASSWORD, type Person, type Turno } from "./turno.js";
import { pattern } from "./words.js";

export const ANA: Person = { username: "ana", name: "Ana Ruiz", email: "ana@example.org", role: "user", password: PASSWORD };
export const LUIS: Person = { username: "luis", name: "Luis Peña", email: "luis@example.org", role: "technician", password: PASSWORD };
export const INES: Person = { username: "ines", name: "Inés Soto", email: "ines@example.org", role: "technician", password: PASSWORD, language: "en" };

export const EVA: Person = { username: "eva", name: "Eva Torres", email: "eva@example.org", role: "technician", password: PASSWORD };
export const ROSA: Person = { username: "rosa", name: "Rosa Gil", email: "rosa@example.org", role: "technician", password: PASSWORD };

/** Everybody of them. */
export const PEOPLE = [ANA, LUIS, INES, EVA, ROSA];

/** Time for what comes by itself, and by asking again where it does not. */
export const SOON = { timeout: 25_000 };

export async function enter(browser: Browser, turno: Turno, person: Person, look: Look = {}): Promise<Desk> {
  return (await Desk.open(browser, turno, look)).logIn(person);
}

/** Opens the conversation with somebody on the chat's page, by looking for their name. */
export async function open(desk: Desk, other: Person): Promise<void> {
  const { page, say } = desk;
  await page.getByRole("navigation").getByRole("link", { name: pattern(desk.language, "chat.title") }).first().click();
  await page.getByRole("searchbox", { name: say("chat.find_person") }).fill(other.name);
  await page.getByRole("list", { name: say("chat.people") }).getByRole("link", { name: other.name }).click();
  await expect(page.getByRole("heading", { name: other.name, level: 2 })).toBeVisible();
}

/** Where a message to somebody is written. */
export function box(desk: Desk, other: Person, page: Page = desk.page): Locator {
  return page.getByRole("textbox", { name: desk.say("chat.write.label", { name: other.name }) });
}

/** The messages with somebody that say this. */
export function said(desk: Desk, other: Person, text: string, page: Page = desk.page): Locator {
  const region = page.getByRole("region", { name: desk.say("chat.region", { name: other.name }) });
  return region.getByRole("listitem").filter({ hasText: text });
}

export async function write(desk: Desk, other: Person, text: string): Promise<void> {
  await box(desk, other).fill(text);
  await box(desk, other).press("Enter");
  await expect(box(desk, other)).toHaveValue("");
  await expect(said(desk, other, text)).toHaveCount(1);
}
