// The strict session: it ends by itself, in every tab, and nothing that was typed is lost.

import { expect, test } from "@playwright/test";

import { EACH_DATABASE } from "../support/databases.js";
import { connected, Desk, useTurno } from "../support/desk.js";
import { countSockets } from "../support/door.js";
import { answerBox, openTicket } from "../support/steps.js";
import { ADMIN, type Person } from "../support/turno.js";

/** Long enough to type a sentence, short enough to wait for. */
const SECONDS = 12;

const PERSON: Person = {
  username: "lucia",
  name: "Lucía Prado",
  email: "lucia@example.org",
  role: "user",
  password: ADMIN.password,
};

const turno = useTurno({ sessionSeconds: SECONDS }, (turno) => turno.addPerson(PERSON));

/** Time for a session to end, and a little more. */
const END = { timeout: (SECONDS + 8) * 1000 };

for (const width of [1280, 360]) {
  const title = `the session ends by itself and the person is back with their unsent text (${width} px)`;

  test(title, { tag: EACH_DATABASE }, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(PERSON);
    await openTicket(desk, `Una pregunta ${width}`, "¿Dónde está?");
    const address = desk.page.url();
    const text = "Lo que estaba escribiendo cuando se acabó el tiempo";
    await answerBox(desk).fill(text);
    await expect(desk.page.getByText(desk.say("session.warning_title"))).toBeVisible(END);
    // Typing and the mouse are not requests: they put nothing off.
    await answerBox(desk).press("End");
    await answerBox(desk).pressSequentially(" y algo más");

    await expect(desk.page.getByText(desk.say("session.ended_expired"))).toBeVisible(END);
    await expect(desk.page.getByText(text)).toHaveCount(0);
    await desk.check();

    await desk.enter(PERSON);
    await expect(desk.page).toHaveURL(address);
    await expect(answerBox(desk)).toHaveValue(`${text} y algo más`);
    await desk.check();
    await desk.close();
  });
}

test("the warning's button keeps the session", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(PERSON);
  const warning = desk.page.getByText(desk.say("session.warning_title"));
  await expect(warning).toBeVisible(END);
  // In the middle of what stands beside the rail, whose end can be scrolled out from under it.
  const box = (await desk.page.getByRole("dialog", { name: desk.say("session.warning_title"), exact: true }).boundingBox())!;
  const content = desk.page.getByRole("main");
  const around = (await content.boundingBox())!;
  expect(Math.abs(box.x + box.width / 2 - (around.x + around.width / 2))).toBeLessThan(2);
  const room = await content.evaluate((content) => parseFloat(getComputedStyle(content).paddingBottom));
  expect(room).toBeGreaterThan(desk.page.viewportSize()!.height - box.y);
  const extended = desk.page.waitForResponse(/\/session\/extend$/);
  await desk.page.getByRole("button", { name: desk.say("session.keep"), exact: true }).click();
  expect((await extended).ok()).toBe(true);
  await expect(warning).toBeHidden();
  await desk.close();
});

test("keys go on doing what they do in the last minute", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(PERSON);
  const { page, say } = desk;
  await expect(page.getByText(say("session.warning_title"))).toBeVisible(END);
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: say("commands.keys"), exact: true });
  await expect(list).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await desk.check();
  await desk.close();
});

test("two tabs are one session", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(PERSON);
  const other = await desk.tab();
  await other.goto("/profile");
  await expect(other.getByRole("heading", { name: desk.say("profile.page"), level: 1 })).toBeVisible();

  // The end comes to both without a click in either.
  const ended = desk.say("session.ended_expired");
  await expect(desk.page.getByText(ended)).toBeVisible(END);
  await expect(other.getByText(ended)).toBeVisible();

  // Whoever logs in again in one tab is back in the other as well.
  await desk.enter(PERSON);
  await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(desk.say("tickets.list.title"));
  await expect(other.getByRole("heading", { name: desk.say("profile.page"), level: 1 })).toBeVisible();

  // And leaving one leaves both.
  await leave(desk);
  await expect(desk.page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await expect(other.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible();
  await desk.check();
  await desk.check(other);
  await desk.close();
});

test("when the session ends, every tab says so and lets the socket go", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  const first = countSockets(desk.page);
  await desk.logIn(PERSON);
  await connected(desk.page);
  const tab = await desk.tab();
  const second = countSockets(tab);
  await tab.goto("/tickets");
  await connected(tab);
  expect(first() + second()).toBe(1);
  // The socket hears and asks, and keeps nothing alive.
  for (const page of [desk.page, tab]) {
    await expect(page.getByText(desk.say("session.ended_expired"))).toBeVisible(END);
  }
  await expect.poll(() => first() + second()).toBe(0);
  await expect(desk.page.locator(".offline-banner.is-shown")).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("a wrong password is answered with what to do", async ({ browser }) => {
  const desk = await Desk.open(browser, turno());
  await desk.page.goto("/profile");
  await desk.enter({ ...PERSON, password: "No-Es-Esta-1" });
  await expect(desk.page.getByRole("alert")).toContainText(desk.say("common.problem.wrong_credentials"));
  await expect(desk.page.getByLabel(desk.say("session.login"), { exact: true })).toHaveValue(PERSON.username);
  // The right one leads to where the person wanted to go.
  await desk.enter(PERSON);
  await expect(desk.page.getByRole("heading", { name: desk.say("profile.page"), level: 1 })).toBeVisible();
  await desk.check();
  await desk.close();
});

async function leave(desk: Desk): Promise<void> {
  await desk.page.getByRole("button", { name: new RegExp(PERSON.name) }).click();
  const out = desk.say("common.nav.log_out");
  await desk.page.getByRole("menuitem", { name: out, exact: true }).or(desk.page.getByRole("button", { name: out, exact: true })).first().click();
}
