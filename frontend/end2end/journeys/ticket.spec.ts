// The life of a ticket, from the account of the person who opens it to the moment they open it again.

import { expect, test } from "@playwright/test";

import { EACH_DATABASE } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { addPerson, answer, answerBox, expectState, field, openTicket, row } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

for (const width of WIDTHS) {
  // One language for each width: both are walked through from end to end.
  const language: Language = width === 360 ? "en" : "es";

  const journey = `a ticket is opened, taken, answered, closed and opened again (${width} px, ${language})`;

  test(journey, { tag: EACH_DATABASE }, async ({ browser }) => {
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

  // From nowhere the keys begin at either end, and a field keeps its own.
  await desk.page.reload();
  await expect(row(desk, "Segundo con teclas")).toBeVisible();
  await desk.page.keyboard.press("ArrowDown");
  await expect(row(desk, "Segundo con teclas")).toBeFocused();
  await desk.page.reload();
  await expect(row(desk, "Segundo con teclas")).toBeVisible();
  await desk.page.keyboard.press("ArrowUp");
  await expect(desk.page.getByRole("table", { name: desk.say("tickets.list.region") }).getByRole("link").last()).toBeFocused();
  await desk.close();
});

test("what somebody else wrote meanwhile is there after one's own answer", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("mila", "Mila Sanz", "user"));
  await openTicket(asks, "Dos a la vez", "…");
  const answers = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await answers.page.goto(asks.page.url());
  await expect(answerBox(answers)).toBeVisible();
  await answer(asks, "Ya funciona, gracias");
  await answer(answers, "Voy para allá");
  const said = answers.page.getByRole("list", { name: answers.say("tickets.ticket.conversation") }).getByRole("article");
  await expect(said.filter({ hasText: "Ya funciona, gracias" })).toHaveCount(1);
  await expect(said.last()).toContainText("Voy para allá");
  for (const desk of [asks, answers]) await desk.close();
});

test("a ticket that somebody else took first goes out of reach, and the page says so", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("nora", "Nora Vidal", "user"));
  await openTicket(asks, "Para quien llegue antes", "…");
  const first = await (await Desk.open(browser, turno())).logIn(account("primera", "Petra Primera", "technician"));
  const second = await (await Desk.open(browser, turno())).logIn(account("segundo", "Saúl Segundo", "technician"));
  const take = (desk: Desk) => desk.page.getByRole("button", { name: desk.say("tickets.side.take"), exact: true });
  for (const desk of [first, second]) {
    await desk.page.goto(asks.page.url());
    await expect(take(desk)).toBeVisible();
  }
  await take(first).click();
  await expect(first.page.getByText(first.say("tickets.change.took")).first()).toBeVisible();
  await expect(second.page.getByText(second.say("moves.ticket.lost_title"))).toBeVisible();
  await expect(take(second)).toHaveCount(0);
  await second.check();
  await second.page.getByRole("link", { name: second.say("moves.ticket.back"), exact: true }).click();
  await expect(second.page.getByRole("heading", { level: 1 })).toHaveText(second.say("tickets.list.title"));
  for (const desk of [asks, first, second]) await desk.close();
});

test("a text that met somebody else's is kept until the choice has succeeded", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("olga", "Olga Rey", "user"));
  await openTicket(asks, "Lo que pasa", "Al principio");
  const other = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await other.page.goto(asks.page.url());
  const description = (desk: Desk) => field(desk.page, desk.say("tickets.edit.description"));
  const press = (desk: Desk, key: string) => desk.page.getByRole("button", { name: desk.say(key), exact: true }).click();
  const shown = (desk: Desk, words: string) => desk.page.getByRole("main").getByText(words, { exact: true });
  const question = asks.page.getByRole("alertdialog");
  const changed = asks.page.getByRole("rowheader", { name: asks.say("tickets.edit.description"), exact: true });
  const both = question.getByRole("row").filter({ has: changed }).getByRole("cell");
  for (const desk of [asks, other]) await press(desk, "tickets.ticket.edit");
  await description(other).fill("Lo de la otra persona");
  await press(other, "tickets.edit.save");
  await expect(description(other)).toBeHidden();

  await description(asks).fill("Lo mío");
  await press(asks, "tickets.edit.save");
  await expect(question).toBeVisible();
  await expect(both).toHaveText(["Lo de la otra persona", "Lo mío"]);
  await expect(question.getByRole("button", { name: asks.say("tickets.conflict.back"), exact: true })).toBeFocused();
  await asks.page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(description(asks)).toHaveValue("Lo mío");
  // Not even a reload in between loses it; and the other's text is still not overwritten unasked.
  await asks.page.reload();
  await expect(description(asks)).toHaveValue("Lo mío");
  await press(asks, "tickets.edit.save");
  await expect(both).toHaveText(["Lo de la otra persona", "Lo mío"]);
  await press(asks, "tickets.conflict.keep_mine");
  await expect(description(asks)).toBeHidden();
  for (const desk of [asks, other]) await expect(shown(desk, "Lo mío")).toBeVisible();
  await asks.check();

  // Who leaves what is there has it, and their own text is gone.
  for (const desk of [asks, other]) await press(desk, "tickets.ticket.edit");
  await description(other).fill("Lo último de la otra persona");
  await press(other, "tickets.edit.save");
  await expect(description(other)).toBeHidden();
  await description(asks).fill("Una vez más");
  await press(asks, "tickets.edit.save");
  await expect(both).toHaveText(["Lo último de la otra persona", "Una vez más"]);
  await press(asks, "tickets.conflict.keep_theirs");
  await expect(question).toBeHidden();
  await expect(description(asks)).toBeHidden();
  for (const desk of [asks, other]) {
    await expect(shown(desk, "Lo último de la otra persona")).toBeVisible();
    await expect(shown(desk, "Una vez más")).toHaveCount(0);
  }
  await asks.check();
  for (const desk of [asks, other]) await desk.close();
});

