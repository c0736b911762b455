// The audit log by what was done: each kind of action is chosen by its name and read in words.

import { expect, test } from "@playwright/test";

import { ask, attach } from "../support/api.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { openTickets } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();

for (const width of WIDTHS) {
  // One language for each width, and an administrator who reads it.
  const language: Language = width === 360 ? "en" : "es";

  test(`roles, settings, exports and deletions are found by what was done (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const account = (username: string, name: string, role: Person["role"]) =>
      turno().addPerson({ username, name, email: `${username}@example.org`, role, password: PASSWORD, language });
    const boss = account(`alma${width}`, `Alma Rey ${width}`, "admin");
    const person = account(`blas${width}`, `Blas Mora ${width}`, "user");
    const gone = account(`celia${width}`, `Celia Paz ${width}`, "user");
    const desk = await (await Desk.open(browser, turno(), { width, language })).logIn(boss);
    const { page, say } = desk;

    // What there is to be found, as the page asks for it.
    const { items } = await ask<{ items: { id: number; username: string }[] }>(page, "GET", "/users?limit=100");
    const idOf = ({ username }: Person) => items.find((user) => user.username === username)?.id ?? 0;
    await ask(page, "PATCH", `/users/${idOf(person)}`, { role: "technician" });
    await ask(page, "DELETE", `/users/${idOf(gone)}`);
    const before = await ask<{ name: string; version: number }>(page, "GET", "/settings");
    const name = `Mesa de Alma ${width}`;
    await ask(page, "PATCH", "/settings", { version: before.version, name });
    const category = await ask<{ id: number }>(page, "POST", "/categories", { name: `De paso ${width}` });
    await ask(page, "DELETE", `/categories/${category.id}`);
    const [ticket = 0] = await openTickets(desk, [{ title: `Con un archivo ${width}` }]);
    await attach(page, ticket, "borrado.txt", "lo que había");
    const files = await ask<{ items: { id: number }[] }>(page, "GET", `/tickets/${ticket}/attachments`);
    await ask(page, "DELETE", `/attachments/${files.items[0]?.id}`);
    expect((await page.request.get("/api/v1/reports/tickets.csv?status=open")).ok()).toBe(true);

    await page.goto("/audit");
    const entries = page.getByRole("list", { name: say("audit.region"), exact: true }).getByRole("listitem");
    const kind = (key: string) => say(`audit.kind.${key}`);
    // Somebody's own entries, among those of everybody else on this desk.
    const told = (key: string, ...words: string[]) =>
      words.reduce((found, word) => found.filter({ hasText: word }), entries.filter({ hasText: boss.name }).filter({ hasText: kind(key) }));
    await expect(told("logged_in").first()).toBeVisible();
    if (width < 721) await page.getByRole("button", { name: say("audit.filters"), exact: true }).click();
    const bar = page.locator("form.audit-bar");
    const choose = async (group: string, has: string) => {
      await bar.locator("select[name=action]").selectOption({ label: say(`audit.group.${group}`) });
      await bar.getByRole("button", { name: say("audit.apply"), exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`/audit\\?action=[^&]*${has}`));
      await expect(entries.filter({ hasText: kind("logged_in") })).toHaveCount(0);
    };

    await choose("people", "user_updated");
    const role = told("user_updated", person.name);
    await expect(role).toHaveCount(1);
    await expect(role).toContainText(say("audit.field.role"));
    await expect(role).toContainText(new RegExp(`${say("common.role.user")}.+${say("audit.becomes")}.+${say("common.role.technician")}`));
    await expect(told("user_deactivated", gone.name)).toHaveCount(1);
    await expect(entries.filter({ hasText: kind("settings_updated") })).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();

    await choose("desk", "settings_updated");
    const settings = told("settings_updated", name);
    await expect(settings).toHaveCount(1);
    await expect(settings).toContainText(new RegExp(`${before.name}.+${say("audit.becomes")}.+${name}`));
    await expect(entries.filter({ hasText: kind("user_updated") })).toHaveCount(0);

    await choose("exports", "exported");
    const exported = told("exported");
    await expect(exported).toHaveCount(1);
    for (const word of ["CSV", say("audit.field.rows"), `${say("audit.field.status")}: ${say("common.status.open")}`]) {
      await expect(exported).toContainText(word);
    }
    await expect(entries.filter({ hasNotText: kind("exported") })).toHaveCount(0);

    await choose("deletions", "category_deleted");
    await expect(told("category_deleted", `De paso ${width}`)).toHaveCount(1);
    await expect(told("user_deactivated", gone.name)).toHaveCount(1);
    await expect(told("attachment_deleted", "borrado.txt")).toHaveCount(1);
    await expect(told("attachment_deleted", `#${ticket}`)).toHaveCount(1);
    await expect(entries.filter({ hasText: kind("user_updated") })).toHaveCount(0);
    // The address keeps the choice, for whoever it is sent to.
    await page.reload();
    await expect(bar.locator("select[name=action]")).toHaveValue(/category_deleted/);
    await expect(told("category_deleted", `De paso ${width}`)).toHaveCount(1);
    await desk.check();
    await desk.checkAccess();

    // By person, found by their name in the bar: what was done to them, and what they did, and nothing else.
    await page.goto("/audit");
    if (width < 721) await page.getByRole("button", { name: say("audit.filters"), exact: true }).click();
    await expect(entries.filter({ hasNotText: person.name }).first()).toBeVisible();
    const change = bar.getByRole("button", { name: say("tickets.new.requester_change"), exact: true });
    for (const [whom, has] of [[person, "user_updated"], [boss, "exported"]] as const) {
      if (whom === boss) await change.click();
      await bar.getByRole("combobox", { name: say("audit.person"), exact: true }).fill(whom.name);
      await bar.getByRole("option").filter({ hasText: whom.name }).click();
      await expect(change).toBeVisible();
      await bar.getByRole("button", { name: say("audit.apply"), exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`/audit\\?person_id=${idOf(whom)}$`));
      await desk.quiet();
      await expect(entries.filter({ hasNotText: whom.name })).toHaveCount(0);
      await expect(told(has)).toHaveCount(1);
    }
    await desk.check();
    await desk.checkAccess();
    const { version } = await ask<{ version: number }>(page, "GET", "/settings");
    await ask(page, "PATCH", "/settings", { version, name: before.name });
    await desk.close();
  });
}

