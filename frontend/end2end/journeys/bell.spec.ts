// What the bell tells somebody who was not there: a change of what they follow, and that somebody wrote to them.

import { expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { ANA, enter, LUIS } from "../support/chatting.js";
import { Desk, useTurno } from "../support/desk.js";
import { openTicket } from "../support/steps.js";
import { ADMIN, PASSWORD } from "../support/turno.js";
import { type Language, pattern } from "../support/words.js";

/** Of the invented people some have not read what was written to them, days ago. */
const turno = useTurno({}, (turno) => {
  for (const person of [ANA, LUIS]) turno.addPerson(person);
  turno.addDemo(500);
});

test("who follows a ticket is told where it stands", async ({ browser }) => {
  const asks = await enter(browser, turno(), ANA);
  await openTicket(asks, "El proyector parpadea", "En la sala grande");
  const path = new URL(asks.page.url()).pathname;
  await asks.close();
  const follows = await enter(browser, turno(), LUIS);
  const { page, say } = follows;
  await page.goto(path);
  await page.getByRole("button", { name: say("conversation.watchers.follow"), exact: true }).click();
  await expect(page.getByRole("button", { name: say("conversation.watchers.unfollow"), exact: true })).toBeVisible();
  await page.goto("/tickets");

  const admin = await enter(browser, turno(), ADMIN);
  const change = async (status: string) => {
    const { version } = await ask<{ version: number }>(admin.page, "GET", path);
    await ask(admin.page, "PATCH", path, { version, status });
  };
  const bell = page.getByRole("button", { name: say("notifications.bell", { count: 1 }), exact: true });
  const state = say("common.status.in_progress");
  for (const [status, words] of [
    ["in_progress", say("notifications.moved", { name: ADMIN.name, state })],
    ["closed", say("notifications.closed", { name: ADMIN.name })],
  ] as const) {
    await change(status);
    // It rings by itself.
    await expect(bell).toBeVisible({ timeout: 25_000 });
    await bell.click();
    const item = page.getByRole("menuitem").filter({ hasText: words });
    await expect(item).toHaveCount(1);
    await expect(item).toContainText("El proyector parpadea");
    await item.click();
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await expect(page.getByRole("button", { name: say("notifications.title"), exact: true })).toBeVisible();
    await page.goto("/tickets");
  }
  await follows.check();
  for (const desk of [admin, follows]) await desk.close();
});

test("who was away finds in the bell who wrote to them", async ({ browser }) => {
  // The desk looks once a minute for those who are away and have not read.
  test.setTimeout(240_000);
  const admin = await enter(browser, turno(), ADMIN);
  interface Mail {
    readonly kind: string;
    readonly to: { readonly id: number };
  }
  const told = async () => {
    const { items } = await ask<{ items: Mail[] }>(admin.page, "GET", "/mails");
    return items.find((mail) => mail.kind === "chat")?.to.id ?? 0;
  };
  await expect.poll(told, { timeout: 150_000, intervals: [2_000] }).toBeGreaterThan(0);
  interface Account {
    readonly username: string;
    readonly name: string;
    readonly email: string;
    readonly role: "admin" | "technician" | "user";
    readonly locale: Language;
  }
  const account = await ask<Account>(admin.page, "GET", `/users/${await told()}`);
  await admin.close();
  turno().resetPassword(account.username);

  const desk = await (await Desk.open(browser, turno(), { language: account.locale })).logIn({ ...account, password: PASSWORD });
  const { page } = desk;
  await page.getByRole("button", { name: pattern(account.locale, "notifications.bell") }).click();
  const item = page.getByRole("menuitem").filter({ hasText: pattern(account.locale, "notifications.chat") }).first();
  await expect(item).toBeVisible();
  await desk.check();
  await desk.checkAccess();
  await item.click();
  // To what was written.
  await expect(page).toHaveURL(/\/chat\/\d+$/);
  await expect(page.getByText(desk.say("chat.unread_line")).first()).toBeVisible();
  await desk.check();
  await desk.close();
});
