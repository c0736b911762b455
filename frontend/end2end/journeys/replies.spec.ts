// Saved replies: kept on their page, found from the answer box by key and by button, filled in, and nobody else's business.

import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { answerBox, expectState, field, openTicket, still } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

function button(desk: Desk, key: string, values?: Record<string, string>): Locator {
  return desk.page.getByRole("button", { name: desk.say(key, values), exact: true });
}

function said(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("tickets.ticket.conversation") });
}

/** The list of saved replies beside the answer box. */
function offered(desk: Desk): Locator {
  return desk.page.getByRole("group", { name: desk.say("replies.pick.list"), exact: true });
}

/** What closes that list on a phone. */
function shut(desk: Desk): Locator {
  return offered(desk).getByRole("button", { name: desk.say("common.close"), exact: true });
}

/** Its upper and its lower end are on the screen, and under nothing. */
async function expectSeen(part: Locator): Promise<void> {
  const ends = () =>
    part.evaluate((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return [top + 2, bottom - 2].map((y) => one.contains(document.elementFromPoint((left + right) / 2, y)));
    });
  await expect.poll(ends).toEqual([true, true]);
}

async function picture(desk: Desk, name: string): Promise<void> {
  const path = resolve(`../../test-results/screens/${name}-${test.info().project.name}-${desk.width}.png`);
  await desk.page.screenshot({ path });
}

