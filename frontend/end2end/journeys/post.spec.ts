// Mail with a mail server that refuses: the administrator sees why, tries again, and takes out what need not go any more. And
// the letters of what a person chose, in their language.

import { resolve } from "node:path";

import { type Browser, expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { SOON } from "../support/chatting.js";
import { faint } from "../support/contrast.js";
import { DATABASE_SERVER } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { becomes, newest } from "../support/mails.js";
import { htmlOf, type Letter, PostOffice, subjectOf } from "../support/post.js";
import { answer, go, openTicket, openTickets } from "../support/steps.js";
import { accountsOf, ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { words } from "../support/words.js";

/** Where the server is, which is known once it is there: before Turno starts. */
const env: Record<string, string> = {};
let opened: PostOffice | undefined;

test.beforeAll(async () => {
  opened = await PostOffice.open();
  Object.assign(env, opened.settings);
});

const turno = useTurno({ env });
const account = accountsOf(turno);

test.afterAll(async () => {
  await opened?.close();
});

for (const width of WIDTHS) {
  test(`a mail that is refused is told, tried again and cancelled (${width} px)`, async ({ browser }) => {
    test.slow();
    const post = opened as PostOffice;
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const { retry, cancel, send } = tries(desk);
    const taken = post.letters.length;

    await go(desk, "common.nav.mail");
    await expect(page.getByRole("heading", { level: 1, name: say("mail.title"), exact: true })).toBeVisible();
    await expect(page.getByText(say("mail.off_title"))).toHaveCount(0);
    post.refusal = "550 5.1.1 nadie con ese nombre";
    await send();
    await becomes(desk, [say("mail.failed"), say("mail.trouble.refused"), "5.1.1 nadie con ese nombre"]);
    await expect(cancel).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/mail-refused-${test.info().project.name}-${width}.png`), fullPage: true });

    post.refusal = undefined;
    await retry.click();
    await desk.told(say("mail.retried", { name: ADMIN.name }));
    await becomes(desk, [say("mail.sent")]);
    await expect(retry).toHaveCount(0);
    expect(post.letters.slice(taken).map((letter) => letter.to)).toEqual([ADMIN.email]);
    await readable(browser, post.letters[taken], "mail-test");

    // What is refused for now waits, and is tried again by itself until somebody takes it out.
    post.refusal = "450 4.2.1 vuelve luego";
    await send();
    await becomes(desk, [say("mail.queued"), say("mail.trouble.not_now"), "4.2.1"]);
    await expect(page.locator(".mails-status")).toContainText(say("mail.trouble.not_now"));
    await cancel.click();
    await desk.told(say("mail.cancelled_told", { name: ADMIN.name }));
    await expect(newest(desk)).toContainText(say("mail.cancelled"));
    await expect(cancel).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();
    expect(post.letters).toHaveLength(taken + 1);

    // It goes all the same when somebody wants it to.
    post.refusal = undefined;
    await retry.click();
    await becomes(desk, [say("mail.sent")]);
    expect(post.letters).toHaveLength(taken + 2);
    await desk.check();
    await desk.close();
  });
}

test("a mail that nobody took for a day is given up, and goes when somebody wants it to", { tag: DATABASE_SERVER }, async ({ browser }) => {
  test.slow();
  const post = opened as PostOffice;
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  const { retry, cancel, send } = tries(desk);
  const taken = post.letters.length;
  await go(desk, "common.nav.mail");
  post.refusal = "450 4.2.1 hoy no";
  await send();
  await becomes(desk, [say("mail.queued"), say("mail.trouble.not_now")]);
  await expect(newest(desk)).toContainText(say("mail.next"));

  // The day is over: the next try, which comes by itself within a minute or so, is the last.
  turno().ageMails();
  await becomes(desk, [say("mail.failed"), say("mail.trouble.not_now"), "4.2.1 hoy no"], 100_000);
  await expect(newest(desk)).not.toContainText(say("mail.next"));
  await expect(cancel).toHaveCount(0);
  await expect(page.locator(".mails-status")).toContainText(new RegExp(`${say("mail.failed_count")}\\s*1`));
  await page.getByRole("combobox", { name: say("mail.state"), exact: true }).selectOption({ label: say("mail.failed") });
  await expect(page.getByRole("list", { name: say("mail.region"), exact: true }).getByRole("listitem")).toHaveCount(1);
  await desk.check();
  await desk.checkAccess();
  expect(post.letters).toHaveLength(taken);

  post.refusal = undefined;
  await retry.click();
  await desk.told(say("mail.retried", { name: ADMIN.name }));
  await becomes(desk, [say("mail.sent")]);
  await expect(retry).toHaveCount(0);
  expect(post.letters.slice(taken).map(({ to }) => to)).toEqual([ADMIN.email]);
  await desk.check();
  await desk.close();
});

for (const language of ["es", "en"] as const) {
  const width = language === "es" ? 1280 : 360;

  test(`who is given a ticket, and who waits for one, gets a letter in their language (${language}, ${width} px)`, async ({ browser }) => {
    test.slow();
    const post = opened as PostOffice;
    const helps = account(`tania-${language}`, `Tania Lobo ${language}`, "technician", language);
    const asks = account(`abel-${language}`, `Abel Rojo ${language}`, "user", language);
    const follows = account(`fina-${language}`, `Fina Cid ${language}`, "technician", language);
    const titles = { given: `Ñandú con señal (${language})`, moved: `Cañón sin señal (${language})`, done: `Añil (${language})` };
    const opens = await (await Desk.open(browser, turno(), { language })).logIn(asks);
    const [given = 0, moved = 0, done = 0] = await openTickets(opens, Object.values(titles).map((title) => ({ title })));
    await opens.close();
    const watches = await (await Desk.open(browser, turno(), { language })).logIn(follows);
    await ask(watches.page, "PUT", `/tickets/${moved}/watch`);
    await watches.close();
    const assigns = await (await Desk.open(browser, turno(), { language })).logIn(helps);
    const assignee_id = await numberOf(assigns.page);
    await assigns.close();

    const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
    const { name } = await ask<{ name: string }>(admin.page, "GET", "/settings");
    await ask(admin.page, "POST", `/tickets/${given}/assign`, { assignee_id });
    const { version } = await ask<{ version: number }>(admin.page, "GET", `/tickets/${moved}`);
    await ask(admin.page, "PATCH", `/tickets/${moved}`, { version, status: "in_progress" });
    await ask(admin.page, "POST", `/tickets/${done}/close`);

    const say = words(language);
    const by = ADMIN.name;
    const status = say("common.status.in_progress");
    for (const [reader, ticket, title, told] of [
      [helps, given, titles.given, say("server.mail.assigned", { by })],
      [asks, moved, titles.moved, say("server.mail.moved", { by, status })],
      [follows, moved, titles.moved, say("server.mail.moved", { by, status })],
      [asks, done, titles.done, say("server.mail.closed", { by })],
    ] as const) {
      const subject = `[${name} #${ticket}] ${title}`;
      const letters = () => post.letters.filter((letter) => letter.to === reader.email && subjectOf(letter) === subject);
      // News of a ticket waits a moment for more of it.
      await expect.poll(() => letters().length, { message: subject, timeout: 45_000 }).toBe(1);
      const [letter] = letters();
      if (!letter) throw new Error("there is no letter");
      const html = htmlOf(letter);
      for (const part of [`lang="${language}"`, say("server.mail.hello", { name: reader.name }), `#${ticket} · ${title}`, told]) {
        expect(html).toContain(part);
      }
      expect(html).toContain(say("server.mail.ticket_button"));
      await readable(browser, letter, `mail-${reader.role}-${ticket}`);

      // Its link leads to the ticket, through the door.
      const link = /href="([^"]+\/tickets\/\d+)"/.exec(html)?.[1] ?? "";
      expect(link).toBe(`${turno().url}/tickets/${ticket}`);
      const desk = await Desk.open(browser, turno(), { language, width });
      await desk.page.goto(link);
      await desk.enter(reader);
      await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expect(desk.page).toHaveURL(new RegExp(`/tickets/${ticket}$`));
      await desk.check();
      await desk.close();
    }
    // Nobody is written to of what they did, or of what is not theirs.
    const about = (title: string) => post.letters.filter((letter) => subjectOf(letter).includes(title)).map(({ to }) => to).sort();
    expect(about(titles.given)).toEqual([helps.email]);
    expect(about(titles.moved)).toEqual([asks.email, follows.email].sort());
    expect(about(titles.done)).toEqual([asks.email]);
    await admin.check();
    await admin.close();
  });
}

