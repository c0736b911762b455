// The first minutes: what an empty desk tells whoever runs it, the way from there to the first ticket, and the demo that comes
// and goes beside it.

import { type Browser, expect, type Locator, test } from "@playwright/test";

import { Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { field } from "../support/steps.js";
import { ADMIN, PASSWORD } from "../support/turno.js";

const turno = useTurno();

test.describe.configure({ mode: "serial" });

/** The steps, and where each is taken. */
const PLACES = [
  ["people", "/people"],
  ["categories", "/categories"],
  ["appearance", "/settings"],
  ["ticket", "/tickets/new"],
] as const;

/** Somebody, on the dashboard; the administrator unless told. */
async function enter(browser: Browser, look: Look = {}, person = ADMIN): Promise<Desk> {
  const desk = await Desk.open(browser, turno(), look);
  await desk.page.goto("/");
  await desk.enter(person);
  await expect(desk.page).toHaveURL(/\/$/);
  return desk;
}

/** The list of first steps. */
function card(desk: Desk): Locator {
  return desk.page.getByRole("region", { name: desk.say("start.title"), exact: true });
}

function step(desk: Desk, name: string): Locator {
  return card(desk).getByRole("listitem").filter({ hasText: desk.say(`start.${name}`) });
}

for (const width of WIDTHS) {
  test(`an empty desk says how to start (${width} px)`, async ({ browser }) => {
    const desk = await enter(browser, { width });
    await expect(card(desk).getByText(desk.say("start.count", { done: 0, all: 4 }), { exact: true })).toBeVisible();
    for (const [name, path] of PLACES) {
      await expect(step(desk, name)).toContainText(desk.say("start.open"));
      await expect(step(desk, name).getByRole("link")).toHaveAttribute("href", path);
    }
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });
}

test("the demo is loaded, arrives and is removed", async ({ browser }) => {
  const desk = await enter(browser);
  const { page, say } = desk;
  await card(desk).getByRole("button", { name: say("start.demo.load"), exact: true }).click();
  await expect(card(desk).getByRole("progressbar", { name: say("start.demo.progress") })).toBeVisible();
  // Its tickets are counted while they come, without anybody asking.
  await expect(page.locator(".stat").first()).toBeVisible();
  const loaded = say("start.demo.loaded", { tickets: 60, people: 17 });
  await expect(card(desk).getByText(loaded, { exact: true })).toBeVisible({ timeout: 60_000 });
  await desk.told(say("start.demo.loaded_told"));
  // What is invented is no step that anybody took.
  await expect(card(desk).getByText(say("start.count", { done: 0, all: 4 }), { exact: true })).toBeVisible();
  await desk.check();
  await desk.checkAccess();

  await card(desk).getByRole("button", { name: say("start.demo.remove"), exact: true }).click();
  const asked = page.getByRole("dialog", { name: say("start.demo.ask") });
  await expect(asked).toContainText(say("start.demo.explain"));
  await desk.checkAccess();
  await asked.getByRole("button", { name: say("start.demo.confirm"), exact: true }).click();
  await expect(card(desk).getByText(say("start.demo.offer"), { exact: true })).toBeVisible({ timeout: 60_000 });
  await desk.told(say("start.demo.removed_told"));
  await expect(page.getByText(say("dashboard.empty.staff_title"), { exact: true })).toBeVisible();
  await desk.check();
  await desk.close();
});

test("a person without tickets opens the first one in one press", async ({ browser }) => {
  const ana = turno().addPerson({
    username: "ana", name: "Ana Ruiz", email: "ana@example.org", role: "user", password: PASSWORD,
  });
  const desk = await enter(browser, {}, ana);
  await expect(desk.page.getByText(desk.say("dashboard.empty.user_title"), { exact: true })).toBeVisible();
  await expect(card(desk)).toHaveCount(0);
  await desk.page.locator(".empty").getByRole("link", { name: desk.say("dashboard.rows.new"), exact: true }).click();
  await expect(desk.page).toHaveURL(/\/tickets\/new$/);
  await desk.check();
  await desk.close();
});

test("the administrator opens the first ticket from the list, and it is done", async ({ browser }) => {
  const desk = await enter(browser);
  const { page, say } = desk;
  // There is somebody else now.
  await expect(step(desk, "people")).toContainText(say("start.done"));
  await step(desk, "ticket").getByRole("link").click();
  await field(page, say("tickets.new.title")).fill("La impresora parpadea en rojo");
  await field(page, say("tickets.new.description")).fill("Desde esta mañana.");
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  await page.goto("/");
  await expect(step(desk, "ticket")).toContainText(say("start.done"));
  await expect(card(desk).getByText(say("start.count", { done: 2, all: 4 }), { exact: true })).toBeVisible();
  // A desk with tickets of its own is offered no demo.
  await expect(card(desk).getByRole("button", { name: say("start.demo.load"), exact: true })).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("what is put away stays away, for everybody who runs the desk", async ({ browser }) => {
  const berta = turno().addPerson({
    username: "berta", name: "Berta Gil", email: "berta@example.org", role: "admin", password: PASSWORD, language: "en",
  });
  const desk = await enter(browser, { language: "en" }, berta);
  const { page, say } = desk;
  await expect(card(desk).getByText(say("start.count", { done: 2, all: 4 }), { exact: true })).toBeVisible();
  await desk.checkAccess();
  await card(desk).getByRole("button", { name: say("start.put_away"), exact: true }).click();
  await expect(card(desk)).toHaveCount(0);
  await reread(desk, () => page.reload());
  await expect(card(desk)).toHaveCount(0);
  const other = await enter(browser);
  await reread(other, () => other.page.reload());
  await expect(card(other)).toHaveCount(0);
  for (const one of [desk, other]) {
    await one.check();
    await one.close();
  }
});

/** Waits until the page knows whether there is anything to show of the first steps. */
async function reread(desk: Desk, load: () => Promise<unknown>): Promise<void> {
  const read = desk.page.waitForResponse((answer) => answer.url().endsWith("/api/v1/first-steps"));
  await load();
  await read;
  await expect(desk.page.locator(".stat b, .stat-value").first()).toBeVisible();
}
