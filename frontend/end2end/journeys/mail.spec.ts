// Mail without a mail server: what would have been sent is listed, and its links lead back in. And the bell.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { DATABASE_SERVER } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { becomes, linkOf, newest } from "../support/mails.js";
import { answer, field, go, openTicket } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { NAMES } from "../support/words.js";

const turno = useTurno();

/** Another password that no rule objects to. */
const OTHER = "Farol-Rojo-91-Puente";

const screens = resolve("../../test-results/screens");

/** The page as a picture, without anything for axe to say. */
async function look(desk: Desk, name: string): Promise<void> {
  await desk.check();
  await desk.checkAccess();
  const path = `${screens}/${name}-${test.info().project.name}-${desk.language}-${desk.width}.png`;
  await desk.page.screenshot({ path, fullPage: true, animations: "disabled" });
}

for (const width of WIDTHS) {
  for (const language of ["es", "en"] as const) {
    test(`a new person sets their password, forgets it and sets another (${language}, ${width} px)`, async ({ browser }) => {
      test.slow();
      const theme = language === "es" ? "light" : "dark";
      const admin = await (await Desk.open(browser, turno(), { width, theme })).logIn(ADMIN);
      const username = `nueva-${language}-${width}`;
      const person: Person = { username, name: `Nueva ${language} ${width}`, email: `${username}@example.org`, role: "user", password: OTHER };
      await go(admin, "common.nav.people");
      await admin.page.getByRole("button", { name: admin.say("people.new"), exact: true }).click();
      const form = admin.page.getByRole("dialog", { name: admin.say("people.create_heading") });
      await field(form, admin.say("people.name")).fill(person.name);
      await field(form, admin.say("people.username")).fill(person.username);
      await field(form, admin.say("people.email")).fill(person.email);
      await field(form, admin.say("people.language")).selectOption({ label: NAMES[language] });
      await form.getByRole("button", { name: admin.say("people.create"), exact: true }).click();
      await expect(form).toBeHidden();
      const welcome = await linkOf(admin, person.name, "welcome");
      // Its subject says what it is.
      await expect(newest(admin).locator(".kind")).toHaveCount(0);
      await expect(admin.page.getByText(admin.say("mail.off_title"))).toBeVisible();
      await look(admin, "mail");

      const desk = await Desk.open(browser, turno(), { width, theme, language });
      const { page, say } = desk;
      await page.goto(welcome);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("session.set_first_title"));
      await field(page, say("session.set_password")).fill("corta");
      await page.getByRole("button", { name: say("session.set_save"), exact: true }).click();
      await expect(page.getByText(say("common.field.password_too_short"))).toBeVisible();
      await look(desk, "set-password");
      await field(page, say("session.set_password")).fill(OTHER);
      await page.getByRole("button", { name: say("session.set_save"), exact: true }).click();
      await desk.told(say("session.set_done"));
      await expect(field(page, say("session.login"))).toHaveValue(username);
      await page.goto(welcome);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("session.set_invalid_title"));
      await look(desk, "set-password-invalid");

      // Forgotten at once.
      await page.goto("/login");
      await page.getByRole("link", { name: say("session.forgot"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("session.forgot_title"));
      await look(desk, "forgot");
      await field(page, say("session.login")).fill(person.email);
      await page.getByRole("button", { name: say("session.forgot_send"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("session.forgot_unmailed_title"));
      await look(desk, "forgot-unmailed");
      const reset = await linkOf(admin, person.name, "password_reset");
      expect(reset).not.toBe(welcome);
      await page.goto(reset);
      await field(page, say("session.set_password")).fill(PASSWORD);
      await page.getByRole("button", { name: say("session.set_save"), exact: true }).click();
      await desk.told(say("session.set_done"));
      await desk.logIn({ ...person, password: PASSWORD });
      await desk.close();
      await admin.close();
    });
  }
}

test("a mail that found no server for a day is given up, and can still be read", { tag: DATABASE_SERVER }, async ({ browser }) => {
  test.slow();
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await go(desk, "common.nav.mail");
  await page.getByRole("button", { name: say("mail.test"), exact: true }).click();
  await becomes(desk, [say("mail.queued")]);
  turno().ageMails();
  await becomes(desk, [say("mail.failed"), say("mail.trouble.no_server")], 40_000);
  await expect(newest(desk).getByRole("button", { name: say("mail.retry_name", { name: ADMIN.name }), exact: true })).toBeVisible();
  await look(desk, "mail-given-up");
  await newest(desk).getByRole("button", { name: new RegExp(say("mail.read")) }).click();
  await expect(page.getByLabel(say("mail.text"), { exact: true })).toContainText(say("server.mail.hello", { name: ADMIN.name }));
  await desk.check();
  await desk.close();
});

test("the administrator makes a link and copies it", async ({ browser }) => {
  const person: Person = { username: "olvido", name: "Olvido Paz", email: "olvido@example.org", role: "user", password: PASSWORD };
  turno().addPerson(person);
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/people");
  await page.getByRole("button", { name: say("people.edit_name", { name: person.name }), exact: true }).click();
  await page.getByRole("button", { name: say("people.reset"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: say("people.reset_heading", { name: person.name }) });
  await dialog.getByRole("button", { name: say("people.reset_show"), exact: true }).click();
  const link = await dialog.getByLabel(say("people.reset_link"), { exact: true }).inputValue();
  await look(desk, "people-reset");
  await dialog.getByRole("button", { name: say("people.done"), exact: true }).click();
  await expect(dialog).toBeHidden();

  const other = await Desk.open(browser, turno());
  await other.page.goto(link);
  await field(other.page, other.say("session.set_password")).fill(OTHER);
  await other.page.getByRole("button", { name: other.say("session.set_save"), exact: true }).click();
  await other.told(other.say("session.set_done"));
  await other.logIn({ ...person, password: OTHER });
  await other.close();
  await desk.close();
});

for (const width of WIDTHS) {
  test(`the bell tells of an answer (${width} px)`, async ({ browser }) => {
    const person: Person = { username: `ines${width}`, name: `Inés ${width}`, email: `ines${width}@example.org`, role: "user", password: PASSWORD };
    turno().addPerson(person);
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(person);
    const { page, say } = desk;
    await openTicket(desk, `La impresora ${width}`, "No imprime");
    const address = new URL(page.url()).pathname;
    const admin = await (await Desk.open(browser, turno(), { width, theme: "dark" })).logIn(ADMIN);
    await admin.page.goto(address);
    await answer(admin, "¿Tiene papel?");
    await admin.close();

    await page.goto("/tickets");
    const bell = page.getByRole("button", { name: say("notifications.bell", { count: 1 }), exact: true });
    await bell.click();
    const item = page.getByRole("menuitem").filter({ hasText: say("notifications.answered", { name: ADMIN.name }) });
    await expect(item).toBeVisible();
    await look(desk, "bell");
    await item.click();
    // To the very answer.
    await expect(page).toHaveURL(new RegExp(`${address}#comment-\\d+$`));
    await expect(page.getByRole("listitem").filter({ hasText: "¿Tiene papel?" }).last()).toBeFocused();
    await expect(page.getByRole("menu")).toHaveCount(0);
    await expect(page.getByRole("button", { name: say("notifications.title"), exact: true })).toBeVisible();

    await page.goto("/notifications");
    const list = page.getByRole("list", { name: say("notifications.region"), exact: true });
    await expect(list.getByRole("listitem")).toHaveCount(1);
    await look(desk, "notifications");

    await page.goto("/profile");
    const choice = `${say("notifications.choice.answered")}: ${say("notifications.choice.mail")}`;
    const box = page.getByRole("checkbox", { name: choice, exact: true });
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/v1/me") && response.request().method() === "PATCH");
    await box.uncheck();
    expect((await saved).ok()).toBe(true);
    await page.reload();
    await expect(box).not.toBeChecked();
    await desk.check();
    await desk.close();
  });
}
