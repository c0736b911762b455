// The life of a ticket, from the account of the person who opens it to the moment they open it again.

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { addPerson, answer, expectState, openTicket, row } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();

for (const width of WIDTHS) {
  // One language for each width: both are walked through from end to end.
  const language: Language = width === 360 ? "en" : "es";

  test(`a ticket is opened, taken, answered, closed and opened again (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const title = `La impresora no imprime ${width}`;

    const admin = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const technician = await addPerson(admin, `tomas${width}`, `Tomás Gil ${width}`, "technician", language);
    const person = await addPerson(admin, `lucia${width}`, `Lucía Prado ${width}`, "user", language);
    await admin.check();

    const asks = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    await openTicket(asks, title, "Parpadea en rojo desde **esta mañana**.");
    await expect(asks.page.getByRole("heading", { level: 1 })).toContainText(title);
    await expect(asks.page.getByRole("main").getByText("esta mañana")).toBeVisible();
    await asks.check();
    const address = asks.page.url();

    const answers = await (await Desk.open(browser, turno(), { width, language })).logIn(technician);
    await row(answers, title).click();
    await expect(answers.page).toHaveURL(address);
    await answers.page.getByRole("button", { name: answers.say("tickets.side.take"), exact: true }).click();
    await expect(answers.page.getByText(answers.say("tickets.change.took")).first()).toBeVisible();
    await answer(answers, "¿Qué modelo pone en la etiqueta?");
    await answers.check();

    await asks.page.reload();
    await expect(asks.page.getByText("¿Qué modelo pone en la etiqueta?")).toBeVisible();
    await answer(asks, "M404dn, la del segundo piso.");
    await asks.check();

    await answers.page.reload();
    await expect(answers.page.getByText("M404dn, la del segundo piso.")).toBeVisible();
    await answers.page.getByRole("tab", { name: answers.say("tickets.write.note"), exact: true }).click();
    await answer(answers, "El fusor del año pasado: mirar la garantía.", "send_note");
    await answers.page.getByRole("tab", { name: answers.say("tickets.write.reply"), exact: true }).click();
    await answer(answers, "Cambiado el fusor. Ya imprime.", "send_close");
    await expectState(answers, "closed");
    await answers.check();

    await asks.page.reload();
    await expect(asks.page.getByText("Cambiado el fusor. Ya imprime.")).toBeVisible();
    await expectState(asks, "closed");
    await expect(asks.page.getByText("El fusor del año pasado")).toHaveCount(0);
    await asks.page.getByRole("button", { name: asks.say("tickets.ticket.reopen"), exact: true }).click();
    await expectState(asks, "open");
    await asks.check();

    for (const desk of [admin, asks, answers]) await desk.close();
  });
}

test("somebody else's ticket is not there", async ({ browser }) => {
  const password = ADMIN.password;
  const one = { username: "una", name: "Una Persona", email: "una@example.org", role: "user", password } as const;
  const two = { username: "otra", name: "Otra Persona", email: "otra@example.org", role: "user", password } as const;
  turno().addPerson(one);
  turno().addPerson(two);
  const first = await (await Desk.open(browser, turno())).logIn(one);
  await openTicket(first, "Es mío", "Nadie más lo ve.");
  const second = await (await Desk.open(browser, turno())).logIn(two);
  await expect(row(second, "Es mío")).toHaveCount(0);
  await second.page.goto(first.page.url());
  await expect(second.page.getByText(second.say("tickets.ticket.missing"))).toBeVisible();
  await second.check();
  await first.close();
  await second.close();
});

test("the list is walked through with the keyboard", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  for (const title of ["Primero con teclas", "Segundo con teclas"]) {
    await openTicket(desk, title, "…");
    await desk.page.goto("/tickets");
  }
  await expect(row(desk, "Segundo con teclas")).toBeVisible();
  await desk.page.keyboard.press("j");
  await expect(row(desk, "Segundo con teclas")).toBeFocused();
  await desk.page.keyboard.press("ArrowDown");
  await expect(row(desk, "Primero con teclas")).toBeFocused();
  await desk.page.keyboard.press("ArrowUp");
  await desk.page.keyboard.press("ArrowDown");
  await desk.page.keyboard.press("Enter");
  await expect(desk.page.getByRole("heading", { level: 1 })).toContainText("Primero con teclas");
  await desk.page.goBack();
  await expect(row(desk, "Primero con teclas")).toBeFocused();
  await desk.close();
});