/** Keeps a reply through its form. */
async function keep(desk: Desk, title: string, body: string, shared: boolean): Promise<void> {
  const { page, say } = desk;
  await button(desk, "replies.new").click();
  const form = page.getByRole("dialog", { name: say("replies.new"), exact: true });
  await field(form, say("replies.name")).fill(title);
  await field(form, say("replies.body")).fill(body);
  if (shared) await form.getByRole("checkbox", { name: new RegExp(say("replies.share")) }).check();
  await button(desk, "replies.save").click();
  await desk.told(say("replies.saved", { name: title }));
  await expect(form).toBeHidden();
}

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";
  const theme = width === 360 ? "dark" : "light";

  test(`a reply is saved, shared and given (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const person = account(`rosa${width}`, "Rosa *Gil* Vera", "user", language);
    const technician = account(`raul${width}`, `Raúl Pons ${width}`, "technician", language);
    const colleague = account(`nora${width}`, `Nora Sanz ${width}`, "technician", language);

    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await asks.page.goto("/replies");
    await expect(asks.page.getByRole("heading", { level: 1, name: asks.say("common.not_found.title") })).toBeVisible();
    await asks.page.goto("/tickets");
    await openTicket(asks, `Tóner #1 ${width}`, "Ya no imprime");
    const address = asks.page.url();
    await expect(button(asks, "replies.pick.list")).toBeHidden();

    const desk = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    const { page, say } = desk;
    await page.goto("/replies");
    await expect(page.getByRole("heading", { name: say("replies.title"), exact: true })).toBeVisible();
    await desk.checkAccess();

    // What is not known is refused beside its field, and stays there.
    await button(desk, "replies.new").click();
    const form = page.getByRole("dialog", { name: say("replies.new"), exact: true });
    await field(form, say("replies.name")).fill(`Reinicio ${width}`);
    const body = field(form, say("replies.body"));
    await body.fill("Hola {{requester.nick}}");
    await button(desk, "replies.save").click();
    await expect(form.getByText(say("common.field.unknown_placeholder"))).toBeVisible();
    await expect(body).toBeFocused();
    await body.fill("Hola ");
    await form.getByRole("button", { name: say("replies.placeholder.requester_name"), exact: true }).click();
    await expect(body).toHaveValue("Hola {{requester.name}}");
    await expect(body).toBeFocused();
    await body.pressSequentially(":\n\nreinicia el equipo.\n\n{{agent.name}}, {{desk.name}}");
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "replies-form");
    await body.press("Control+Enter");
    await desk.told(say("replies.saved", { name: `Reinicio ${width}` }));
    await keep(desk, `Sin papel ${width}`, "Ponle papel a la bandeja 2.", true);
    const rows = page.getByRole("list", { name: say("replies.region"), exact: true }).getByRole("listitem");
    await expect(rows.filter({ hasText: String(width) })).toHaveCount(2);
    await expect(rows.filter({ hasText: "Sin papel" }).filter({ hasText: String(width) })).toContainText(say("replies.of_all"));
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "replies");

    // By a slash where a line begins; with nothing chosen the slash is written.
    await page.goto(address);
    const box = answerBox(desk);
    const find = page.getByRole("combobox", { name: say("replies.pick.find"), exact: true });
    await box.press("/");
    await expect(find).toBeFocused();
    await find.press("Escape");
    await expect(find).toBeHidden();
    await expect(box).toHaveValue("/");
    await expect(box).toBeFocused();
    await box.press("/");
    await expect(box).toHaveValue("//");
    // What follows it was meant for the text when nothing matches.
    await box.fill("");
    await box.press("/");
    await find.fill("usr/bin/jirafa");
    await find.press("Enter");
    await expect(find).toBeHidden();
    await expect(box).toHaveValue("/usr/bin/jirafa");
    // In code a slash is one.
    await box.fill("```\n");
    await box.press("/");
    await expect(box).toHaveValue("```\n/");
    await box.fill("Buenos días:\n");
    await box.press("/");
    await find.fill(`REINI ${width}`);
    const options = page.getByRole("listbox", { name: say("replies.pick.list"), exact: true }).getByRole("option");
    await expect(options).toHaveCount(1);
    await expect(options).toHaveAttribute("aria-selected", "true");
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "replies-pick");
    await find.press("Enter");
    await expect(find).toBeHidden();
    await expect(box).toBeFocused();
    await expect(box).toHaveValue(
      `Buenos días:\nHola Rosa \\*Gil\\* Vera:\n\nreinicia el equipo.\n\nRaúl Pons ${width}, Turno`,
    );
    await box.press("Control+Enter");
    await expect(box).toHaveValue("");
    await expect(said(desk).getByText("Hola Rosa *Gil* Vera:")).toBeVisible();

    // By the button, with the mouse; and the same button closes it, or on a phone that of the sheet which lies over it.
    await button(desk, "replies.pick.list").click();
    await expect(find).toBeFocused();
    await (width === 360 ? shut(desk) : button(desk, "replies.pick.list")).click();
    await expect(find).toBeHidden();
    await button(desk, "replies.pick.list").click();
    await options.filter({ hasText: "Ponle papel" }).first().click();
    await expect(box).toHaveValue("Ponle papel a la bandeja 2.");

    // A colleague has what is shared, and may not change it.
    const other = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(colleague);
    await other.page.goto("/replies");
    const theirs = other.page.getByRole("list", { name: other.say("replies.region"), exact: true }).getByRole("listitem");
    await expect(theirs.filter({ hasText: `Sin papel ${width}` })).toContainText(technician.name);
    await expect(theirs.filter({ hasText: `Reinicio ${width}` })).toHaveCount(0);
    await expect(theirs.filter({ hasText: `Sin papel ${width}` }).getByRole("button")).toHaveCount(0);

    await page.goto("/replies");
    await button(desk, "replies.remove_name", { name: `Sin papel ${width}` }).click();
    const question = page.getByRole("alertdialog", { name: say("replies.remove_heading", { name: `Sin papel ${width}` }) });
    await expect(question).toContainText(say("replies.remove_shared"));
    await question.getByRole("button", { name: say("replies.remove"), exact: true }).click();
    await expect(rows.filter({ hasText: `Sin papel ${width}` })).toHaveCount(0);
    await desk.check();
    for (const one of [asks, desk, other]) await one.close();
  });

  test(`an answer takes the ticket with it in one press (${width} px, ${language})`, async ({ browser }) => {
    const person = account(`iris${width}`, `Iris Mota ${width}`, "user", language);
    const technician = account(`hugo${width}`, `Hugo Rey ${width}`, "technician", language);
    const asks = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(person);
    await openTicket(asks, `Pantalla ${width}`, "…");
    const desk = await (await Desk.open(browser, turno(), { width, language, theme })).logIn(technician);
    const { page, say } = desk;
    await page.goto(asks.page.url());
    const box = answerBox(desk);
    await box.fill("¿De qué modelo es?");
    await button(desk, "conversation.write.more").click();
    await desk.check();
    await desk.checkAccess();
    await picture(desk, "answer-more");
    await page.getByRole("menuitem", { name: say("conversation.write.send_wait"), exact: true }).click();
    await expect(box).toHaveValue("");
    await expectState(desk, "waiting");

    // Both go in one request: when it is refused, nothing was written.
    const problem = { type: "about:blank", title: "", status: 500, code: "internal", detail: "", instance: "" };
    const refusal = { status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) };
    await page.route("**/api/v1/tickets/*/comments", (route) => route.fulfill(refusal), { times: 1 });
    await box.fill("Listo");
    await box.press("Control+Shift+Enter");
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(box).toHaveValue("Listo");
    await expectState(desk, "waiting");
    const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/comments"));
    await box.press("Control+Shift+Enter");
    expect((await sent).postDataJSON()).toMatchObject({ body: "Listo", status: "closed" });
    await expect(box).toHaveValue("");
    await expectState(desk, "closed");

    await expectState(asks, "closed");
    await answerBox(asks).fill("Sigue igual");
    await button(asks, "tickets.write.send_reopen").click();
    await expectState(asks, "open");
    await asks.check();
    for (const one of [asks, desk]) await one.close();
  });
}

