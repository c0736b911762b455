// The palette by the keyboard alone: it leads to every place that the role may go to, does what can be done with a ticket and
// with a row, asks what is to be chosen, and gives the focus back; its keys and those of the quick view can be changed.

import { expect, type Locator, test } from "@playwright/test";

import { Desk, entranceOf, useTurno } from "../support/desk.js";
import { expectState, leaveSearch, openTickets, row } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person, type Role } from "../support/turno.js";

const person = (username: string, name: string, role: Role): Person => ({
  username,
  name,
  email: `${username}@example.org`,
  role,
  password: PASSWORD,
});
const PILAR = person("pilar", "Pilar Prado", "user");
const PABLO = person("pablo", "Pablo Palma", "technician");

/** What a place is called, and its address. */
type Place = readonly [key: string, address: string];

const FOR_ALL: readonly Place[] = [
  ["common.nav.dashboard", "/"],
  ["common.nav.new_ticket", "/tickets/new"],
  ["common.nav.tickets", "/tickets"],
  ["views.waiting", "/tickets?waiting_for=me"],
  ["common.nav.chat", "/chat"],
  ["notifications.title", "/notifications"],
  ["common.nav.profile", "/profile"],
];
const FOR_STAFF: readonly Place[] = [
  ["common.nav.mine", "/tickets?assignee_id=me"],
  ["common.nav.unassigned", "/tickets?assignee_id=none"],
  ["common.nav.urgent", "/tickets?priority=urgent"],
  ["replies.title", "/replies"],
];
const FOR_ADMINISTRATORS: readonly Place[] = [
  ["common.nav.people", "/people"],
  ["common.nav.categories", "/categories"],
  ["common.nav.audit", "/audit"],
  ["common.nav.mail", "/mail"],
  ["common.nav.settings", "/settings"],
  ["common.nav.about", "/about"],
];

/** Each role with where it may go, and with what it is not offered. */
const ROLES: readonly { who: Person; to: readonly Place[]; not: readonly Place[] }[] = [
  { who: PILAR, to: FOR_ALL, not: [...FOR_STAFF, ...FOR_ADMINISTRATORS] },
  { who: PABLO, to: [...FOR_ALL, ...FOR_STAFF], not: FOR_ADMINISTRATORS },
  { who: ADMIN, to: [...FOR_ALL, ...FOR_STAFF, ...FOR_ADMINISTRATORS], not: [] },
];

const turno = useTurno({}, (turno) => {
  turno.addPerson(PILAR);
  turno.addPerson(PABLO);
});
const enter = entranceOf(turno);

/** The box that the palette is, whatever it asks. */
function box(desk: Desk): Locator {
  return desk.page.locator(".find").getByRole("combobox");
}

function options(desk: Desk): Locator {
  return desk.page.locator("#search-hits").getByRole("option");
}

function addressOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function heading(desk: Desk): Locator {
  return desk.page.getByRole("heading", { level: 1 });
}

/** Opens the palette. */
async function open(desk: Desk, keys = "Control+k"): Promise<void> {
  await desk.page.keyboard.press(keys);
  await expect(box(desk)).toBeFocused();
}

/** Takes what is called so out of what the palette offers. */
async function take(desk: Desk, words: string): Promise<void> {
  await desk.page.keyboard.type(words);
  const first = options(desk).first();
  await expect(first).toContainText(words);
  await expect(first).toHaveAttribute("aria-selected", "true");
  await desk.page.keyboard.press("Enter");
}

/** Opens the palette and does what is called so. */
async function run(desk: Desk, key: string): Promise<void> {
  await open(desk);
  await take(desk, desk.say(key));
}

/**
 * The palette asks what is to be chosen for a command, and what can be chosen is there. Enter takes what is chosen `now`, if
 * anything is, and so changes nothing.
 */
async function expectAsked(desk: Desk, key: string, now?: string): Promise<void> {
  await expect(box(desk)).toHaveAccessibleName(desk.say(key));
  await expect(box(desk)).toBeFocused();
  await expect(box(desk)).toHaveValue("");
  await expect(options(desk).first()).toBeVisible();
  const taken = desk.page.locator("#search-hits [aria-selected=true]");
  await expect(taken).toHaveText(now === undefined ? [] : [now]);
  await expect(desk.page.locator("#search-hits [aria-current=true]")).toHaveText(now === undefined ? [] : [now]);
}

