// What a ticket's history says, in the words of each language.

import { expect, test } from "@playwright/test";

import { ask, attach, numberOf } from "../support/api.js";
import { Desk, useTurno } from "../support/desk.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";

const turno = useTurno();

interface Ticket {
  readonly id: number;
  readonly version: number;
}

for (const language of ["es", "en"] as const) {
  test(`the history says what happened, in words (${language})`, async ({ browser }) => {
    test.slow();
    const account = (username: string, name: string, role: "technician" | "user"): Person =>
      turno().addPerson({ username, name, email: `${username}@example.org`, role, password: PASSWORD, language });
    const guest = account(`yago-${language}`, `Yago Rey ${language}`, "user");
    const desk = await (await Desk.open(browser, turno(), { language })).logIn(account(`teo-${language}`, `Teo Marín ${language}`, "technician"));
    const { page, say } = desk;
    const { items } = await ask<{ items: { id: number; name: string }[] }>(page, "GET", "/categories");
    const [from, to] = items;
    if (!from || !to) throw new Error("there are no two categories");

    let ticket = await ask<Ticket>(page, "POST", "/tickets", { title: "Ratón", description: "No va", category_id: from.id });
    const path = `/tickets/${ticket.id}`;
    const edit = async (change: object) => {
      ticket = await ask<Ticket>(page, "PATCH", path, { version: ticket.version, ...change });
    };
    ticket = await ask<Ticket>(page, "POST", `${path}/assign`, { assignee_id: await numberOf(page) });
    await edit({ status: "in_progress" });
    await edit({ priority: "urgent" });
    await edit({ category_id: to.id });
    await edit({ category_id: null });
    await edit({ title: "Ratón roto" });
    await edit({ description: "No va desde ayer" });
    const comment = await ask<{ id: number }>(page, "POST", `${path}/comments`, { body: "Antes decía **esto**" });
    await ask(page, "PATCH", `/comments/${comment.id}`, { body: "Ahora dice otra cosa" });
    await attach(page, ticket.id, "acta ñandú.txt", "Lo que se dijo");

    const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
    await ask(admin.page, "PUT", `${path}/watch`);
    await admin.close();
    const invited = await (await Desk.open(browser, turno(), { language })).logIn(guest);
    const number = await numberOf(invited.page);
    await invited.close();
    await ask(page, "PUT", `${path}/watchers/${number}`);
    await ask(page, "POST", `${path}/close`);

    await page.goto(path);
    const told = page.getByRole("list", { name: say("tickets.ticket.conversation") });
    const fact = (key: string) => told.locator(".fact").filter({ hasText: say(key) });
    await expect(fact("tickets.change.took")).toHaveCount(1);
    for (const [key, values] of [
      ["tickets.change.state", [say("common.status.open"), say("common.status.in_progress")]],
      ["tickets.change.priority", [say("common.priority.medium"), say("common.priority.urgent")]],
      ["tickets.change.category", [from.name, to.name, to.name, say("tickets.change.nothing")]],
      ["tickets.change.title", ["Ratón", "Ratón roto"]],
      ["tickets.change.attached", ["acta ñandú.txt"]],
      ["conversation.change.invited", [guest.name]],
    ] as const) {
      await expect(fact(key).locator("b"), key).toHaveText([...values]);
    }
    await expect(fact("tickets.change.description")).toHaveCount(1);
    await expect(fact("tickets.change.closed")).toHaveCount(1);
    const followed = told.locator(".changed").filter({ hasText: say("conversation.change.followed") });
    await expect(followed).toContainText(ADMIN.name);

    // What a message said before it was edited is read where it was edited, as it was written.
    await expect(fact("conversation.change.rewrote")).toHaveCount(1);
    const rewritten = told.locator(".changed").filter({ hasText: say("conversation.change.rewrote") });
    await expect(rewritten.locator("blockquote")).toBeHidden();
    await rewritten.getByText(say("conversation.change.before"), { exact: true }).click();
    await expect(rewritten.locator("blockquote")).toBeVisible();
    await expect(rewritten.locator("blockquote")).toHaveText("Antes decía **esto**");
    const message = told.getByRole("article").filter({ hasText: "Ahora dice otra cosa" });
    await expect(message).not.toContainText("Antes decía");
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });
}
