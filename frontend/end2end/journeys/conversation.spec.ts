// What people write to each other on a ticket: Markdown and its preview, names after an @, internal notes that are not made
// by mistake, edits with the text before, and who follows.

import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { QUERIES } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, answerBox, openTicket } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

function button(desk: Desk, key: string, values?: Record<string, string>): Locator {
  return desk.page.getByRole("button", { name: desk.say(key, values), exact: true });
}

function said(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") });
}

/** Goes from writing a reply to writing a note, or back. */
async function turnTo(desk: Desk, tab: "reply" | "note"): Promise<void> {
  await desk.page.getByRole("tab", { name: desk.say(`tickets.write.${tab}`), exact: true }).click();
}

/** The colour that an element stands on. */
function paint(of: Locator): Promise<string> {
  return of.evaluate((element) => getComputedStyle(element).backgroundColor);
}

async function picture(desk: Desk, name: string): Promise<void> {
  const path = resolve(`../../test-results/screens/${name}-${test.info().project.name}-${desk.width}.png`);
  await desk.page.screenshot({ path });
}

const TABLE = [
  "| Modelo | Sede | Número de serie | Observaciones del inventario |",
  "| --- | :-: | --: | --- |",
  "| M404dn | Norte | 4711 | la del segundo piso, junto a la ventana |",
].join("\n");

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";
  const theme = width === 360 ? "dark" : "light";

  test(`an answer is written, looked at, sent and edited (${width} px, ${language})`, { tag: QUERIES }, async ({ browser }) => {
    test.slow();
    const person = account(`ines${width}`, `Inés Núñez ${width}`, "user", language);
    const technician = account(`teo${width}`, `Teo Marín ${width}`, "technician", language);
    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await openTicket(asks, `Tóner ${width}`, "Mira **esto**: https://example.org/manual");
    const address = asks.page.url();
    const link = said(asks).getByRole("link", { name: "https://example.org/manual" });
    await expect(link).toHaveAttribute("rel", "noopener nofollow");
    await expect(link).toHaveAttribute("target", "_blank");

    const answers = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    const { page, say } = answers;
    await page.goto(address);
    const box = answerBox(answers);
    await box.pressSequentially("Hola @ine");
    const names = page.getByRole("listbox", { name: say("conversation.mention.list"), exact: true });
    await expect(names.getByRole("option")).toHaveCount(1);
    await expect(names.getByRole("option")).toHaveAttribute("aria-selected", "true");
    await picture(answers, "mention");
    await answers.check();
    await answers.checkAccess();
    await box.press("Escape");
    await expect(names).toBeHidden();
    await box.pressSequentially("s");
    await expect(names.getByRole("option")).toHaveCount(1);
    await box.press("Enter");
    await expect(names).toBeHidden();
    await expect(box).toHaveValue(`Hola @ines${width} `);

    await box.fill(`Hola @ines${width}, como en #1:\n\n${TABLE}\n\n\`\`\`\nlpadmin -p planta2 -E -v ipp://impresora.example.org/ipp/print\n\`\`\``);
    await button(answers, "conversation.write.preview").click();
    const preview = page.getByRole("group", { name: say("conversation.write.preview_label"), exact: true });
    await expect(preview.getByRole("table")).toBeVisible();
    await expect(preview.getByText(`@Inés Núñez ${width}`)).toBeVisible();
    await expect(preview.getByRole("link", { name: "#1", exact: true })).toHaveAttribute("href", "/tickets/1");
    await answers.check();
    await answers.checkAccess();
    await picture(answers, "preview");
    await button(answers, "conversation.write.preview").click();
    await expect(box).toBeVisible();
    await box.press("Control+Enter");
    await expect(box).toHaveValue("");
    const message = said(answers).getByRole("article").last();
    await expect(message.getByRole("table")).toBeVisible();
    await answers.check();
    await answers.checkAccess();

    await message.getByRole("button", { name: say("tickets.message.edit"), exact: true }).click();
    const edit = page.getByRole("textbox", { name: say("tickets.message.body"), exact: true });
    await edit.fill(" ");
    await edit.press("Control+Enter");
    await expect(said(answers).getByRole("alert")).toBeVisible();
    await expect(edit).toHaveAttribute("aria-invalid", "true");
    await edit.fill("Mejor así");
    // Escape closes the field and loses nothing.
    await edit.press("Escape");
    await expect(edit).toBeHidden();
    await message.getByRole("button", { name: say("tickets.message.edit"), exact: true }).click();
    await expect(edit).toHaveValue("Mejor así");
    await page.getByRole("button", { name: say("tickets.message.save"), exact: true }).click();
    const edited = said(answers).getByRole("article").filter({ hasText: "Mejor así" });
    await expect(edited.getByText(say("conversation.edited"))).toBeVisible();
    await expect(edited.locator(".edited time")).toHaveCount(1);
    await said(answers).getByText(say("conversation.change.before"), { exact: true }).click();
    await expect(said(answers).locator(".was")).toContainText("M404dn");
    await answers.check();
    await answers.checkAccess();
    await picture(answers, "edited");

    await asks.page.reload();
    await expect(said(asks).getByText("Mejor así")).toBeVisible();
    await asks.check();
    for (const desk of [asks, answers]) await desk.close();
  });

  test(`a note that names who asked is not saved by mistake (${width} px, ${language})`, async ({ browser }) => {
    const person = account(`olmo${width}`, `Olmo Vera ${width}`, "user", language);
    const technician = account(`sara${width}`, `Sara Gil ${width}`, "technician", language);
    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await openTicket(asks, `Monitor ${width}`, "…");
    const answers = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    const { page, say } = answers;
    await page.goto(asks.page.url());
    // A note looks unlike a reply from the first letter on, in the colours of the day and of the night.
    await expect(page.locator("html")).toHaveAttribute("data-bs-theme", theme);
    const write = page.getByRole("region", { name: say("tickets.write.label"), exact: true });
    const plain = await paint(write);
    await turnTo(answers, "note");
    await expect(page.getByText(say("conversation.write.note_label"))).toBeVisible();
    await expect(write).not.toHaveCSS("background-color", plain);
    const text = `@olmo${width}, trae el cable`;
    await answerBox(answers).fill(text);
    await answers.checkAccess();
    await picture(answers, "note");
    await button(answers, "tickets.write.send_note").click();
    const question = page.getByRole("alertdialog", { name: say("conversation.caution.heading") });
    await expect(question).toContainText(`Olmo Vera ${width}`);
    await expect(question.getByRole("button", { name: say("conversation.caution.back"), exact: true })).toBeFocused();
    await answers.check();
    await answers.checkAccess();
    await picture(answers, "caution");
    await page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await expect(answerBox(answers)).toHaveValue(text);

    await button(answers, "tickets.write.send_note").click();
    await question.getByRole("button", { name: say("conversation.caution.reply"), exact: true }).click();
    await expect(page.getByText(say("conversation.write.note_label"))).toBeHidden();
    await expect(answerBox(answers)).toHaveValue(text);
    await button(answers, "tickets.write.send").click();
    await expect(said(answers).getByText("trae el cable")).toBeVisible();

    await turnTo(answers, "note");
    await answerBox(answers).fill(`Avisé a @olmo${width}`);
    await button(answers, "tickets.write.send_note").click();
    await question.getByRole("button", { name: say("conversation.caution.save"), exact: true }).click();
    const note = said(answers).getByRole("article").filter({ hasText: "Avisé a" });
    await expect(note.getByText(say("tickets.message.note"), { exact: true })).toBeVisible();
    await expect(note.locator(".mention")).toHaveCount(0);
    // On its own paper, that of the box it was written in, and with a broad edge for whoever sees no colours.
    const noted = note.locator(".paper");
    const replied = said(answers).getByRole("article").filter({ hasText: "trae el cable" }).locator(".paper");
    const colour = await paint(noted);
    await expect(write).toHaveCSS("background-color", colour);
    await expect(replied).not.toHaveCSS("background-color", colour);
    await expect(replied).toHaveCSS("border-left-width", "1px");
    await expect(noted).toHaveCSS("border-left-width", "4px");

    // What is on its way stays what it is: neither its tab nor its text can be changed.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/api/v1/previews", async (route) => {
      await held;
      await route.continue();
    });
    await answerBox(answers).fill(`Lo lleva @sara${width}`);
    await button(answers, "tickets.write.send_note").click();
    await expect(page.getByRole("tab", { name: say("tickets.write.reply"), exact: true })).toBeDisabled();
    await expect(answerBox(answers)).not.toBeEditable();
    release();
    const second = said(answers).getByRole("article").filter({ hasText: "Lo lleva" });
    await expect(second.getByText(say("tickets.message.note"), { exact: true })).toBeVisible();
    await expect(answerBox(answers)).toHaveValue("");
    await page.unroute("**/api/v1/previews");

    // Naming them in a note that is there already is asked about as well.
    await second.getByRole("button", { name: say("tickets.message.edit"), exact: true }).click();
    const edit = page.getByRole("textbox", { name: say("tickets.message.body"), exact: true });
    await edit.fill(`Lo lleva @sara${width} a @olmo${width}`);
    await edit.press("Control+Enter");
    await expect(question).toContainText(`Olmo Vera ${width}`);
    await expect(question.getByRole("button", { name: say("conversation.caution.reply"), exact: true })).toHaveCount(0);
    await question.getByRole("button", { name: say("conversation.caution.save"), exact: true }).click();
    await expect(edit).toBeHidden();
    await expect(second).toContainText(`@olmo${width}`);

    await asks.page.reload();
    await expect(said(asks).getByText("trae el cable")).toBeVisible();
    await expect(asks.page.getByText("Avisé a")).toHaveCount(0);
    // Another ticket begins with a reply, whatever was written on this one.
    await openTicket(await goToList(asks), `Teclado ${width}`, "…");
    await page.goto(asks.page.url());
    await expect(page.getByRole("tab", { name: say("tickets.write.reply"), exact: true })).toHaveAttribute("aria-selected", "true");
    for (const desk of [asks, answers]) await desk.close();
  });

  test(`people are invited, follow and leave (${width} px, ${language})`, async ({ browser }) => {
    const person = account(`vega${width}`, `Vega Soto ${width}`, "user", language);
    const guest = account(`yago${width}`, `Yago Rey ${width}`, "user", language);
    const technician = account(`zoe${width}`, `Zoé Lara ${width}`, "technician", language);
    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await openTicket(asks, `Proyector ${width}`, "…");
    await expect(asks.page.getByText(asks.say("conversation.watchers.requester"))).toBeVisible();
    const address = asks.page.url();

    const answers = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    await answers.page.goto(address);
    await button(answers, "conversation.watchers.follow").click();
    await expect(button(answers, "conversation.watchers.unfollow")).toBeVisible();
    await expect(said(answers).getByText(answers.say("conversation.change.followed"))).toBeVisible();
    await button(answers, "conversation.watchers.invite").click();
    const pick = answers.page.getByRole("combobox", { name: answers.say("conversation.watchers.invite_label"), exact: true });
    await pick.fill("yago");
    await answers.page.getByRole("option").filter({ hasText: `Yago Rey ${width}` }).click();
    const followers = answers.page.getByRole("region", { name: answers.say("conversation.watchers.title"), exact: true });
    await expect(followers.getByText(`Yago Rey ${width}`)).toBeVisible();
    await answers.check();
    await answers.checkAccess();
    await picture(answers, "followers");

    const follows = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(guest);
    await follows.page.goto(address);
    await answer(follows, "A mí también me pasa");
    await button(follows, "conversation.watchers.unfollow").click();
    const question = follows.page.getByRole("alertdialog", { name: follows.say("conversation.watchers.leave_heading") });
    await expect(question.getByRole("button", { name: follows.say("conversation.watchers.leave_stay"), exact: true })).toBeFocused();
    await follows.checkAccess();
    await follows.page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await button(follows, "conversation.watchers.unfollow").click();
    await question.getByRole("button", { name: follows.say("conversation.watchers.unfollow"), exact: true }).click();
    await expect(follows.page.getByRole("heading", { level: 1 })).toHaveText(follows.say("tickets.list.title"));
    await follows.page.goto(address);
    await expect(follows.page.getByText(follows.say("tickets.ticket.missing"))).toBeVisible();
    await follows.check();

    await answers.page.reload();
    await expect(said(answers).getByText(answers.say("conversation.change.unfollowed"))).toBeVisible();
    for (const desk of [asks, answers, follows]) await desk.close();
  });
}

async function goToList(desk: Desk): Promise<Desk> {
  await desk.page.goto("/tickets");
  return desk;
}