/** The property of a ticket beside its conversation. */
function property(desk: Desk, key: string): Locator {
  return desk.page.getByRole("complementary", { name: desk.say("tickets.ticket.properties") }).getByLabel(desk.say(key), { exact: true });
}

test("Tab leads from what was found to what stands behind it", async ({ browser }) => {
  const desk = await enter(browser, ADMIN);
  const { page } = desk;
  await open(desk);
  // More than there is room for: what can be scrolled would be a place to stop at, and is gone by then.
  await page.keyboard.type("a");
  await expect(options(desk).first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("banner").locator(":focus")).toHaveCount(1);
  await expect(box(desk)).not.toBeFocused();
  await desk.close();
});

for (const { who, to, not } of ROLES) {
  test(`the palette leads a ${who.role} wherever they may go, and nowhere else`, async ({ browser }) => {
    test.slow();
    const desk = await enter(browser, who);
    const { page, say } = desk;
    for (const [key, address] of to) {
      await run(desk, key);
      await expect.poll(() => addressOf(page.url()), key).toBe(address);
      await expect(heading(desk).first()).toBeAttached();
      // Wherever one comes, the keyboard is there too.
      await expect(page.getByRole("main").locator(":focus"), key).toHaveCount(1);
    }
    for (const [key] of not) {
      await open(desk);
      await page.keyboard.type(say(key));
      await expect(page.getByText(say("common.nav.search_none"), { exact: true }), key).toBeVisible();
      await expect(options(desk)).toHaveCount(0);
      await leaveSearch(page);
      await expect(box(desk)).not.toBeFocused();
    }
    await run(desk, "commands.new_chat");
    await expect(page.getByRole("searchbox", { name: say("chat.find_person") })).toBeFocused();
    // The list of keys has nothing that is not for them either, nor a heading over nothing.
    await page.getByRole("searchbox", { name: say("chat.find_person") }).blur();
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: say("commands.keys"), exact: true });
    await expect(keys.getByRole("heading", { name: say("commands.group.fixed"), exact: true })).toBeVisible();
    await expect(keys.getByRole("heading", { name: say("commands.group.either"), exact: true })).toHaveCount(who.role === "user" ? 0 : 1);
    for (const [key] of not) await expect(keys.getByText(say(key), { exact: true }), key).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(keys).toBeHidden();
    await desk.check();
    await desk.close();
  });
}