/** A phone that is touched, and a low and a high desk. */
const SCREENS = [
  { width: 360, height: 740, touch: true },
  { width: 1280, height: 720, touch: false },
  { width: 1280, height: 1000, touch: false },
] as const;

for (const { width, height, touch } of SCREENS) {
  test(`what is offered beside the answer box is seen, wherever the box stands (${width} × ${height})`, async ({ browser }) => {
    const technician = account(`lola${width}x${height}`, `Lola Cano ${height}`, "technician");
    const desk = await (await Desk.open(browser, turno(), { width, touch })).logIn(technician);
    const { page, say } = desk;
    await page.setViewportSize({ width, height });
    for (const title of ["Ventilador", "Pantalla", "Teclado", "Batería", "Cargador", "Ratón"]) {
      await ask(page, "POST", "/replies", { title, body: `El repuesto ya está pedido. ${"Llega mañana. ".repeat(12)}`.trim() });
    }
    const { id } = await ask<{ id: number }>(page, "POST", "/tickets", { title: "Hace ruido", description: "Mucho" });
    await page.goto(`/tickets/${id}`);
    const box = answerBox(desk);
    await expect(box).toBeVisible();
    await desk.quiet();

    // The page stays where it is, and shows the field that has the cursor and the reply that Enter would take.
    const open = button(desk, "replies.pick.list");
    // Where a press scrolls nothing: on a phone clear of the bar at its foot.
    await open.evaluate((one, block) => one.scrollIntoView({ block, behavior: "instant" }), touch ? "center" as const : "nearest" as const);
    await still(page);
    const scrolled = await page.evaluate(() => scrollY);
    await open.click();
    const find = page.getByRole("combobox", { name: say("replies.pick.find"), exact: true });
    await expect(find).toBeFocused();
    const options = page.getByRole("listbox", { name: say("replies.pick.list"), exact: true }).getByRole("option");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    for (const part of [offered(desk), find, options.first()]) await expectSeen(part);
    await find.press("ArrowUp");
    await expect(options.last()).toHaveAttribute("aria-selected", "true");
    await expectSeen(options.last());
    await find.fill("repuesto");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await expectSeen(options.first());
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    await desk.check();
    await desk.checkAccess();
    await picture(desk, `replies-room-${height}`);
    if (touch) {
      // From edge to edge at the foot, and nobody is told of keys.
      const place = await offered(desk).evaluate((one) => {
        const { left, right, bottom, height } = one.getBoundingClientRect();
        return { left, right, bottom, isHigh: height > innerHeight * 0.6 + 1 };
      });
      expect(place).toEqual({ left: 0, right: width, bottom: height, isHigh: false });
      await expect(offered(desk)).toContainText(say("replies.pick.hint_touch"));
      await expect(offered(desk)).not.toContainText("Esc");
      await shut(desk).click();
    } else {
      await expect(offered(desk)).toContainText(say("replies.pick.hint"));
      await expect(shut(desk)).toBeHidden();
      await open.click();
    }
    await expect(find).toBeHidden();
    await expect(box).toBeFocused();

    // Whom one may mean, with the box as high on the screen as it can be.
    await box.evaluate((one) => {
      const top = one.closest("section")?.getBoundingClientRect().top ?? 0;
      scrollBy({ top: top - 60, behavior: "instant" });
    });
    await still(page);
    await box.pressSequentially(`@${ADMIN.username.slice(0, 2)}`);
    const names = page.getByRole("listbox", { name: say("conversation.mention.list"), exact: true });
    await expect(names.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
    await expectSeen(names);
    await desk.check();
    await desk.close();
  });
}
