// People as an administrator keeps them, categories with a colour and somebody behind them, and what a person keeps of
// themselves: a picture, tokens, sessions.

import { resolve } from "node:path";

import { expect, type Locator, type Page, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { addPerson, field, go, openTicket } from "../support/steps.js";
import { accountsOf, ADMIN } from "../support/turno.js";
import { type Language } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

/** Keeps a picture of what is open, for looking at. */
async function keep(page: Page, name: string, width: number): Promise<void> {
  const path = resolve(`../../test-results/screens/people-${name}-${test.info().project.name}-${width}.png`);
  await page.screenshot({ path, animations: "disabled" });
}

/** A picture of so many pixels, drawn by the browser: red with a green middle. */
async function drawn(page: Page, width: number, height: number): Promise<Buffer> {
  const data = await page.evaluate(
    ([width, height]) => {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      const side = Math.min(width, height);
      context.fillStyle = "rgb(200, 0, 0)";
      context.fillRect(0, 0, width, height);
      context.fillStyle = "rgb(0, 160, 0)";
      context.fillRect((width - side) / 2, (height - side) / 2, side, side);
      return canvas.toDataURL("image/png");
    },
    [width, height] as const,
  );
  return Buffer.from(data.replace(/^.*,/, ""), "base64");
}

/** The colours of a picture as it is shown: at its left edge, in its middle and at its right edge. */
function across(picture: Locator): Promise<string[]> {
  return picture.evaluate((image: HTMLImageElement) => {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    return [4, canvas.width / 2, canvas.width - 5].map((x) => {
      const [red = 0, green = 0, blue = 0] = context.getImageData(x, canvas.height / 2, 1, 1).data;
      if (red - green > 100) return "red";
      return green - red > 100 ? "green" : `${red}, ${green}, ${blue}`;
    });
  });
}

test("the form of a new person shows what a password needs, and where its mail is without a server (360 px)", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 360 })).logIn(ADMIN);
  const { page, say } = desk;
  await page.setViewportSize({ width: 360, height: 560 });
  await page.goto("/people");
  await page.getByRole("button", { name: say("people.new"), exact: true }).click();
  const form = page.getByRole("dialog", { name: say("people.create_heading"), exact: true });
  const mails = form.getByRole("link", { name: say("people.no_mail_open"), exact: true });
  await expect(mails).toHaveAttribute("href", "/mail");
  await expect(mails).toHaveAttribute("target", "_blank");

  // The rules come with the first letter, below the field, and into view.
  const password = field(form, say("people.password"));
  await password.focus();
  await password.pressSequentially("a");
  await expect(form.getByText(say("common.password_rules.guess")).first()).toBeInViewport({ ratio: 1 });
  await expect(password).toBeInViewport({ ratio: 1 });
  await expect(mails).toBeHidden();

  // The end of the form keeps its distance from the edge of the dialog.
  const room = await form.evaluate((dialog) => {
    dialog.scrollTo({ top: dialog.scrollHeight, behavior: "instant" });
    const last = dialog.querySelector(".foot")?.getBoundingClientRect().bottom ?? Number.NaN;
    return { scrolls: dialog.scrollHeight > dialog.clientHeight, below: dialog.getBoundingClientRect().bottom - last };
  });
  expect(room.scrolls).toBe(true);
  expect(room.below).toBeGreaterThanOrEqual(24);
  await desk.check();
  await desk.close();
});