test("what can be done with a ticket is done in the palette, which asks what to choose", async ({ browser }) => {
  test.slow();
  const asks = await enter(browser, PILAR);
  const [id = 0] = await openTickets(asks, [{ title: "Paleta de un ticket", priority: "low" }]);
  await asks.close();
  const desk = await enter(browser, ADMIN);
  const { page, say } = desk;
  await page.goto(`/tickets/${id}`);
  await expect(property(desk, "tickets.side.priority")).toHaveValue("low");
  await heading(desk).focus();

  await run(desk, "commands.row_priority");
  await expectAsked(desk, "commands.row_priority", say("common.priority.low"));
  await expect(options(desk)).toHaveCount(4);
  await desk.checkAccess();
  // Nothing that can be chosen is called so: Enter leads nowhere.
  await page.keyboard.type("jirafa");
  await expect(page.getByText(say("common.nav.search_none"), { exact: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(box(desk)).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`));
  await box(desk).press("Control+a");
  await take(desk, say("common.priority.urgent"));
  await expect(property(desk, "tickets.side.priority")).toHaveValue("urgent");
  await expect(heading(desk)).toBeFocused();
  // What is typed is taken back before one leaves, and it still asks the same.
  await run(desk, "commands.row_priority");
  await page.keyboard.type("jirafa");
  await page.keyboard.press("Escape");
  await expectAsked(desk, "commands.row_priority", say("common.priority.urgent"));
  await page.keyboard.press("Escape");
  await expect(heading(desk)).toBeFocused();
  // One Enter too many changes nothing.
  await page.keyboard.press("s");
  await expectAsked(desk, "commands.row_status", say("common.status.open"));
  await page.keyboard.press("Enter");
  await expect(heading(desk)).toBeFocused();
  await expectState(desk, "open");

  // Back to what can be done, and back to where one was.
  await run(desk, "commands.row_priority");
  await expectAsked(desk, "commands.row_priority", say("common.priority.urgent"));
  await page.keyboard.press("Backspace");
  await expect(box(desk)).toHaveAccessibleName(say("common.nav.search"));
  await take(desk, say("commands.row_assignee"));
  await expectAsked(desk, "commands.row_assignee", say("tickets.side.nobody"));
  await page.keyboard.press("Escape");
  await expect(heading(desk)).toBeFocused();
  await expect(options(desk)).toHaveCount(0);

  await run(desk, "commands.row_assignee");
  await take(desk, PABLO.name);
  await expect(property(desk, "tickets.side.assignee").locator("option:checked")).toHaveText(PABLO.name);

  // Who is asked something comes by the same keys to what can be done; what is taken with the mouse leads back as well.
  await heading(desk).focus();
  await page.keyboard.press("p");
  await expectAsked(desk, "commands.row_priority", say("common.priority.urgent"));
  await open(desk);
  await expect(box(desk)).toHaveAccessibleName(say("common.nav.search"));
  await page.keyboard.press("Escape");
  await expect(heading(desk)).toBeFocused();
  await page.keyboard.press("p");
  await expectAsked(desk, "commands.row_priority", say("common.priority.urgent"));
  await options(desk).filter({ hasText: say("common.priority.high") }).click();
  await expect(property(desk, "tickets.side.priority")).toHaveValue("high");
  await expect(heading(desk)).toBeFocused();

  // A key asks as well.
  await heading(desk).focus();
  await page.keyboard.press("s");
  await expectAsked(desk, "commands.row_status", say("common.status.open"));
  await take(desk, say("common.status.in_progress"));
  await expectState(desk, "in_progress");
  await expect(heading(desk)).toBeFocused();

  await run(desk, "commands.follow");
  await expect(page.getByRole("button", { name: say("conversation.watchers.unfollow"), exact: true })).toBeVisible();
  await expect(heading(desk)).toBeFocused();
  await run(desk, "conversation.watchers.invite_label");
  await expect(page.getByRole("combobox", { name: say("conversation.watchers.invite_label"), exact: true })).toBeFocused();
  await run(desk, "commands.edit_text");
  await expect(page.getByRole("form", { name: say("tickets.edit.heading") }).locator(":focus")).toHaveCount(1);
  await desk.check();
  await desk.close();
});

test("what can be done with a row and with the list is offered there", async ({ browser }) => {
  const desk = await enter(browser, ADMIN);
  const { page, say } = desk;
  await openTickets(desk, [{ title: "Paleta de una fila", priority: "low" }]);
  await page.goto("/tickets?q=fila");
  await expect(row(desk, "Paleta de una fila")).toBeVisible();
  // As long as no row is under the cursor, nothing is offered for one.
  await open(desk);
  await page.keyboard.type(say("commands.row_priority"));
  await expect(options(desk)).toHaveCount(0);
  await leaveSearch(page);

  await row(desk, "Paleta de una fila").focus();
  await run(desk, "commands.row_priority");
  const menu = page.getByRole("menu", { name: say("tickets.list.priority") });
  await expect(menu.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("End");
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(page.getByRole("table").locator(":focus")).toHaveCount(1);

  // A column that is not shown, and is.
  const created = page.getByRole("columnheader", { name: say("views.column.created") });
  await expect(created).toHaveCount(0);
  await run(desk, "commands.columns");
  await expectAsked(desk, "commands.columns");
  await take(desk, say("commands.show_column", { name: say("views.column.created") }));
  await expect(created).toBeVisible();
  await run(desk, "commands.columns");
  await take(desk, say("commands.hide_column", { name: say("views.column.created") }));
  await expect(created).toHaveCount(0);

  await run(desk, "exports.menu_label");
  await expectAsked(desk, "exports.menu_label");
  const file = page.waitForEvent("download");
  await take(desk, say("exports.csv"));
  expect((await file).suggestedFilename()).toMatch(/\.csv$/);
  await expect(page.getByRole("button", { name: say("exports.menu_label"), exact: true })).toBeFocused();

  await run(desk, "commands.filter_priority");
  await take(desk, say("common.priority.high"));
  await expect(page).toHaveURL(/[?&]priority=high(&|$)/);
  await expect(page.getByText(say("tickets.list.no_match"), { exact: true }).first()).toBeVisible();
  await run(desk, "tickets.list.clear");
  await expect(row(desk, "Paleta de una fila")).toBeVisible();
  await run(desk, "commands.order");
  await take(desk, say("tickets.list.sort_created_asc"));
  await expect(page).toHaveURL(/sort=created_at/);

  await run(desk, "commands.view");
  await take(desk, say("tickets.list.closed"));
  await expect(page).toHaveURL(/\/tickets\?status=closed$/);
  await desk.check();
  await desk.close();
});

test("other keys for the palette and the quick view hold after a reload, and the old ones do nothing", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, PABLO);
  const { page, say } = desk;
  await openTickets(desk, [{ title: "Paleta con otras teclas" }]);
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: say("commands.keys"), exact: true });

  // Those that cannot be changed are shown too.
  const fixed = list.getByRole("list", { name: say("commands.group.fixed"), exact: true });
  await expect(fixed.getByRole("button")).toHaveCount(0);
  for (const [key, keys] of [
    ["commands.fixed.undo", ["Ctrl", "Z"]],
    ["commands.fixed.send", ["Ctrl", "Enter"]],
    ["commands.fixed.open", ["Enter"]],
    ["commands.fixed.up_to", [say("commands.key.shift"), "X"]],
  ] as const) {
    await expect(fixed.getByRole("listitem").filter({ hasText: say(key) }).locator("kbd")).toHaveText([...keys]);
  }
  await desk.checkAccess();

  const change = (key: string): Locator =>
    list.getByRole("button", { name: say("commands.change_keys", { name: say(key) }) });
  const field = (key: string): Locator =>
    list.getByRole("textbox", { name: say("commands.new_keys", { name: say(key) }) });
  await expect(change("commands.palette").locator("kbd")).toHaveText(["Ctrl K"]);
  await change("commands.palette").focus();
  await page.keyboard.press("Enter");
  await expect(field("commands.palette")).toBeFocused();
  await expect(list.getByText(say("commands.press_held"))).toBeVisible();
  // What the browser itself has is not taken from it.
  await page.keyboard.press("Control+c");
  await expect(field("commands.palette")).toHaveValue("");
  await page.keyboard.press("Control+j");
  await expect(field("commands.palette")).toHaveValue("Ctrl J");
  await page.keyboard.press("Enter");
  await expect(change("commands.palette")).toBeFocused();
  await expect(change("commands.palette").locator("kbd")).toHaveText(["Ctrl J"]);

  await expect(change("commands.peek").locator("kbd")).toHaveText([say("commands.space")]);
  await change("commands.peek").focus();
  await page.keyboard.press("Enter");
  await expect(field("commands.peek")).toBeFocused();
  // Only what works while one types may have Ctrl.
  await page.keyboard.press("Control+j");
  await expect(field("commands.peek")).toHaveValue("");
  await page.keyboard.press("v");
  await page.keyboard.press("Enter");
  await expect(change("commands.peek").locator("kbd")).toHaveText(["V"]);

  await page.goto("/tickets?q=teclas");
  const link = row(desk, "Paleta con otras teclas");
  await link.focus();
  await expect(page.locator(".find > kbd")).toHaveText("Ctrl J");
  await page.keyboard.press("Control+k");
  await expect(link).toBeFocused();
  // Had the space bar opened it, the new key would close it.
  await page.keyboard.press("Space");
  await page.keyboard.press("v");
  const sheet = page.getByRole("complementary", { name: say("views.peek.label") });
  await expect(sheet).toBeVisible();
  await open(desk, "Control+j");
  await leaveSearch(page);
  await expect(link).toBeFocused();
  await expect(sheet).toBeVisible();
  // By its name it is done as well.
  await open(desk, "Control+j");
  await take(desk, say("commands.peek"));
  await expect(sheet).toHaveCount(0);
  await expect(link).toBeFocused();

  // The usual ones come back.
  await page.keyboard.press("?");
  await list.getByRole("button", { name: say("commands.keys_reset") }).press("Enter");
  await expect(change("commands.palette").locator("kbd")).toHaveText(["Ctrl K"]);
  await expect(list.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(link).toBeFocused();
  await open(desk);
  await desk.check();
  await desk.close();
});
