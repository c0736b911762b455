// What one does by keys alone: the search box does what is called so, keys go places, and other keys can be chosen.

import { expect, test } from "@playwright/test";

import { entranceOf, useTurno } from "../support/desk.js";
import { answerBox, expectState, leaveSearch, openTicket } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";

const ANA: Person = { username: "ana", name: "Ana Ruiz", email: "ana@example.org", role: "user", password: PASSWORD };

const turno = useTurno({}, (turno) => turno.addPerson(ANA));
const enter = entranceOf(turno);

test("Ctrl+K does what is called so, and leads back", async ({ browser }) => {
  const desk = await enter(browser, ADMIN);
  const { page, say } = desk;
  const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
  const options = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
  const link = page.getByRole("link", { name: say("common.nav.new_ticket") }).first();
  await link.focus();
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  // Before a word is typed: what one probably wants.
  await expect(options.first()).toBeVisible();
  await page.keyboard.type("tema osc");
  await expect(options.first()).toHaveText(new RegExp(say("commands.dark")));
  await desk.checkAccess();
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await expect(link).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("categorias");
  await expect(options.first()).toHaveText(new RegExp(say("common.nav.categories")));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("categories.title"));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  // Words that nothing is called by are searched for.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("jirafa");
  await expect(page.getByText(say("common.nav.search_none"))).toBeVisible();
  await leaveSearch(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await desk.check();
  await desk.close();
});

test("a row that was chosen while the search was on its way stays chosen", async ({ browser }) => {
  const desk = await enter(browser, ADMIN);
  const { page, say } = desk;
  await openTicket(desk, "El tema de siempre", "Que sea oscuro");
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/v1/search?*", async (route) => {
    await held;
    await route.continue();
  });
  const box = page.getByRole("combobox", { name: say("common.nav.search"), exact: true });
  const options = page.getByRole("listbox", { name: say("common.nav.search"), exact: true }).getByRole("option");
  const asked = page.waitForRequest(/\/api\/v1\/search\?/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("tema");
  await asked;
  await expect(options).toHaveCount(3);
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  const dark = options.filter({ hasText: say("commands.dark") });
  await expect(dark).toHaveAttribute("aria-selected", "true");
  release();
  await expect(options).toHaveCount(4);
  await expect(dark).toHaveAttribute("aria-selected", "true");
  await expect(box).toHaveAttribute("aria-activedescendant", (await dark.getAttribute("id")) ?? "");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await desk.check();
  await desk.close();
});

test("keys go places, and other keys can be chosen", async ({ browser }) => {
  const desk = await enter(browser, ANA);
  const { page, say } = desk;
  const heading = page.getByRole("heading", { level: 1 });
  await page.keyboard.press("g");
  await page.keyboard.press("y");
  await expect(heading).toHaveText(say("profile.page"));
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: say("commands.keys") });
  await expect(list).toBeVisible();
  // A user is shown nothing that is for staff.
  await expect(list.getByText(say("commands.note"))).toHaveCount(0);
  await desk.checkAccess();
  // What lies under a dialog is out of reach.
  await page.keyboard.press("Control+k");
  await expect(list.locator(":focus")).toHaveCount(1);
  await expect(page.locator("#search-hits")).toHaveCount(0);
  const change = list.getByRole("button", { name: say("commands.change_keys", { name: say("common.nav.chat") }) });
  const field = list.getByRole("textbox", { name: say("commands.new_keys", { name: say("common.nav.chat") }) });
  await change.click();
  await expect(field).toBeFocused();
  // Somebody else has it.
  await page.keyboard.press("c");
  await page.keyboard.press("Enter");
  await expect(list.getByText(say("commands.taken", { name: say("common.nav.new_ticket") }))).toBeVisible();
  await page.keyboard.press("Backspace");
  await page.keyboard.press("h");
  await page.keyboard.press("Enter");
  await expect(change).toBeFocused();
  await expect(change.locator("kbd")).toHaveText(["H"]);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/chat$/);

  // They hold in this browser, and can be put back.
  await page.goto("/tickets");
  await expect(heading).toHaveText(say("tickets.list.title"));
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/chat$/);
  // Nothing happens while one types.
  const find = page.getByRole("searchbox", { name: say("chat.find_person") });
  await find.fill("");
  await find.pressSequentially("h?gt");
  await expect(find).toHaveValue("h?gt");
  await heading.first().focus();
  await page.keyboard.press("?");
  await list.getByRole("button", { name: say("commands.keys_reset") }).click();
  await expect(change.locator("kbd")).toHaveText(["G", "C"]);
  await desk.check();
  await desk.close();
});

test("what can be done with a ticket is done by keys, as long as it can be", async ({ browser }) => {
  const desk = await enter(browser, ADMIN);
  const { page, say } = desk;
  await openTicket(desk, "Sin ratón", "Se ha roto");
  // What is not there yet is not written in either.
  await expect(answerBox(desk)).toBeVisible();
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("i");
  await expect(page.getByRole("textbox", { name: say("tickets.write.note"), exact: true })).toBeFocused();
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("r");
  await expect(answerBox(desk)).toBeFocused();
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("e");
  await expectState(desk, "closed");
  // What is closed is not closed again, and is opened by its name.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("reabrir");
  await page.keyboard.press("Enter");
  await expectState(desk, "open");
  await desk.check();
  await desk.close();
});
