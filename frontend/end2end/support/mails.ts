// The mails that were sent, or would have been, as the administrator reads them.

import { expect, type Locator } from "@playwright/test";

import { type Desk } from "./desk.js";
import { go } from "./steps.js";
import { pattern } from "./words.js";

/** The newest on the page of mails. */
export function newest(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("mail.region"), exact: true }).getByRole("listitem").first();
}

/** Waits until the newest says this: it is sent beside the page, which says what has become of it when it is asked again. */
export async function becomes(desk: Desk, words: readonly string[], timeout = 30_000): Promise<void> {
  await expect(async () => {
    await desk.page.reload();
    for (const word of words) await expect(newest(desk)).toContainText(word, { timeout: 2_000 });
  }).toPass({ timeout });
}

/** The subject of a welcome, in the language of whoever is welcome. */
const WELCOME = new RegExp((["es", "en"] as const).map((language) => pattern(language, "server.mail.welcome_subject").source).join("|"));

/** The link in the only mail of this kind to somebody. The subject does not tell the two ways to another password apart; the row does. */
export async function linkOf(desk: Desk, name: string, kind: "welcome" | "password_reset" | "password_link"): Promise<string> {
  const { page, say } = desk;
  const list = page.getByRole("list", { name: say("mail.region"), exact: true });
  const hasText = kind === "welcome" ? WELCOME : say(`mail.kind.${kind}`);
  const mail = list.getByRole("listitem").filter({ hasText: name }).filter({ hasText });
  // It is written after whoever asked for it has been answered.
  await expect(async () => {
    await page.goto("/tickets");
    await go(desk, "common.nav.mail");
    await expect(mail).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
  await mail.getByRole("button", { name: new RegExp(say("mail.read")) }).click();
  const text = await page.getByLabel(say("mail.text"), { exact: true }).textContent();
  const link = /\S+\/set-password\/\S+/.exec(text ?? "")?.[0];
  expect(link, text ?? "no text").toBeDefined();
  await page.getByRole("dialog").getByRole("button", { name: say("common.close"), exact: true }).click();
  return link ?? "";
}
