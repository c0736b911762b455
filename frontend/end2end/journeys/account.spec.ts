// What a person keeps of their own account: name, language, theme, password, and what the bell rings for.

import { expect, type Locator, type Page, type Response, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { SOON } from "../support/chatting.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, field, go, openTicket } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { NAMES, words } from "../support/words.js";

const turno = useTurno();

/** Another password that no rule objects to. */
const OTHER = "Farol-Rojo-91-Puente";

function account(username: string, name: string): Person {
  return turno().addPerson({ username, name, email: `${username}@example.org`, role: "user", password: PASSWORD });
}

/** One part of the profile. */
function part(desk: Desk, key: string): Locator {
  return desk.page.getByRole("region", { name: desk.say(key), exact: true });
}

/** Waits until the account has what was chosen. */
async function saved(page: Page, choose: () => Promise<void>): Promise<void> {
  const isIt = (answer: Response) => answer.url().endsWith("/api/v1/me") && answer.request().method() === "PATCH";
  const answered = page.waitForResponse(isIt);
  await choose();
  expect((await answered).ok()).toBe(true);
}

for (const width of WIDTHS) {
  test(`a person changes name, password, language and theme, and finds them again elsewhere (${width} px)`, async ({ browser }) => {
    test.slow();
    const person = account(`olga${width}`, `Olga Ríos ${width}`);
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(person);
    const elsewhere = await (await Desk.open(browser, turno(), { width })).logIn(person);
    const { page, say } = desk;
    await go(desk, "common.nav.profile");
    await expect(page.getByRole("heading", { level: 1, name: say("profile.page"), exact: true })).toBeVisible();

    // The name, which must be one.
    const about = part(desk, "profile.about");
    const save = about.getByRole("button", { name: say("common.save"), exact: true });
    await field(about, say("profile.name")).fill(" ");
    await save.click();
    await expect(about.getByText(say("common.field.required"))).toBeVisible();
    const name = `Olga Marín ${width}`;
    await field(about, say("profile.name")).fill(name);
    await saved(page, () => save.click());
    await desk.told(say("common.saved"));
    await expect(page.getByRole("button", { name: say("common.nav.account", { name }), exact: true })).toBeVisible();

    // The password: not without the present one, and other browsers are out.
    const secret = part(desk, "profile.password_title");
    const change = secret.getByRole("button", { name: say("profile.change_password"), exact: true });
    await field(secret, say("profile.current_password")).fill("No-Es-Esta-1");
    await field(secret, say("profile.new_password")).fill(OTHER);
    await change.click();
    await expect(secret.getByText(say("common.field.password_wrong"))).toBeVisible();
    await desk.checkAccess();
    await field(secret, say("profile.current_password")).fill(PASSWORD);
    await change.click();
    await desk.told(say("profile.password_changed"));
    await expect(field(secret, say("profile.new_password"))).toHaveValue("");
    await elsewhere.page.goto("/tickets");
    await expect(elsewhere.page.getByRole("button", { name: say("session.enter"), exact: true })).toBeVisible();
    await desk.check();

    // Language and theme show at once, and are the account's.
    const looks = part(desk, "profile.looks");
    await saved(page, () => looks.getByRole("radio", { name: say("common.nav.theme_dark"), exact: true }).check());
    await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
    await saved(page, () => looks.getByRole("radio", { name: NAMES.en, exact: true }).check());
    const english = words("en");
    await expect(page.getByRole("heading", { level: 1, name: english("profile.page"), exact: true })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.reload();
    await expect(page.getByRole("region", { name: english("profile.looks"), exact: true }).getByRole("radio", { name: NAMES.en })).toBeChecked();
    await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
    await desk.check();
    await desk.checkAccess();

    // The browser that was left behind lets in by the new password alone, and shows what was chosen here.
    await elsewhere.enter(person);
    await expect(elsewhere.page.getByRole("alert").filter({ hasText: say("common.problem.wrong_credentials") })).toBeVisible();
    await elsewhere.enter({ ...person, password: OTHER });
    await expect(elsewhere.page.getByRole("heading", { level: 1 })).toHaveText(english("tickets.list.title"));
    await expect(elsewhere.page.getByRole("button", { name: english("common.nav.account", { name }), exact: true })).toBeVisible();
    await expect(elsewhere.page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
    await elsewhere.check();
    for (const each of [desk, elsewhere]) await each.close();
  });
}

test("the bell rings for what a person chose, and for nothing else", async ({ browser }) => {
  test.slow();
  const desk = await (await Desk.open(browser, turno())).logIn(account("vera", "Vera Cano"));
  const { page, say } = desk;
  await openTicket(desk, "El micrófono de Vera", "No se oye nada");
  const path = new URL(page.url()).pathname;
  await page.goto("/profile");
  const label = `${say("notifications.choice.answered")}: ${say("notifications.choice.in_app")}`;
  const choice = page.getByRole("checkbox", { name: label, exact: true });
  await saved(page, () => choice.uncheck());
  await page.reload();
  await expect(choice).not.toBeChecked();

  const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await admin.page.goto(path);
  await answer(admin, "¿Está enchufado?");
  const { version } = await ask<{ version: number }>(admin.page, "GET", path);
  await ask(admin.page, "PATCH", path, { version, status: "in_progress" });
  // What came after the answer has rung, and the answer has not.
  const rings = (count: number) => page.getByRole("button", { name: say("notifications.bell", { count }), exact: true });
  await expect(rings(1)).toBeVisible(SOON);
  await rings(1).click();
  const items = page.getByRole("menuitem");
  const moved = say("notifications.moved", { name: ADMIN.name, state: say("common.status.in_progress") });
  const answered = say("notifications.answered", { name: ADMIN.name });
  await expect(items.filter({ hasText: moved })).toHaveCount(1);
  await expect(items.filter({ hasText: answered })).toHaveCount(0);
  await page.keyboard.press("Escape");

  await saved(page, () => choice.check());
  await answer(admin, "¿Y ahora?");
  await expect(rings(2)).toBeVisible(SOON);
  await rings(2).click();
  await expect(items.filter({ hasText: answered })).toHaveCount(1);
  await desk.check();
  for (const each of [desk, admin]) await each.close();
});
