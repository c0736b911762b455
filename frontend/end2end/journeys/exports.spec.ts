// The list as a file: what it shows, with its filters, for whoever looks at it.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { type Download, expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { namesIn, pagesOf, picturesOf, sheetOf } from "../support/documents.js";
import { hears, listen } from "../support/hearing.js";
import { openTicket, openTickets, row } from "../support/steps.js";
import { accountsOf, ADMIN, type Person } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);

type Kind = "csv" | "xlsx" | "pdf";

/** Takes the list away through the menu. */
async function take(desk: Desk, kind: Kind): Promise<{ download: Download; bytes: Buffer }> {
  const { page, say } = desk;
  await page.getByRole("button", { name: say("exports.menu_label"), exact: true }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: say(`exports.${kind}`), exact: true }).click();
  const download = await coming;
  await desk.told(say("exports.done", { name: download.suggestedFilename() }));
  // Where the file was asked for.
  await expect(page.getByRole("button", { name: say("exports.menu_label"), exact: true })).toBeFocused();
  return { download, bytes: await readFile(await download.path()) };
}

for (const width of WIDTHS) {
  test(`the list is taken away as a file, with its filters (${width} px)`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const title = `=cmd() "ñandú" ${width}, 日本語`;
    await openTicket(desk, title, "Una fórmula en el título");
    await page.goto("/tickets");
    await openTicket(desk, `Otro ${width}`, "Sin nada especial");

    await page.goto(`/tickets?status=all&q=${encodeURIComponent(`ñandú ${width}`)}`);
    await expect(row(desk, title)).toHaveCount(1);
    await page.getByRole("button", { name: say("exports.menu_label"), exact: true }).click();
    await expect(page.getByRole("menuitem", { name: say("exports.csv"), exact: true })).toBeFocused();
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/exports-${test.info().project.name}-${width}.png`) });
    await page.keyboard.press("Escape");

    const csv = await take(desk, "csv");
    expect(csv.download.suggestedFilename()).toMatch(/^tickets-\d{4}-\d{2}-\d{2}\.csv$/);
    expect([...csv.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = csv.bytes.toString("utf8").split("\r\n");
    // The names of the columns, the one ticket that matches, and nothing after the last line end.
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`"'=cmd() ""ñandú"" ${width}, 日本語"`);
    expect(lines[1]).toContain(say("common.status.open"));
    expect(lines[2]).toBe("");

    const xlsx = await take(desk, "xlsx");
    expect(xlsx.download.suggestedFilename()).toMatch(/\.xlsx$/);
    const sheet = sheetOf(xlsx.bytes);
    // The same columns; what begins like a formula is a text as it was written, and nothing is a formula.
    const columns = (lines[0] ?? "").replace("\ufeff", "").split(",");
    expect(columns.length).toBeGreaterThan(5);
    expect(sheet.texts.slice(0, columns.length)).toEqual(columns);
    expect(sheet.texts).toContain(title);
    expect(sheet.texts).toContain(say("common.status.open"));
    expect(sheet.texts.filter((text) => text.startsWith("Otro "))).toEqual([]);
    expect(sheet.xml).not.toMatch(/<f[ >]/);
    expect(sheet.xml).toContain('state="frozen"');
    expect(sheet.xml).toContain("<autoFilter ");

    const pdf = await take(desk, "pdf");
    expect(pdf.download.suggestedFilename()).toMatch(/\.pdf$/);
    expect(pdf.bytes.subarray(0, 5).toString("latin1")).toBe("%PDF-");
    expect(pdf.bytes.toString("latin1").trimEnd()).toMatch(/%%EOF$/);
    expect(pagesOf(pdf.bytes)).toBe(1);

    await desk.check();
    await desk.close();
  });
}

test("a long list is all in each file", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 1280 })).logIn(ADMIN);
  const count = 70;
  const titles = Array.from({ length: count }, (_, n) => `Lote número ${n + 1}`);
  for (const title of titles) await ask(desk.page, "POST", "/tickets", { title, description: "…" });
  await desk.page.goto("/tickets?status=all&q=lote");
  await expect(row(desk, "Lote número").first()).toBeVisible();

  const lines = (await take(desk, "csv")).bytes.toString("utf8").split("\r\n");
  expect(lines).toHaveLength(count + 2);
  const { texts } = sheetOf((await take(desk, "xlsx")).bytes);
  expect(texts.filter((text) => text.startsWith("Lote ")).sort()).toEqual([...titles].sort());
  for (const title of titles) expect(lines.filter((line) => line.split(",").includes(title)), title).toHaveLength(1);
  const pages = pagesOf((await take(desk, "pdf")).bytes);
  expect(pages).toBeGreaterThan(1);
  expect(pages).toBeLessThan(8);
  await desk.check();
  await desk.close();
});

test("who may see less takes less away", async ({ browser }) => {
  test.slow();
  const enter = async (person: Person) => (await Desk.open(browser, turno())).logIn(person);
  const asks = await enter(account("sara", "Sara Moll", "user"));
  const helps = await enter(account("tono", "Toño Vera", "technician"));
  const other = await enter(account("ugo", "Ugo Lara", "technician"));
  const admin = await enter(ADMIN);

  // One of hers that nobody has, one of hers that is in other hands, and two of somebody else's alike.
  const titles = { free: "Reparto libre", hers: "Reparto de Sara", queue: "Reparto en cola", secret: "Reparto reservado" };
  const [, hers = 0] = await openTickets(asks, [{ title: titles.free }, { title: titles.hers }]);
  const [, secret = 0] = await openTickets(admin, [{ title: titles.queue }, { title: titles.secret }]);
  const assignee_id = await numberOf(other.page);
  for (const ticket of [hers, secret]) await ask(admin.page, "POST", `/tickets/${ticket}/assign`, { assignee_id });

  const sees: readonly (readonly [Desk, readonly string[]])[] = [
    [asks, [titles.free, titles.hers]],
    [helps, [titles.free, titles.queue]],
    [other, Object.values(titles)],
    [admin, Object.values(titles)],
  ];
  for (const [desk, mine] of sees) {
    // Also when they ask for all there is.
    await desk.page.goto("/tickets?status=all&q=reparto");
    await expect(row(desk, "Reparto")).toHaveCount(mine.length);
    const text = (await take(desk, "csv")).bytes.toString("utf8");
    const found = Object.values(titles).filter((title) => text.includes(title));
    expect(found, desk.say("tickets.list.title")).toEqual(Object.values(titles).filter((title) => mine.includes(title)));
    expect(text.trimEnd().split("\r\n"), "the columns' names and a line for each").toHaveLength(mine.length + 1);
    expect(sheetOf((await take(desk, "xlsx")).bytes).texts.filter((text) => text.startsWith("Reparto "))).toHaveLength(mine.length);
    // Nor by a filter that leads to somebody else's.
    const answer = await desk.page.request.get(`/api/v1/reports/tickets.csv?assignee_id=${assignee_id}&q=reservado`);
    expect((await answer.text()).includes(titles.secret)).toBe(mine.includes(titles.secret));
    await desk.check();
  }
  for (const desk of [asks, helps, other, admin]) await desk.close();
});

test("the desk's logo is in the files that show one", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page } = desk;
  await openTickets(desk, [{ title: "Con emblema" }]);
  const logoIn = async () => {
    await page.goto("/tickets?q=emblema");
    await expect(row(desk, "Con emblema")).toHaveCount(1);
    const book = namesIn((await take(desk, "xlsx")).bytes);
    expect(book).toContain("xl/worksheets/sheet1.xml");
    return [book.includes("xl/media/image1.png"), picturesOf((await take(desk, "pdf")).bytes) > 0];
  };
  expect(await logoIn()).toEqual([false, false]);
  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [120, 40];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.fillStyle = "rgb(200, 30, 30)";
    context.fillRect(0, 0, 120, 40);
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!picture) throw new Error("no picture");
    const session = await (await fetch("/api/v1/session")).json();
    const body = new FormData();
    body.append("file", new File([picture], "logo.png", { type: "image/png" }));
    const answer = await fetch("/api/v1/settings/logo", { method: "PUT", headers: { "X-CSRF-Token": session.csrf_token }, body });
    if (!answer.ok) throw new Error(`PUT /settings/logo: ${answer.status} ${await answer.text()}`);
  });
  expect(await logoIn()).toEqual([true, true]);
  await ask(page, "DELETE", "/settings/logo");
  expect(await logoIn()).toEqual([false, false]);
  await desk.check();
  await desk.close();
});

test("a failure is told in words, and a file on its way can be called off", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { width: 1280 })).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets");
  const menu = page.getByRole("button", { name: say("exports.menu_label"), exact: true });

  await page.route("**/api/v1/reports/tickets.pdf?*", (route) => route.abort());
  await menu.click();
  await page.getByRole("menuitem", { name: say("exports.pdf"), exact: true }).click();
  await expect(page.locator(".toast-item.bad").filter({ hasText: say("common.error.offline") })).toBeVisible();

  // Nobody answers, until the person has had enough.
  await page.route("**/api/v1/reports/tickets.csv?*", () => {});
  await listen(page);
  await menu.click();
  await page.getByRole("menuitem", { name: say("exports.csv"), exact: true }).click();
  await expect(page.getByText(say("exports.preparing", { kind: "CSV" }))).toBeVisible();
  await hears(page, say("exports.preparing", { kind: "CSV" }));
  const cancel = page.getByRole("button", { name: say("exports.cancel"), exact: true });
  await expect(cancel).toBeFocused();
  await cancel.click();
  await desk.told(say("exports.cancelled"));
  await expect(menu).toBeVisible();
  await desk.close();
});
