// A ticket as a conversation: what is new is found, what was said is quoted, what was begun waits, and what is like it is
// named before it is asked again.

import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answer, answerBox, field, openTicket } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

function said(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") });
}

async function picture(desk: Desk, name: string): Promise<void> {
  const path = resolve(`../../test-results/screens/${name}-${test.info().project.name}-${desk.width}.png`);
  await desk.page.screenshot({ path });
}

/** Whether the desk knows that the person has read the ticket that is open to its end. */
async function allRead(desk: Desk): Promise<boolean> {
  return desk.page.evaluate(async () => {
    const ticket = `/api/v1${location.pathname}`;
    const [{ read_to }, { items }] = await Promise.all([ticket, `${ticket}/comments`].map(async (url) => (await fetch(url)).json()));
    return items.length === 2 && read_to === items[1].id;
  });
}

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";
  const theme = width === 360 ? "dark" : "light";

  test(`what was written meanwhile is found at once (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const person = account(`olga${width}`, `Olga Ríos ${width}`, "user", language);
    const technician = account(`beto${width}`, `Beto Cruz ${width}`, "technician", language);
    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await openTicket(asks, `Servidor ${width}`, Array.from({ length: 30 }, (_, nth) => `Línea ${nth}`).join("\n\n"));
    const address = asks.page.url();
    const marked = asks.page.waitForResponse((response) => response.url().endsWith("/read") && response.status() === 204);
    await asks.page.reload();
    await marked;
    await expect(asks.page.getByRole("main").getByText(asks.say("conversation.unread.line"), { exact: true })).toHaveCount(0);
    await asks.page.goto("/tickets");

    const desk = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    await desk.page.goto(address);
    await answer(desk, "Primera respuesta");
    await answer(desk, "Segunda respuesta");

    await asks.page.goto(address);
    const line = asks.page.getByRole("main").getByText(asks.say("conversation.unread.line"), { exact: true });
    await expect(line).toBeInViewport();
    await expect(said(asks).getByText("Primera respuesta")).toBeInViewport();
    await asks.check();
    await asks.checkAccess();
    await picture(asks, "unread");
    await asks.page.evaluate(() => scrollTo(0, 0));
    await asks.page.getByRole("button", { name: new RegExp(asks.say("conversation.unread.jump")) }).click();
    await expect(line).toBeInViewport();
    await expect.poll(() => allRead(asks)).toBe(true);
    // Once it was read it is not new any more.
    await asks.page.reload();
    await expect(said(asks).getByText("Segunda respuesta")).toBeAttached();
    await expect(line).toHaveCount(0);
    for (const one of [asks, desk]) await one.close();
  });

  test(`a message is quoted, and a long quote is folded (${width} px, ${language})`, async ({ browser }) => {
    const technician = account(`dani${width}`, `Dani_Mar ${width}`, "technician", language);
    const desk = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    const { page, say } = desk;
    const long = Array.from({ length: 14 }, (_, nth) => `Paso ${nth + 1}`).join("\n\n");
    await openTicket(desk, `Guía ${width}`, long);
    const box = answerBox(desk);
    await box.fill("Antes:");
    await page.getByRole("button", { name: say("conversation.quote.name", { name: technician.name }) }).first().click();
    await expect(box).toBeFocused();
    await expect(box).toHaveValue(new RegExp(`^Antes:\\n\\n> .*Dani\\\\_Mar ${width}.*\\n>\\n> Paso 1\\n`));
    await box.press("Control+End");
    await box.pressSequentially("De acuerdo");
    await box.press("Control+Enter");
    await expect(box).toHaveValue("");
    const message = said(desk).getByRole("article").last();
    const more = message.getByRole("button", { name: say("conversation.quote.more"), exact: true });
    await expect(more).toHaveAttribute("aria-expanded", "false");
    await expect(message.getByText("De acuerdo")).toBeVisible();
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "quote");
    await more.click();
    const less = message.getByRole("button", { name: say("conversation.quote.less"), exact: true });
    await expect(less).toHaveAttribute("aria-expanded", "true");

    // What comes from a note goes into a note.
    await page.getByRole("tab", { name: say("tickets.write.note"), exact: true }).click();
    await answer(desk, "Nota secreta", "send_note");
    await page.getByRole("tab", { name: say("tickets.write.reply"), exact: true }).click();
    const note = said(desk).getByRole("article").filter({ hasText: "Nota secreta" });
    await note.getByRole("button", { name: say("conversation.quote.name", { name: technician.name }) }).click();
    await expect(page.getByRole("tab", { name: say("tickets.write.note"), exact: true })).toHaveAttribute("aria-selected", "true");
    await expect(box).toHaveValue(/> Nota secreta/);
    await page.getByRole("tab", { name: say("tickets.write.reply"), exact: true }).click();
    await expect(box).toHaveValue("");

    // The begun note waits, over a reload too, until it is thrown away.
    await page.reload();
    await expect(box).toHaveValue(/> Nota secreta/);
    await expect(page.getByText(say("conversation.draft.kept"))).toBeVisible();
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "draft");
    await page.getByRole("button", { name: say("conversation.draft.discard"), exact: true }).click();
    await expect(box).toHaveValue("");
    await desk.close();
  });

  test(`what a new ticket is like is named while it is written (${width} px, ${language})`, async ({ browser }) => {
    const person = account(`lola${width}`, `Lola Paz ${width}`, "user", language);
    const desk = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    const { page, say } = desk;
    const title = "La impresora del pasillo parpadea en rojo";
    await openTicket(desk, title, "Desde ayer");
    const id = /\d+$/.exec(page.url())?.[0] ?? "";
    await page.goto("/tickets/new");
    const description = field(page, say("tickets.new.description"));
    const before = await description.boundingBox();
    await field(page, say("tickets.new.title")).pressSequentially("Impresoras que parpadean en rojo");
    await expect(page.getByRole("status").filter({ hasText: say("conversation.similar.one", { id }) })).toBeAttached();
    expect(await description.boundingBox()).toEqual(before);
    await page.getByRole("button", { name: say("conversation.similar.one", { id }) }).click();
    const link = page.getByRole("region", { name: say("conversation.similar.heading"), exact: true }).getByRole("link");
    await expect(link).toContainText(title);
    await expect(link).toHaveAttribute("target", "_blank");
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "similar");
    const opened = desk.context.waitForEvent("page");
    await link.click();
    await expect(await opened).toHaveURL(new RegExp(`/tickets/${id}$`));
    await page.bringToFront();
    await field(page, say("tickets.new.title")).fill("Silla");
    await expect(link).toHaveCount(0);
    await desk.close();
  });
}