for (const width of WIDTHS) {
  // One language for each width, for what a person keeps of themselves.
  const language: Language = width === 360 ? "en" : "es";

  test(`people are found, shown and imported (${width} px)`, async ({ browser }) => {
    test.slow();
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const person = await addPerson(desk, `marta${width}`, `Marta Núñez ${width}`, "technician", "es");

    // What can be done stands in columns: where one's own row has less, too.
    const edits = page.locator(".people-rows .tools > :first-child");
    expect(await edits.count()).toBeGreaterThan(1);
    const lefts = await edits.evaluateAll((edits) => edits.map((edit) => Math.round(edit.getBoundingClientRect().left)));
    expect(new Set(lefts).size, `${lefts}`).toBe(1);

    // The panel of a person, from the list and by its address.
    await page.getByRole("main").getByRole("link", { name: person.name, exact: true }).click();
    const panel = page.getByRole("dialog", { name: person.name });
    await expect(panel.getByText(person.email)).toBeVisible();
    await expect(page).toHaveURL(/\/people\?person=\d+$/);
    await desk.check();
    await desk.checkAccess();
    await keep(page, "panel", width);
    await panel.getByRole("button", { name: say("people.deactivate"), exact: true }).click();
    const asks = page.getByRole("dialog", { name: say("people.deactivate_heading", { name: person.name }) });
    await asks.getByRole("button", { name: say("people.deactivate"), exact: true }).click();
    await desk.told(say("people.deactivated", { name: person.name }));
    await expect(panel.getByText(say("people.inactive"), { exact: true })).toBeVisible();
    await panel.getByRole("button", { name: say("people.reactivate"), exact: true }).click();
    const back = page.getByRole("dialog", { name: say("people.reactivate_heading", { name: person.name }) });
    await back.getByRole("button", { name: say("people.reactivate"), exact: true }).click();
    await desk.told(say("people.reactivated", { name: person.name }));
    await expect(panel.getByText(say("people.active"), { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(/\/people$/);

    // A file with a mistake tells where it is; mended, it is imported.
    await page.getByRole("button", { name: say("people.import.open"), exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say("people.import.heading") });
    const choose = async (text: string) => {
      await dialog.locator("input[type=file]").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    };
    await choose("nothing;of;use\n1;2;3\n");
    await expect(dialog.getByRole("alert")).toBeVisible();
    const fine = `username;name;email\nuno${width};Uno Primero;uno${width}@example.org\n`;
    await choose(`${fine}dos ${width};Dos;nada\n`);
    await expect(dialog.getByText(say("people.import.refused", { count: 1 }))).toBeVisible();
    await expect(dialog.getByText(say("people.import.fix"))).toBeVisible();
    await expect(dialog.getByRole("cell", { name: `dos ${width}`, exact: true })).toBeVisible();
    // What is wrong is said line by line, beside the number of the line of the file.
    await expect(dialog.getByRole("row").last().getByRole("cell").nth(1).getByRole("listitem")).toHaveCount(2);
    await desk.check();
    await desk.checkAccess();
    await keep(page, "import", width);
    // What is said late of an earlier file does not take the place of what is said of this one.
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    const early = page.waitForRequest(/dry_run=true/);
    await page.route(
      /dry_run=true/,
      async (route) => {
        await held;
        await route.continue();
      },
      { times: 1 },
    );
    await choose("username;name;email\ntarde;;nada\n");
    await choose(fine);
    const confirm = dialog.getByRole("button", { name: say("people.import.confirm", { count: 1 }), exact: true });
    await expect(confirm).toBeVisible();
    release();
    await (await (await early).response())?.finished();
    await expect(dialog.getByText(say("people.import.fix"))).toBeHidden();
    await confirm.click();
    await desk.told(say("people.import.done.one", { count: 1 }));
    await expect(dialog).toBeHidden();

    // The header's search leads to a person.
    const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
    await box.fill(`nunez ${width}`);
    const hits = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
    await hits.filter({ hasText: person.name }).click();
    await expect(panel.getByText(person.email)).toBeVisible();
    await panel.getByRole("link", { name: say("people.panel.asked"), exact: true }).click();
    await expect(page).toHaveURL(/\/tickets\?.*requester_id=\d+/);
    await desk.check();
    await desk.close();
  });

  test(`a category has a colour and somebody who gets its tickets (${width} px)`, async ({ browser }) => {
    test.slow();
    const technician = account(`tere${width}`, `Tere Gil ${width}`, "technician");
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await go(desk, "common.nav.categories");
    const name = `Telefonía ${width}`;
    await field(page, say("categories.new")).fill(name);
    await page.getByRole("button", { name: say("categories.add"), exact: true }).click();
    await page.getByRole("button", { name: say("categories.edit_name", { name }), exact: true }).click();
    const form = page.locator("form.edit");
    const pink = form.getByRole("radio", { name: say("categories.colours.pink"), exact: true });
    await form.locator("label").filter({ has: page.getByRole("radio", { name: say("categories.colours.pink"), exact: true }) }).click();
    await expect(pink).toBeChecked();
    await field(form, say("categories.assignee")).selectOption({ label: technician.name });
    await desk.check();
    await desk.checkAccess();
    await keep(page, "category", width);
    await form.getByRole("button", { name: say("categories.save"), exact: true }).click();
    await expect(form).toBeHidden();
    await expect(page.getByText(say("categories.goes_to", { name: technician.name }))).toBeVisible();

    // Another one is put before it, and stays there.
    const second = `Redes ${width}`;
    await field(page, say("categories.new")).fill(second);
    await page.getByRole("button", { name: say("categories.add"), exact: true }).click();
    const rows = page.getByRole("list", { name: say("categories.region"), exact: true }).getByRole("listitem");
    await expect(rows.last()).toContainText(second);
    const up = page.getByRole("button", { name: say("categories.up", { name: second }), exact: true });
    const told = page.waitForResponse((answer) => /\/categories\/\d+$/.test(answer.url()) && answer.request().method() === "PATCH");
    await up.click();
    await told;
    await expect(rows.last()).toContainText(name);
    await expect(up).toBeFocused();
    await page.reload();
    await expect(rows.last()).toContainText(name);
    await expect(rows.nth(-2)).toContainText(second);

    await page.goto("/tickets/new");
    await field(page, say("tickets.new.title")).fill(`Sin tono ${width}`);
    await field(page, say("tickets.new.description")).fill("No hay línea.");
    await field(page, say("tickets.new.category")).selectOption({ label: name });
    await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
    await expect(page).toHaveURL(/\/tickets\/\d+$/);
    await expect(page.getByText(say("tickets.change.assigned_by_category"))).toBeVisible();
    await expect(page.getByRole("main").getByText(technician.name).first()).toBeVisible();
    await desk.check();
    await desk.close();
  });

  test(`a person keeps a picture, tokens and sessions (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const admin = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const person = await addPerson(admin, `pia${width}`, `Pía Sol ${width}`, "user", language);
    const desk = await Desk.open(browser, turno(), { width, language });
    await desk.logIn(person);
    const { page, say } = desk;
    const other = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    const third = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    await page.goto("/profile");

    await page.locator("input[name=avatar]").setInputFiles({ name: "yo.png", mimeType: "image/png", buffer: await drawn(page, 600, 300) });
    const crop = page.getByRole("dialog", { name: say("profile.avatar.crop") });
    const square = crop.getByRole("img", { name: say("profile.avatar.canvas") });
    // The keys move what is drawn: before that there is nothing to move.
    const drawnThere = (canvas: HTMLCanvasElement) => canvas.getContext("2d")?.getImageData(256, 256, 1, 1).data[3];
    await expect.poll(() => square.evaluate(drawnThere)).toBe(255);
    await square.focus();
    await page.keyboard.press("+");
    // Six times: a quarter of what is shown then is what was red beside the green middle.
    for (let times = 0; times < 6; times += 1) await page.keyboard.press("ArrowRight");
    await desk.check();
    // From the beginning: what lies half below the header's edge is no target of its whole size.
    await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await desk.checkAccess();
    await keep(page, "crop", width);
    await crop.getByRole("button", { name: say("profile.avatar.save"), exact: true }).click();
    await desk.told(say("profile.avatar.saved"));
    await expect(crop).toBeHidden();
    const shown = page.locator(".picture-now img");
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(256);
    // What is kept is the part that was chosen.
    expect(await across(shown)).toEqual(["green", "green", "red"]);

    await page.locator("input[name=avatar]").setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await desk.told(say("profile.avatar.unreadable"));
    await page.getByRole("button", { name: say("common.dismiss"), exact: true }).last().click();

    // A token is shown once, works, and can be revoked.
    const tokens = page.getByRole("region", { name: say("profile.tokens.title"), exact: true });
    await field(tokens, say("profile.tokens.name")).fill("Panel de la planta");
    await page.getByRole("button", { name: say("profile.tokens.create"), exact: true }).click();
    const value = page.getByRole("textbox", { name: say("profile.tokens.value"), exact: true });
    const token = await value.inputValue();
    expect(token).toMatch(/^turno_[0-9A-Za-z]{32}$/);
    const ask = () => fetch(new URL("/api/v1/me", turno().url), { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    await desk.check();
    // From the beginning: what lies half below the header's edge is no target of its whole size.
    await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await desk.checkAccess();
    await keep(page, "token", width);
    await page.getByRole("button", { name: say("profile.tokens.done"), exact: true }).click();
    await expect(value).toBeHidden();
    await page.getByRole("button", { name: say("profile.tokens.revoke_label", { name: "Panel de la planta" }), exact: true }).click();
    const revoke = page.getByRole("dialog", { name: say("profile.tokens.revoke_heading", { name: "Panel de la planta" }) });
    await revoke.getByRole("button", { name: say("profile.tokens.revoke"), exact: true }).click();
    await desk.told(say("profile.tokens.revoked"));
    expect((await ask()).status).toBe(401);

    // A session is told by its device and its address, and ends alone: the one that was used last comes first.
    const sessions = page.getByRole("region", { name: say("profile.sessions"), exact: true });
    await expect(sessions.getByRole("listitem")).toHaveCount(3);
    const device = say("profile.device", { browser: "Chrome", system: "Linux" });
    const others = sessions.getByRole("listitem").filter({ hasNotText: say("profile.this_one") });
    await expect(others.first()).toContainText(device);
    await expect(others.first()).toContainText(say("profile.from", { address: "127.0.0.1" }));
    await others.first().getByRole("button", { name: say("profile.revoke_label", { device }), exact: true }).click();
    await desk.told(say("profile.revoked"));
    await expect(sessions.getByRole("listitem")).toHaveCount(2);
    await third.page.goto("/tickets");
    await expect(third.page.getByRole("button", { name: third.say("session.enter"), exact: true })).toBeVisible();
    await other.page.goto("/tickets");
    await expect(other.page.getByRole("heading", { level: 1 })).toHaveText(other.say("tickets.list.title"));

    // All other sessions end at once; this one goes on.
    await page.getByRole("button", { name: say("profile.end_others"), exact: true }).click();
    await desk.told(say("profile.ended_others"));
    await other.page.goto("/tickets");
    await expect(other.page.getByRole("button", { name: other.say("session.enter"), exact: true })).toBeVisible();
    await page.getByRole("button", { name: say("profile.avatar.remove"), exact: true }).click();
    await desk.told(say("profile.avatar.removed"));
    await expect(shown).toHaveCount(0);
    await desk.check();
    for (const each of [admin, desk, other, third]) await each.close();
  });
}

test("for a technician a person found leads to what they opened", async ({ browser }) => {
  const asks = await (await Desk.open(browser, turno())).logIn(account("rosa", "Rosa Peral", "user"));
  await openTicket(asks, "El teclado de Rosa", "Le faltan teclas");
  const desk = await (await Desk.open(browser, turno())).logIn(account("teo", "Teo Rubio", "technician"));
  const box = desk.page.getByRole("combobox", { name: desk.say("common.nav.search"), exact: true });
  await box.fill("rosa peral");
  const hits = desk.page.getByRole("listbox", { name: desk.say("common.nav.search"), exact: true }).getByRole("option");
  await hits.filter({ hasText: "Rosa Peral" }).first().click();
  await expect(desk.page).toHaveURL(/\/tickets\?.*requester_id=\d+/);
  await expect(desk.page.getByRole("link").filter({ hasText: "El teclado de Rosa" })).toBeVisible();
  await desk.check();
  for (const each of [asks, desk]) await each.close();
});