test("answers come by mail to who wants them so, in their language, and to nobody else", async ({ browser }) => {
  test.slow();
  const post = opened as PostOffice;
  const nora: Person = { username: "nora", name: "Nora Hill", email: "nora@example.org", role: "user", password: PASSWORD, language: "en" };
  const desk = await (await Desk.open(browser, turno(), { language: "en" })).logIn(turno().addPerson(nora));
  const { page, say } = desk;
  const title = "Dark projector";
  await openTicket(desk, title, "No light at all");
  const path = new URL(page.url()).pathname;
  await page.goto("/profile");
  const label = `${say("notifications.choice.answered")}: ${say("notifications.choice.mail")}`;
  const byMail = page.getByRole("checkbox", { name: label, exact: true });
  const choose = async (on: boolean) => {
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me") && answer.request().method() === "PATCH");
    await byMail.setChecked(on);
    expect((await saved).ok()).toBe(true);
  };
  await choose(false);

  // The bell rings for the first answer, and no letter is written of it; of the second one is.
  const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await admin.page.goto(path);
  await answer(admin, "Is it plugged in?");
  await expect(page.getByRole("button", { name: say("notifications.bell", { count: 1 }), exact: true })).toBeVisible(SOON);
  await choose(true);
  await answer(admin, "And now? https://example.org/manual");
  const letters = () => post.letters.filter(({ to, text }) => to === nora.email && text.includes(title));
  await expect.poll(() => letters().length, { timeout: 45_000 }).toBe(1);
  const text = letters()[0]?.text ?? "";
  expect(text).toContain(`Hello ${nora.name},`);
  expect(text).toContain(`${ADMIN.name} replied:`);
  expect(text).toContain("And now?");
  expect(text).not.toContain("Is it plugged in?");
  expect(text).not.toContain("ha respondido");
  await readable(browser, letters()[0], "mail-answer");
  // Nor does another one wait.
  const { items } = await ask<{ items: { to: { name: string }; subject: string }[] }>(admin.page, "GET", "/mails");
  expect(items.filter(({ to, subject }) => to.name === nora.name && subject.includes(title))).toHaveLength(1);
  await desk.check();
  for (const each of [desk, admin]) await each.close();
});