test("a saved reply is named and told in plain words, and nobody is named whom nobody knows", async ({ browser }) => {
  const irma = turno().addPerson({ username: "irma", name: "Irma Sanz", email: "irma@example.org", role: "admin", password: PASSWORD });
  const stranger = await Desk.open(browser, turno());
  await stranger.page.goto("/login");
  await stranger.enter({ ...irma, password: "No-es-esta-1" });
  await expect(stranger.page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await stranger.close();
  const desk = await (await Desk.open(browser, turno())).logIn(irma);
  const { page, say } = desk;
  const reply = { title: "Arranque de Irma", body: "Hola {{requester.first_name}}:\n\n**Apaga** y enciende.", shared: true };
  const { id } = await ask<{ id: number }>(page, "POST", "/replies", reply);
  await ask(page, "PATCH", `/replies/${id}`, { body: "Hola {{requester.first_name}}:\n\n**Reinicia**." });

  await page.goto("/audit?action=login_failed,reply_created,reply_updated");
  const entries = page.getByRole("list", { name: say("audit.region"), exact: true }).getByRole("listitem");
  const changed = entries.filter({ hasText: reply.title }).filter({ hasText: say("audit.kind.reply_updated") });
  const name = say("replies.placeholder.requester_first_name");
  await expect(changed).toContainText(`Hola ‹${name}›: Apaga y enciende.`);
  await expect(changed).toContainText(`Hola ‹${name}›: Reinicia.`);
  await expect(changed).not.toContainText(say("audit.nameless", { id: String(id) }));
  await expect(entries.filter({ hasText: `${say("audit.impersonal.login_failed")} ${irma.name}` })).toHaveCount(1);
  await desk.check();
  await desk.checkAccess();
  await desk.close();
});

test("nobody but an administrator reads it", async ({ browser }) => {
  const person = turno().addPerson({ username: "dora", name: "Dora Sol", email: "dora@example.org", role: "technician", password: PASSWORD });
  const desk = await (await Desk.open(browser, turno())).logIn(person);
  await desk.page.goto("/audit");
  await expect(desk.page.getByRole("heading", { name: desk.say("common.not_found.title"), level: 1 })).toBeVisible();
  expect((await desk.page.request.get("/api/v1/audit")).status()).toBe(403);
  await desk.check();
  await desk.close();
  const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
  expect((await admin.page.request.get("/api/v1/audit")).status()).toBe(200);
  await admin.close();
});
