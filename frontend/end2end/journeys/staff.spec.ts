// How an administrator keeps people and categories: found, changed, let back in; renamed, moved, deleted.

import { expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { SOON } from "../support/chatting.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { linkOf } from "../support/mails.js";
import { field, go } from "../support/steps.js";
import { accountsOf, ADMIN, type Person } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);

/** Another password that no rule objects to. */
const OTHER = "Farol-Rojo-91-Puente";

for (const width of WIDTHS) {
  test(`people are searched, filtered, and were last seen some time (${width} px)`, async ({ browser }) => {
    test.slow();
    const here = account(`paz${width}`, `Paz Vidal ${width}`, "user");
    const never = account(`noel${width}`, `Noel Vidal ${width}`, "technician");
    const visits = await (await Desk.open(browser, turno(), { width })).logIn(here);
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await go(desk, "common.nav.people");
    const rows = page.getByRole("list", { name: say("people.region"), exact: true }).getByRole("listitem");
    const find = page.getByRole("searchbox", { name: say("people.search"), exact: true });
    const main = page.getByRole("main");
    const role = main.getByRole("combobox", { name: say("people.role"), exact: true });
    const access = main.getByRole("combobox", { name: say("people.state"), exact: true });

    // By a part of the user name, without regard to case; then by role and by access besides.
    await find.fill(`PAZ${width}`);
    await expect(page).toHaveURL(/\/people\?q=/);
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText(here.name);
    await role.selectOption({ label: say("common.role.technician") });
    await expect(page.getByText(say("people.no_match"), { exact: true })).toBeVisible();
    await find.fill("vidal");
    await expect(rows.filter({ hasText: never.name })).toHaveCount(1);
    await expect(rows.filter({ hasText: here.name })).toHaveCount(0);
    await access.selectOption({ label: say("people.inactive") });
    await expect(rows.filter({ hasText: never.name })).toHaveCount(0);
    await expect(page).toHaveURL(/(?=.*q=vidal)(?=.*role=technician)(?=.*active=false)/);
    await page.reload();
    await expect(find).toHaveValue("vidal");
    await expect(page.getByText(say("people.no_match"), { exact: true })).toBeVisible();
    await desk.check();
    await desk.checkAccess();
    await page.getByRole("link", { name: say("people.clear"), exact: true }).first().click();
    await expect(page).toHaveURL(/\/people$/);
    await expect(rows.filter({ hasText: here.name })).toHaveCount(1);
    await expect(rows.filter({ hasText: never.name })).toHaveCount(1);

    // Who has been there, and who never was.
    const lastSeen = async (person: Person) => {
      await page.goto(`/people?q=${person.username}`);
      await main.getByRole("link", { name: person.name, exact: true }).click();
      const panel = page.getByRole("dialog", { name: person.name });
      await expect(panel.getByText(person.email)).toBeVisible();
      return panel.locator("dt").filter({ hasText: say("people.last_seen") }).locator("xpath=following-sibling::dd[1]");
    };
    await expect(await lastSeen(never)).toHaveText(say("people.never"));
    await expect(async () => {
      await expect((await lastSeen(here)).locator("time")).toBeVisible({ timeout: 2_000 });
    }).toPass(SOON);
    const seen = Date.parse((await (await lastSeen(here)).locator("time").getAttribute("datetime")) ?? "");
    expect(Math.abs(Date.now() - seen)).toBeLessThan(180_000);
    await desk.check();
    for (const each of [visits, desk]) await each.close();
  });

  test(`a person is edited, has another role at once, and is let back in by a mail (${width} px)`, async ({ browser }) => {
    test.slow();
    const person = account(`lara${width}`, `Lara Gil ${width}`, "user");
    const other = await (await Desk.open(browser, turno(), { width })).logIn(person);
    await other.page.goto("/replies");
    const nothing = other.page.getByRole("heading", { name: other.say("common.not_found.title"), level: 1 });
    await expect(nothing).toBeVisible();
    // All that there is stands in the middle of the page.
    const [words, around] = [(await nothing.boundingBox())!, (await other.page.getByRole("main").boundingBox())!];
    expect(Math.abs(words.x + words.width / 2 - (around.x + around.width / 2))).toBeLessThan(2);
    expect(words.y).toBeGreaterThan(other.page.viewportSize()!.height / 3);

    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await page.goto(`/people?q=${person.username}`);
    const edit = async (name: string) => {
      await page.getByRole("button", { name: say("people.edit_name", { name }), exact: true }).click();
      return page.getByRole("dialog", { name: say("people.edit_heading"), exact: true });
    };
    const form = await edit(person.name);
    await expect(field(form, say("people.name"))).toHaveValue(person.name);
    await expect(field(form, say("people.username"))).toHaveValue(person.username);
    const save = form.getByRole("button", { name: say("people.save"), exact: true });
    await field(form, say("people.email")).fill(ADMIN.email);
    await save.click();
    await expect(form.getByText(say("common.field.taken"))).toBeVisible();
    const name = `Lara Gil Soto ${width}`;
    const email = `lara.soto${width}@example.org`;
    await field(form, say("people.name")).fill(name);
    await field(form, say("people.email")).fill(email);
    await field(form, say("people.role")).selectOption({ label: say("common.role.technician") });
    await desk.check();
    await desk.checkAccess();
    await save.click();
    await desk.told(say("people.saved", { name }));
    await expect(form).toBeHidden();
    const row = page.getByRole("list", { name: say("people.region"), exact: true }).getByRole("listitem");
    await expect(row).toContainText(name);
    await expect(row).toContainText(say("common.role.technician"));

    // Without logging in again they do what their role does, and are called as they are.
    await other.page.reload();
    await expect(other.page.getByRole("heading", { level: 1, name: other.say("replies.title"), exact: true })).toBeVisible();
    await expect(other.page.getByRole("button", { name: other.say("common.nav.account", { name }), exact: true })).toBeVisible();
    await other.check();

    // A link to set another password goes by mail: where no server is set, it is read here.
    const again = await edit(name);
    await again.getByRole("button", { name: say("people.reset"), exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say("people.reset_heading", { name }) });
    await dialog.getByRole("button", { name: say("people.reset_send", { email }), exact: true }).click();
    await desk.told(say("people.reset_sent", { email }));
    await expect(dialog).toBeHidden();
    const link = await linkOf(desk, name, "password_link");
    const fresh = await Desk.open(browser, turno(), { width });
    await fresh.page.goto(link);
    await field(fresh.page, fresh.say("session.set_password")).fill(OTHER);
    await fresh.page.getByRole("button", { name: fresh.say("session.set_save"), exact: true }).click();
    await fresh.told(fresh.say("session.set_done"));
    await fresh.logIn({ ...person, password: OTHER });
    // Whoever had the old one is out.
    await other.page.goto("/tickets");
    await expect(other.page.getByRole("button", { name: other.say("session.enter"), exact: true })).toBeVisible();
    await desk.check();
    for (const each of [other, desk, fresh]) await each.close();
  });

  test(`a category is renamed, moved down and deleted (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await go(desk, "common.nav.categories");
    const [first, second] = [`Aulas ${width}`, `Becas ${width}`];
    const rows = page.getByRole("list", { name: say("categories.region"), exact: true }).getByRole("listitem");
    const button = (key: string, name: string) => page.getByRole("button", { name: say(`categories.${key}`, { name }), exact: true });
    for (const name of [first, second]) {
      await field(page, say("categories.new")).fill(name);
      await page.getByRole("button", { name: say("categories.add"), exact: true }).click();
      await expect(rows.last()).toContainText(name);
    }

    // A name that another one has is refused; one of its own is not.
    await button("edit_name", first).click();
    const form = page.locator("form.edit");
    await field(form, say("categories.name")).fill(second);
    await form.getByRole("button", { name: say("categories.save"), exact: true }).click();
    await expect(form.getByRole("alert").filter({ hasText: say("categories.taken") })).toBeVisible();
    const name = `Aulas y salas ${width}`;
    await field(form, say("categories.name")).fill(name);
    await form.getByRole("button", { name: say("categories.save"), exact: true }).click();
    await expect(form).toBeHidden();
    await expect(rows.nth(-2)).toContainText(name);

    await button("down", name).click();
    await expect(rows.last()).toContainText(name);
    await expect(button("down", name)).toBeFocused();
    await expect(button("down", name)).toHaveAttribute("aria-disabled", "true");
    await desk.quiet();
    await page.reload();
    await expect(rows.last()).toContainText(name);
    await expect(rows.nth(-2)).toContainText(second);
    await desk.check();
    await desk.checkAccess();

    // One that tickets have stays; one that none has goes.
    const { items } = await ask<{ items: { id: number; name: string }[] }>(page, "GET", "/categories");
    const used = items.find((category) => category.name === second)?.id;
    await ask(page, "POST", "/tickets", { title: `Una beca ${width}`, description: "…", category_id: used });
    const remove = async (name: string) => {
      await button("remove_name", name).click();
      const dialog = page.getByRole("dialog", { name: say("categories.remove_heading", { name }) });
      await dialog.getByRole("button", { name: say("categories.remove"), exact: true }).click();
      return dialog;
    };
    const refused = await remove(second);
    await expect(refused.getByRole("alert")).toContainText(say("categories.in_use"));
    await refused.getByRole("button", { name: say("categories.cancel"), exact: true }).click();
    await expect(refused).toBeHidden();
    await expect(await remove(name)).toBeHidden();
    await desk.told(say("categories.removed", { name }));
    await expect(rows.filter({ hasText: name })).toHaveCount(0);
    await page.reload();
    await expect(rows.last()).toContainText(second);
    await desk.check();
    await desk.close();
  });
}