test("what cannot be read well in a mail would be seen", async ({ browser }) => {
  const context = await browser.newContext({ colorScheme: "dark" });
  const page = await context.newPage();
  const line = (style: string, words: string) => `<p style="${style}">${words}</p>`;
  await page.setContent(`<meta name="color-scheme" content="light dark"><body style="background:#211f1e">
    ${line("color:#5f5d59", "gris sobre negro")}${line("color:#ebe9e6", "claro sobre negro")}
    ${line("background:#ffffff;color:#1c1b1a", "negro sobre blanco")}${line("background:#ffffff;color:#ebe9e6", "claro sobre blanco")}
    ${line("color:#ebe9e6;opacity:.2", "apenas")}`);
  expect((await faint(page)).map(({ text }) => text)).toEqual(["gris sobre negro", "claro sobre blanco", "apenas"]);
  const onWhite = (await faint(page, true)).map(({ text }) => text);
  expect(onWhite).toContain("claro sobre negro");
  expect(onWhite).not.toContain("negro sobre blanco");
  await context.close();
});

/** What an administrator does about the newest mail, and sends themselves one. */
function tries(desk: Desk) {
  const { page, say } = desk;
  const button = (key: string) => newest(desk).getByRole("button", { name: say(key, { name: ADMIN.name }), exact: true });
  const send = async () => {
    await page.getByRole("button", { name: say("mail.test"), exact: true }).click();
    await desk.told(say("mail.tested", { address: ADMIN.email }));
  };
  return { retry: button("mail.retry_name"), cancel: button("mail.cancel_name"), send };
}

/** A letter can be read, in a program that shows it light and in one that shows it dark. */
async function readable(browser: Browser, letter: Letter | undefined, name: string): Promise<void> {
  if (!letter) throw new Error("there is no letter");
  const html = htmlOf(letter);
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 700, height: 800 } });
    const page = await context.newPage();
    await page.setContent(html);
    await expect(page.locator(".card a").first()).toBeVisible();
    await page.screenshot({ path: resolve(`../../test-results/screens/${name}-${colorScheme}.png`), fullPage: true });
    const card = await page.locator(".card").evaluate((card) => getComputedStyle(card).backgroundColor);
    expect(card).toBe(colorScheme === "dark" ? "rgb(33, 31, 30)" : "rgb(255, 255, 255)");
    expect(await faint(page), `${name}, ${colorScheme}`).toEqual([]);
    await context.close();
  }
}
