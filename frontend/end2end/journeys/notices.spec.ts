// That a ticket was given to somebody, in words; and that all is read at once.

import { expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { SOON } from "../support/chatting.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { openTickets } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();

for (const width of WIDTHS) {
  // One language for each width: what is told is told in the reader's.
  const language: Language = width === 360 ? "en" : "es";

  test(`who gets tickets is told so, and reads all of it at once (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const username = `rita${width}`;
    const person: Person = { username, name: `Rita Mora ${width}`, email: `${username}@example.org`, role: "technician", password: PASSWORD, language };
    turno().addPerson(person);
    const desk = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    const { page, say } = desk;
    const me = await numberOf(page);
    const bell = (count: number) => page.getByRole("button", { name: say("notifications.bell", { count }), exact: true });
    const silent = page.getByRole("button", { name: say("notifications.title"), exact: true });
    await expect(silent).toBeVisible();

    const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
    const titles = ["Una pantalla", "Un teclado", "Un cable"].map((title) => `${title} ${width}`);
    const [screen = 0, keyboard = 0, cable = 0] = await openTickets(admin, titles.map((title) => ({ title })));
    await ask(admin.page, "POST", `/tickets/${screen}/assign`, { assignee_id: me });
    await expect(bell(1)).toBeVisible(SOON);
    await bell(1).click();
    const words = say("notifications.assigned", { name: ADMIN.name });
    const item = page.getByRole("menuitem").filter({ hasText: words });
    await expect(item).toHaveCount(1);
    await expect(item).toContainText(`#${screen} · Una pantalla ${width}`);
    await desk.check();
    await desk.checkAccess();
    await item.click();
    await expect(page).toHaveURL(new RegExp(`/tickets/${screen}$`));
    await expect(silent).toBeVisible();

    // Two more, read together on the page of all of them.
    await page.goto("/tickets");
    for (const ticket of [keyboard, cable]) await ask(admin.page, "POST", `/tickets/${ticket}/assign`, { assignee_id: me });
    await expect(bell(2)).toBeVisible(SOON);
    await page.goto("/notifications");
    const list = page.getByRole("list", { name: say("notifications.region"), exact: true });
    const marks = list.getByRole("button", { name: say("notifications.mark_label", { what: words }), exact: true });
    await expect(list.getByRole("listitem")).toHaveCount(3);
    await expect(list.getByRole("listitem").first()).toContainText(`Un cable ${width}`);
    await expect(marks).toHaveCount(2);
    await page.getByRole("button", { name: say("notifications.mark_all"), exact: true }).click();
    await expect(marks).toHaveCount(0);
    await expect(silent).toBeVisible();
    await expect(list.getByRole("listitem")).toHaveCount(3);
    await desk.check();
    await desk.checkAccess();

    // It stays read, and there is nothing left under what is unread.
    await page.reload();
    await expect(list.getByRole("listitem")).toHaveCount(3);
    await expect(silent).toBeVisible();
    const show = page.getByRole("combobox", { name: say("notifications.show"), exact: true });
    await show.selectOption({ label: say("notifications.unread") });
    await expect(page.getByRole("heading", { name: say("notifications.none"), exact: true })).toBeVisible();
    await show.selectOption({ label: say("notifications.read") });
    await expect(list.getByRole("listitem")).toHaveCount(3);
    await desk.check();
    for (const each of [admin, desk]) await each.close();
  });
}