test("an answer to a closed ticket reopens it when it should", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("pilar", "Pilar Gil", "user"));
  await openTicket(asks, "Cerrado demasiado pronto", "…");
  await asks.page.getByRole("button", { name: asks.say("tickets.ticket.close"), exact: true }).click();
  await expectState(asks, "closed");
  await expect(asks.page.getByText(asks.say("tickets.write.closed_hint"))).toBeVisible();
  await answerBox(asks).fill("Sigue igual");
  await asks.page.getByRole("button", { name: asks.say("tickets.write.send_reopen"), exact: true }).click();
  await expectState(asks, "open");
  await expect(asks.page.getByRole("main").getByText("Sigue igual")).toBeVisible();
  await asks.check();
  await asks.close();
});

test("everything chosen for a new ticket survives a reload, whoever it is for", async ({ browser }) => {
  account("quique", "Quique Soler", "user");
  const desk = await (await Desk.open(browser, turno())).logIn(account("rita", "Rita Técnica", "technician"));
  await desk.page.goto("/tickets/new");
  await field(desk.page, desk.say("tickets.new.title")).fill("De parte de otra persona");
  const urgent = desk.page.locator("input[name=priority][value=urgent]");
  await urgent.check({ force: true });
  // Like the category, it says that it may be left empty.
  const whose = `${desk.say("tickets.new.requester")} (${desk.say("common.optional_mark")})`;
  await desk.page.getByRole("combobox", { name: whose, exact: true }).fill("quique");
  await desk.page.getByRole("option").filter({ hasText: "Quique Soler" }).click();
  await expect(desk.page.getByRole("main").getByText("Quique Soler", { exact: true })).toBeVisible();
  await desk.page.reload();
  await expect(field(desk.page, desk.say("tickets.new.title"))).toHaveValue("De parte de otra persona");
  await expect(urgent).toBeChecked();
  await expect(desk.page.getByRole("main").getByText("Quique Soler", { exact: true })).toBeVisible();
  await desk.check();
  await desk.close();
});

test("keys lead through a new ticket, and send it from its title too", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(account("teclas", "Tecla Marín", "user"));
  const { page, say } = desk;
  await page.goto("/tickets/new");
  const [title, description] = [field(page, say("tickets.new.title")), field(page, say("tickets.new.description"))];
  await expect(title).toBeFocused();
  await page.keyboard.type("Solo con teclas");
  // Enter leads on instead of sending a title alone; whoever wants that sent is told what is missing.
  await page.keyboard.press("Enter");
  await expect(description).toBeFocused();
  await expect(page.locator("[aria-invalid=true]")).toHaveCount(0);
  await title.press("Control+Enter");
  await expect(description).toBeFocused();
  await expect(description).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.type("Sin ratón");
  await title.press("Control+Enter");
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Solo con teclas");

  // The title that is there is saved by Enter, with Ctrl or without; Escape leaves it as it was.
  const edit = page.getByRole("button", { name: say("tickets.ticket.edit"), exact: true });
  const edited = field(page, say("tickets.edit.title"));
  for (const [key, text] of [["Enter", "Solo con Enter"], ["Control+Enter", "Solo con Ctrl"]] as const) {
    await edit.click();
    await expect(edited).toBeFocused();
    await edited.fill(text);
    await page.keyboard.press(key);
    await expect(edited).toBeHidden();
    await expect(heading).toHaveText(text);
  }
  await edit.click();
  await edited.fill("Otra cosa");
  await page.keyboard.press("Escape");
  await expect(edited).toBeHidden();
  await expect(heading).toHaveText("Solo con Ctrl");
  await expect(edit).toBeFocused();
  // What was typed is not lost by it; what was put back is forgotten.
  await edit.click();
  await expect(edited).toHaveValue("Otra cosa");
  await expect(page.getByText(say("tickets.edit.resumed"), { exact: true })).toBeVisible();
  await edited.fill("Solo con Ctrl");
  await page.keyboard.press("Escape");
  await expect(edited).toBeHidden();
  await page.reload();
  await expect(heading).toHaveText("Solo con Ctrl");
  await expect(edited).toBeHidden();
  await desk.check();
  await desk.close();
});

test("a large number is written as the language writes it, and what discards a draft stands in line", async ({ browser }) => {
  for (const [language, number] of [["es", "12.345"], ["en", "12,345"]] as const) {
    const person = account(`largo${language}`, `Lidia Larga ${language}`, "user", language);
    const desk = await (await Desk.open(browser, turno(), { language, width: 360 })).logIn(person);
    const { page, say } = desk;
    await page.goto("/tickets/new");
    // A hundred thousand signs may be sent.
    await field(page, say("tickets.new.description")).fill("x".repeat(112_345));
    await expect(page.getByText(say("tickets.new.over", { count: number }), { exact: true })).toBeVisible();

    const hint = page.locator(".tickets-new .foot .hint");
    await expect(hint).toContainText(say("tickets.new.draft"));
    // Below the line its words begin where that does, and beside it they stand on it.
    const apart = await hint.evaluate((hint) => {
      const placeOf = (part: Node) => {
        const range = document.createRange();
        range.selectNodeContents(part);
        return range.getBoundingClientRect();
      };
      const text = [...hint.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const [line, words] = [placeOf(text!), placeOf(hint.querySelector("button")!)];
      return words.top >= line.bottom ? words.left - line.left : words.bottom - line.bottom;
    });
    expect(Math.abs(apart)).toBeLessThanOrEqual(1);
    await desk.check();
    await desk.close();
  }
});
