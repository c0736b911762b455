// What an administrator decides for the desk, and how they see what happened on it.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { SOON } from "../support/chatting.js";
import { QUERIES } from "../support/databases.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { png } from "../support/files.js";
import { field, go, openTicket, openTickets, row } from "../support/steps.js";
import { ADMIN, PASSWORD } from "../support/turno.js";

const turno = useTurno();

/** The picture that the browser shows beside the page's name. */
function icon(desk: Desk): Locator {
  return desk.page.locator("link[rel=icon]");
}

/** The accent that the page has now. */
function accent(desk: Desk): Promise<string> {
  return desk.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--t-accent").trim());
}

function entries(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("audit.region"), exact: true }).getByRole("listitem");
}

for (const width of WIDTHS) {
  test(`name, colour and logo are there for everybody, before login too (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await go(desk, "common.nav.settings");
    await expect(page.getByRole("heading", { level: 1, name: say("settings.title"), exact: true })).toBeVisible();
    const ownIcon = (await icon(desk).getAttribute("href")) ?? "";
    expect(ownIcon).not.toContain("/settings/");

    // A colour that nobody could read is refused while it is typed, and when it is sent.
    const colour = field(page, say("settings.colour"));
    await colour.fill("#ffcc00");
    await expect(page.getByText(say("settings.contrast_low"))).toBeVisible();
    await page.getByRole("button", { name: say("settings.save"), exact: true }).click();
    await expect(page.getByText(say("common.field.low_contrast"))).toBeVisible();

    const name = `Mesa de Ñandú ${width}`;
    await field(page, say("settings.name")).fill(name);
    await colour.fill("#3454d1");
    await expect(page.getByText(say("settings.contrast_ok"))).toBeVisible();
    // It stands below the boxes that it saves, at their start.
    const save = page.getByRole("button", { name: say("settings.save"), exact: true });
    const start = (part: Locator) => part.evaluate((one) => Math.round(one.getBoundingClientRect().left));
    expect(await start(save)).toBe(await start(page.locator(".settings-body").first()));
    await save.click();
    await desk.told(say("settings.saved"));
    await expect(page).toHaveTitle(new RegExp(`${name}$`));
    await expect.poll(() => accent(desk)).toBe("#3454d1");
    await desk.check();
    await desk.checkAccess();

    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: say("settings.logo_choose"), exact: true }).click();
    const script = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    await (await chooser).setFiles({ name: "logo.png", mimeType: "image/png", buffer: script });
    await expect(page.getByText(say("common.field.not_a_picture"))).toBeVisible();
    const again = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: say("settings.logo_choose"), exact: true }).click();
    await (await again).setFiles({ name: "logo.png", mimeType: "image/png", buffer: png(120, 40, [200, 30, 30]) });
    await desk.told(say("settings.logo_saved"));
    await expect(page.locator("[data-picture=logo] img").first()).toBeVisible();
    // The favicon is made of the logo: small and square.
    await expect(icon(desk)).toHaveAttribute("href", /^\/api\/v1\/settings\/favicon\?v=/);
    const favicon = (await icon(desk).getAttribute("href")) ?? "";
    const given = await page.request.get(favicon);
    expect(given.headers()["content-type"]).toBe("image/png");
    const picture = await given.body();
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([64, 64]);
    // One of its own takes the place of the logo's, until it is taken away.
    const icons = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: say("settings.favicon_choose"), exact: true }).click();
    await (await icons).setFiles({ name: "icon.png", mimeType: "image/png", buffer: png(48, 48, [30, 30, 200]) });
    await desk.told(say("settings.favicon_saved"));
    await expect(icon(desk)).not.toHaveAttribute("href", favicon);
    await expect(icon(desk)).toHaveAttribute("href", /^\/api\/v1\/settings\/favicon\?v=/);
    const own = (await icon(desk).getAttribute("href")) ?? "";
    await expect(page.locator("[data-picture=favicon] img").first()).toHaveAttribute("src", own);
    await desk.check();
    await desk.checkAccess();
    // On a phone it lies under what was told last, until that is gone.
    await page.mouse.move(0, 0);
    await expect(page.locator(".toast-item")).toHaveCount(0);
    await page.getByRole("button", { name: say("settings.favicon_remove"), exact: true }).click();
    await desk.told(say("settings.favicon_removed"));
    await expect(icon(desk)).toHaveAttribute("href", favicon);
    await expect(page.getByRole("button", { name: say("settings.favicon_choose"), exact: true })).toBeFocused();
    await page.screenshot({ path: resolve(`../../test-results/screens/settings-own-${test.info().project.name}-${width}.png`), fullPage: true });

    // Somebody else's browser, which remembers nothing: the login page is the desk's own from the start.
    const other = await Desk.open(browser, turno(), { width, theme: "dark" });
    await other.page.goto("/login");
    await expect(other.page.locator(".door-box .brand")).toContainText(name);
    await expect(other.page.locator(".door-box .brand img")).toBeVisible();
    await expect(icon(other)).toHaveAttribute("href", favicon);
    await expect(other.page).toHaveTitle(new RegExp(`${name}$`));
    expect(await accent(other)).not.toBe("#3cc7b8");
    await other.check();
    await other.checkAccess();
    await other.page.screenshot({ path: resolve(`../../test-results/screens/login-own-${test.info().project.name}-${width}.png`) });
    await other.close();

    // As it was.
    await page.getByRole("button", { name: say("settings.logo_remove"), exact: true }).click();
    await desk.told(say("settings.logo_removed"));
    await expect(icon(desk)).toHaveAttribute("href", ownIcon);
    await page.getByRole("button", { name: say("settings.colour_default"), exact: true }).click();
    await field(page, say("settings.name")).fill("Turno");
    await page.getByRole("button", { name: say("settings.save"), exact: true }).click();
    await expect.poll(() => accent(desk)).toBe("#0b6e66");
    await expect(page).toHaveTitle(/· Turno$/);
    await desk.check();
    await desk.close();
  });

  test(`what happened is told in words and found by filters (${width} px)`, { tag: QUERIES }, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    await openTicket(desk, `Auditoría ${width}`, "Para el registro");
    const ticket = /\d+$/.exec(page.url())?.[0] ?? "";
    const stranger = await Desk.open(browser, turno(), { width });
    await stranger.page.goto("/login");
    await stranger.enter({ ...ADMIN, username: `intruso${width}`, password: "No-es-esta-1" });
    await expect(stranger.page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await stranger.close();

    await go(desk, "common.nav.audit");
    await expect(page.getByRole("heading", { level: 1, name: say("audit.title"), exact: true })).toBeVisible();
    const failed = entries(desk).filter({ hasText: `intruso${width}` });
    await expect(failed).toContainText(say("audit.kind.login_failed"));
    await expect(failed).not.toContainText("No-es-esta-1");
    const opened = entries(desk).filter({ hasText: say("audit.kind.ticket_created") }).filter({ hasText: `#${ticket}` });
    await expect(opened).toContainText(ADMIN.name);
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/audit-own-${test.info().project.name}-${width}.png`) });

    // The address bar keeps the filters.
    if (width < 721) await page.getByRole("button", { name: say("audit.filters"), exact: true }).click();
    await field(page, say("audit.ticket")).fill("nada");
    await page.getByRole("button", { name: say("audit.apply"), exact: true }).click();
    await expect(page.getByText(say("audit.bad_ticket"))).toBeVisible();
    await field(page, say("audit.ticket")).fill(`#${ticket}`);
    await page.getByRole("button", { name: say("audit.apply"), exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/audit\\?ticket_id=${ticket}$`));
    await expect(entries(desk)).toHaveCount(1);
    await page.reload();
    await expect(entries(desk)).toHaveCount(1);
    await entries(desk).getByRole("link", { name: `#${ticket}`, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/tickets/${ticket}$`));

    // By period and by address: today and from here there is something, from elsewhere or from tomorrow on nothing.
    await page.goto("/audit");
    if (width < 721) await page.getByRole("button", { name: say("audit.filters"), exact: true }).click();
    const day = (later: number) =>
      page.evaluate((later) => {
        const day = new Date();
        day.setDate(day.getDate() + later);
        return new Intl.DateTimeFormat("sv-SE").format(day);
      }, later);
    const input = (name: string) => page.locator(`form.audit-bar input[name=${name}]`);
    const apply = page.getByRole("button", { name: say("audit.apply"), exact: true });
    await input("from").fill(await day(0));
    await input("to").fill(await day(0));
    await input("address").fill("127.0.0.");
    await apply.click();
    await expect(page.getByText(say("audit.bad_address"))).toBeVisible();
    await input("address").fill("127.0.0.1");
    await apply.click();
    await expect(page).toHaveURL(/\/audit\?(?=.*from=)(?=.*to=)(?=.*address=127\.0\.0\.1)/);
    await expect(entries(desk).filter({ hasText: `intruso${width}` })).toHaveCount(1);
    await input("address").fill("192.0.2.7");
    await apply.click();
    await expect(page.getByText(say("audit.no_match"))).toBeVisible();
    await input("address").fill("");
    await input("from").fill(await day(1));
    await input("to").fill("");
    await apply.click();
    await expect(page).not.toHaveURL(/address=/);
    await expect(page.getByText(say("audit.no_match"))).toBeVisible();
    await desk.check();

    await page.goto("/audit?action=exported");
    await expect(page.getByText(say("audit.no_match"))).toBeVisible();
    await page.getByRole("link", { name: say("audit.clear"), exact: true }).first().click();
    await expect(page).toHaveURL(/\/audit$/);
    await entries(desk).getByRole("link", { name: ADMIN.name, exact: true }).first().click();
    await expect(page).toHaveURL(/\/audit\?person_id=\d+$/);
    await desk.check();
    await desk.close();
  });
}

test("who was slower is asked, and what technicians see changes", async ({ browser }) => {
  const one = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const other = await (await Desk.open(browser, turno(), { theme: "dark" })).logIn(ADMIN);
  const { say } = one;
  for (const desk of [one, other]) {
    await desk.page.goto("/settings");
    await expect(desk.page.locator("select[name=technician_scope]")).toBeVisible();
  }
  await one.page.locator("select[name=technician_scope]").selectOption("all");
  await one.page.getByRole("button", { name: say("settings.save"), exact: true }).click();
  await expect(one.page.getByText(say("settings.saved")).first()).toBeVisible();

  await other.page.locator("select[name=technician_scope]").selectOption("assigned");
  await other.page.getByRole("button", { name: say("settings.save"), exact: true }).click();
  const question = other.page.getByRole("alertdialog");
  await expect(question).toContainText(say("settings.scope_all"));
  await other.checkAccess();
  await question.getByRole("button", { name: say("settings.conflict_keep"), exact: true }).click();
  await expect(other.page.getByText(say("settings.saved")).first()).toBeVisible();
  await one.page.reload();
  await expect(one.page.locator("select[name=technician_scope]")).toHaveValue("assigned");
  for (const desk of [one, other]) {
    await desk.check();
    await desk.close();
  }
});

test("what technicians may see is there while they look, and goes while they look", async ({ browser }) => {
  test.slow();
  const admin = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const person = { username: "tecla", name: "Tecla Mora", email: "tecla@example.org", role: "technician", password: PASSWORD } as const;
  const desk = await (await Desk.open(browser, turno())).logIn(turno().addPerson(person));
  const { page, say } = desk;
  const { version } = await ask<{ version: number }>(admin.page, "GET", "/settings");
  await ask(admin.page, "PATCH", "/settings", { version, technician_scope: "assigned" });
  // What they see from the beginning is the newest, and what comes is older: it follows, and is shown without being asked for.
  const [other = 0, , own = 0] = await openTickets(admin, ["ajeno", "en cola", "propio"].map((whose) => ({ title: `Alcance ${whose}` })));
  await ask(admin.page, "POST", `/tickets/${other}/assign`, { assignee_id: await numberOf(admin.page) });
  await ask(admin.page, "POST", `/tickets/${own}/assign`, { assignee_id: await numberOf(page) });
  const change = async (scope: string) => {
    await admin.page.goto("/settings");
    await admin.page.locator("select[name=technician_scope]").selectOption(scope);
    const saved = admin.page.waitForResponse((answer) => /\/api\/v1\/settings$/.test(answer.url()) && answer.request().method() === "PATCH");
    await admin.page.getByRole("button", { name: say("settings.save"), exact: true }).click();
    expect((await saved).ok()).toBe(true);
  };
  const rows = row(desk, "Alcance");
  const gone = rows.getByText(say("moves.list.left"));

  await page.goto("/tickets?q=alcance&sort=-created_at");
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Alcance propio");
  await change("queue");
  await expect(rows).toHaveCount(2, SOON);
  await expect(row(desk, "Alcance en cola")).toBeVisible();
  await change("all");
  await expect(rows).toHaveCount(3, SOON);
  await expect(row(desk, "Alcance ajeno")).toBeVisible();
  await desk.check();

  // What they may see no more greys first, and is not there when the list is read anew.
  await change("assigned");
  await expect(gone).toHaveCount(2, SOON);
  await expect(row(desk, "Alcance propio").getByText(say("moves.list.left"))).toHaveCount(0);
  await page.getByRole("button", { name: say("moves.list.refresh") }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Alcance propio");
  expect((await page.request.get(`/api/v1/tickets/${other}`)).status()).toBe(404);
  await page.reload();
  await expect(rows).toHaveCount(1);
  for (const each of [admin, desk]) {
    await each.check();
    await each.close();
  }
});

test("the administrator learns what the desk runs on", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  await go(desk, "common.nav.about");
  const main = desk.page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1, name: desk.say("about.title"), exact: true })).toBeVisible();
  await expect(main.getByText(/^(SQLite|PostgreSQL|MySQL|MariaDB) \d/)).toBeVisible();
  // The version that is built, and the last of the migrations that it comes with.
  const version = /^version = "(.+)"$/m.exec(readFileSync("../../Cargo.toml", "utf8"))?.[1] ?? "none";
  await expect(main.getByText(`Turno ${version}`, { exact: true })).toBeVisible();
  const migrations = readdirSync("../../migrations/sqlite").filter((name) => /^\d/.test(name)).sort();
  const schema = (migrations.at(-1) ?? "none").replace(/_.*$/, "").replaceAll("-", "");
  expect(schema).toMatch(/^\d{14}$/);
  const database = main.getByRole("region", { name: desk.say("about.database"), exact: true });
  await expect(database.getByText(schema, { exact: true })).toBeVisible();
  const storage = main.getByRole("region", { name: desk.say("about.storage"), exact: true });
  await expect(storage).toContainText("/files");
  await expect(storage).not.toContainText(desk.say("about.unreachable"));
  await expect(main.getByRole("region", { name: desk.say("about.mail"), exact: true })).toContainText(desk.say("about.unconfigured"));
  await desk.check();
  await desk.checkAccess();
  await desk.close();
});
