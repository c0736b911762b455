// Files that are made to do harm: a name that leads elsewhere or hides what the file is, a content that is not what the name
// says, an archive that would fill a disk, a picture that would fill the memory. What the page says of them, and what is kept.

import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { attached, chooser, pngClaiming, text, zip } from "../support/files.js";
import { field, openTickets } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";
import { type Language, pattern } from "../support/words.js";

const turno = useTurno();
const account = accountsOf(turno);

/** How programs begin, on Windows and on Linux. */
const PROGRAMS = { windows: Buffer.from("MZ\u0090\u0000\u0003\u0000\u0000\u0000", "latin1"), linux: Buffer.from("\u007fELF\u0002\u0001\u0001", "latin1") };
/** A drawing that does something when it is shown as one. */
const DRAWING = Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="top.harmed = true"><script>top.harmed = true</script></svg>`);

test("a name that leads elsewhere or turns what follows it is kept without that", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(account("dario", "Darío Pozo", "user"));
  const { page, say } = desk;
  const [ticket = 0] = await openTickets(desk, [{ title: "Con nombres que llevan a otra parte" }]);
  await page.goto(`/tickets/${ticket}`);
  // What still comes would move the button away from under the pointer.
  await page.waitForLoadState("networkidle");
  const before = turno().files;

  const stem = `fuera-${process.pid}`;
  const names = [
    [`../${stem}-a.txt`, `${stem}-a.txt`],
    [`../../../../../../../..${tmpdir()}/${stem}-b.txt`, `${stem}-b.txt`],
    [`${tmpdir()}/${stem}-c.txt`, `${stem}-c.txt`],
    // A mark that turns the direction makes the end of a name look like another.
    ["informe 🖨️🔥\u202etxt.gnp.txt", "informe 🖨️🔥txt.gnp.txt"],
    ["\u2067שלום 🔥\u2069.txt", "שלום 🔥.txt"],
  ] as const;
  const sent = names.map(([name]) => name);
  // The browser sends them as they are called here.
  expect(await page.evaluate((names) => names.map((name) => new File(["x"], name).name), sent)).toEqual(sent);
  await chooser(desk).setInputFiles(names.map(([name, kept]) => text(name, `en ${kept}\n`)));
  const chosen = page.getByRole("list", { name: say("attachments.chosen") }).getByRole("listitem");
  await expect(chosen).toHaveCount(names.length);
  await expect(chosen.getByRole("alert")).toHaveCount(0);
  await desk.check();
  await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(names.length);
  await page.reload();
  await expect(attached(desk)).toHaveCount(names.length);
  const shown = await attached(desk).locator(".file-name").allTextContents();
  expect(shown.sort()).toEqual(names.map(([, kept]) => kept).sort());
  await desk.check();
  await desk.checkAccess();

  for (const [, kept] of names) {
    const coming = page.waitForEvent("download");
    await attached(desk).filter({ hasText: kept }).getByRole("link").click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(kept);
    expect(readFileSync(await download.path(), "utf8")).toBe(`en ${kept}\n`);
  }

  // They lie among the files, under names of the desk's own, and nowhere else.
  const after = turno().files;
  expect(after.attached).toHaveLength(before.attached.length + names.length);
  expect(after.attached.filter((path) => path.includes(stem) || path.includes("informe"))).toEqual([]);
  expect(after.others.filter((path) => !before.others.includes(path))).toEqual([]);
  for (const [name] of names) {
    for (const folder of [tmpdir(), dirname(tmpdir())]) expect(existsSync(join(folder, basename(name))), name).toBe(false);
  }
  await desk.close();
});

for (const width of WIDTHS) {
  const language: Language = width === 360 ? "en" : "es";

  test(`what is not what its name says, or would fill the disk, is refused in words and not kept (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const person = account(`elia${width}`, `Elia Marco ${width}`, "user", language);
    const desk = await (await Desk.open(browser, turno(), { width, language })).logIn(person);
    const { page, say } = desk;
    const before = turno().files;
    await page.goto("/tickets/new");
    await field(page, say("tickets.new.title")).fill(`Con trampas ${width}`);
    await field(page, say("tickets.new.description")).fill("x");
    // What may be attached is known once it has been asked for.
    await desk.quiet();

    // What the name tells is said before anything is sent. The mark makes this one look like a document.
    const chosen = page.getByRole("list", { name: say("attachments.chosen") }).getByRole("listitem");
    await chooser(desk).setInputFiles([
      { name: "dibujo.svg", mimeType: "image/svg+xml", buffer: DRAWING },
      { name: "factura\u202efdp.exe", mimeType: "application/pdf", buffer: PROGRAMS.windows },
    ]);
    await expect(chosen).toHaveCount(2);
    for (let left = 2; left > 0; left -= 1) {
      await expect(chosen.first().getByRole("alert")).toHaveText(pattern(language, "attachments.not_allowed"));
      await chosen.first().getByRole("button").click();
      await expect(chosen).toHaveCount(left - 1);
    }

    // What is inside only the server knows.
    const [mismatch, unsafe] = [say("common.field.file_content_mismatch"), say("common.field.archive_unsafe")];
    const large = say("common.field.image_too_large");
    const bomb = zip("ceros.bin", Buffer.alloc(60 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const harmful = [
      { name: "informe.pdf", mimeType: "application/pdf", buffer: PROGRAMS.linux, said: mismatch },
      { name: "foto.jpg", mimeType: "image/jpeg", buffer: PROGRAMS.windows, said: mismatch },
      { name: "dibujo.png", mimeType: "image/png", buffer: DRAWING, said: mismatch },
      { name: "dibujo.txt", mimeType: "text/plain", buffer: DRAWING, said: mismatch },
      { name: "bomba.png", mimeType: "image/png", buffer: pngClaiming(20_000, 20_000), said: large },
      { name: "ceros.zip", mimeType: "application/zip", buffer: bomb, said: unsafe },
      { name: "dentro.zip", mimeType: "application/zip", buffer: zip("ceros.zip", bomb), said: unsafe },
    ];
    // Of its own: what is the same as another is kept once.
    const good = { name: "bueno.zip", mimeType: "application/zip", buffer: zip("nota.txt", Buffer.from(`hola ${width}`)) };
    await chooser(desk).setInputFiles([...harmful.map(({ name, mimeType, buffer }) => ({ name, mimeType, buffer })), good]);
    await expect(chosen).toHaveCount(harmful.length + 1);
    await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
    await expect(page).toHaveURL(/\/tickets\/\d+$/);

    const outgoing = page.getByRole("region", { name: say("attachments.outgoing") });
    for (const { name, said } of harmful) {
      const item = outgoing.getByRole("listitem").filter({ hasText: name });
      await expect(item.getByRole("alert"), name).toHaveText(said);
      // It would be refused again.
      await expect(item.getByRole("button", { name: say("attachments.retry", { name }), exact: true })).toHaveCount(0);
    }
    await expect(attached(desk)).toHaveCount(1);
    await expect(attached(desk)).toContainText(good.name);
    await desk.check();
    await desk.checkAccess();
    for (const { name } of harmful) await outgoing.getByRole("button", { name: say("attachments.remove", { name }), exact: true }).click();
    await expect(outgoing).toHaveCount(0);

    // Nothing else is on the ticket or on the disk, nor has the drawing done anything.
    expect(await page.evaluate(() => "harmed" in globalThis)).toBe(false);
    await page.reload();
    await expect(attached(desk)).toHaveCount(1);
    const { items } = await ask<{ items: { name: string }[] }>(page, "GET", `${new URL(page.url()).pathname}/attachments`);
    expect(items.map(({ name }) => name)).toEqual([good.name]);
    const after = turno().files;
    expect(after.attached).toHaveLength(before.attached.length + 1);
    expect(after.others.filter((path) => !before.others.includes(path))).toEqual([]);
    await desk.check();
    await desk.close();
  });
}
