// Files: chosen, dropped and pasted; refused in words; sent with a ticket and with an answer; downloaded and deleted.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Browser, expect, type Page, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { attached, chooser, png, text } from "../support/files.js";
import { answerBox, field } from "../support/steps.js";
import { ADMIN, PASSWORD, type Person } from "../support/turno.js";
import { type Language, pattern } from "../support/words.js";

const turno = useTurno();

/** A text of so many megabytes, on the disk: it is not carried to the browser through its debugging port. */
function large(name: string, megabytes: number): string {
  const path = test.info().outputPath(name);
  writeFileSync(path, "x".repeat(megabytes * 1024 * 1024));
  return path;
}

const picture = (name: string) => ({ name, mimeType: "image/png", buffer: png(400, 400, [150, 150, 150]) });

/** Somebody with problems, whose account speaks a language. */
async function newcomer(browser: Browser, username: string, width: number, language: Language): Promise<Desk> {
  const person: Person = { username, name: username, email: `${username}@example.org`, role: "user", password: PASSWORD };
  turno().addPerson(person);
  const desk = await Desk.open(browser, turno(), { width, language });
  await desk.page.goto("/tickets");
  await desk.enter(person);
  await expect(desk.page).toHaveURL(/\/tickets$/);
  // The language goes with the account.
  await desk.page.evaluate(async (locale) => {
    const session = await (await fetch("/api/v1/session")).json();
    const headers = { "content-type": "application/json", "X-CSRF-Token": session.csrf_token };
    await fetch("/api/v1/me", { method: "PATCH", headers, body: JSON.stringify({ locale }) });
  }, language);
  await desk.page.reload();
  return desk;
}

/** Gives files to the page as a drop or a paste would. */
async function hand(page: Page, kind: "drop" | "paste", names: string[]): Promise<void> {
  await page.evaluate(
    ([kind, names]) => {
      const transfer = new DataTransfer();
      for (const name of names) transfer.items.add(new File([`hola ${name}`], name, { type: "text/plain" }));
      const event =
        kind === "drop"
          ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
          : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [kind, names] as const,
  );
}

for (const width of WIDTHS) {
  // One language for each width: both are walked through from end to end.
  const language = width === 360 ? "en" : "es";

  test(`files go with a ticket and with an answer (${width} px, ${language})`, async ({ browser }) => {
    test.slow();
    const desk = await newcomer(browser, `noa${width}`, width, language);
    const { page, say } = desk;
    const shot = (name: string) =>
      page.screenshot({ path: resolve(`../../test-results/screens/attachments-${name}-${test.info().project.name}-${width}.png`) });
    await page.goto("/tickets/new");
    await field(page, say("tickets.new.title")).fill(`Con archivos ${width}`);
    await field(page, say("tickets.new.description")).fill("Mira la foto");
    const chosen = page.getByRole("list", { name: say("attachments.chosen") }).getByRole("listitem");
    await chooser(desk).setInputFiles([picture("pantalla 🖨.png"), text("juego.exe", "MZ")]);
    await expect(chosen).toHaveCount(2);
    await expect(chosen.filter({ hasText: "juego.exe" }).getByRole("alert")).toContainText(
      pattern(language, "attachments.not_allowed"),
    );
    await chosen.filter({ hasText: "juego.exe" }).getByRole("button").click();
    await hand(page, "drop", ["arrastrado.txt"]);
    await hand(page, "paste", ["pegado.log"]);
    await expect(chosen).toHaveCount(3);
    await desk.check();
    await desk.checkAccess();
    await shot("new");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot("new-dark");
    await page.emulateMedia({ colorScheme: "light" });

    await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
    await expect(page).toHaveURL(/\/tickets\/\d+$/);
    await expect(attached(desk)).toHaveCount(3);
    await expect(page.getByRole("region", { name: say("attachments.outgoing") })).toHaveCount(0);
    await expect(page.getByText(say("tickets.change.attached")).first()).toBeVisible();

    await chooser(desk).setInputFiles(text("registro.log", "una línea\n"));
    await answerBox(desk).fill("Va el registro");
    await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
    const message = page.getByRole("article").filter({ hasText: "Va el registro" });
    await expect(message.getByRole("link", { name: /registro\.log/ })).toBeVisible();
    // Nothing of it is lost by loading the page again.
    await page.reload();
    await expect(attached(desk)).toHaveCount(4);
    await expect(page.locator(".file-picture").first()).toBeVisible();
    await expect
      .poll(() => page.locator("img.file-picture").first().evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await desk.check();
    await desk.checkAccess();
    await shot("ticket");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot("ticket-dark");
    await page.emulateMedia({ colorScheme: "light" });

    const download = page.waitForEvent("download");
    await message.getByRole("link", { name: /registro\.log/ }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("registro.log");
    expect(readFileSync(await saved.path(), "utf8")).toBe("una línea\n");

    await message.getByRole("button", { name: say("attachments.delete", { name: "registro.log" }), exact: true }).click();
    await message.getByRole("button", { name: say("attachments.delete_now"), exact: true }).click();
    await desk.told(say("attachments.deleted", { name: "registro.log" }));
    await expect(attached(desk)).toHaveCount(3);
    await desk.check();
    await desk.close();
  });
}

test("what the server refuses is told, and what did not get there is sent again", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Con tropiezos");
  await field(page, say("tickets.new.description")).fill("x");
  await chooser(desk).setInputFiles([
    { name: "falsa.png", mimeType: "image/png", buffer: Buffer.from("MZ no es una imagen") },
    text("buena.txt", "hola"),
  ]);
  let broken = true;
  await page.route(/\/api\/v1\/tickets\/\d+\/attachments$/, (route) =>
    broken && route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  const outgoing = page.getByRole("region", { name: say("attachments.outgoing") });
  await expect(outgoing.getByText(say("common.error.offline"))).toHaveCount(2);
  broken = false;
  for (const name of ["falsa.png", "buena.txt"]) {
    await outgoing.getByRole("button", { name: say("attachments.retry", { name }), exact: true }).click();
  }
  await expect(outgoing.getByText(say("common.field.file_content_mismatch"))).toBeVisible();
  await expect(attached(desk)).toHaveCount(1);
  await expect(attached(desk)).toContainText("buena.txt");
  await outgoing.getByRole("button", { name: say("attachments.remove", { name: "falsa.png" }), exact: true }).click();
  await expect(outgoing).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("a file whose acknowledgement is lost is attached once", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Llega y nadie lo sabe");
  await field(page, say("tickets.new.description")).fill("x");
  await chooser(desk).setInputFiles(text("una.txt", "hola"));
  let loses = true;
  await page.route(/\/api\/v1\/tickets\/\d+\/attachments$/, async (route) => {
    if (route.request().method() !== "POST" || !loses) return route.fallback();
    loses = false;
    // The server has it, and the page never hears of it.
    expect((await route.fetch()).status()).toBe(201);
    await route.abort();
  });
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  const outgoing = page.getByRole("region", { name: say("attachments.outgoing") });
  await outgoing.getByRole("button", { name: say("attachments.retry", { name: "una.txt" }), exact: true }).click();
  await expect(outgoing).toHaveCount(0);
  await expect(attached(desk)).toHaveCount(1);
  await page.reload();
  await expect(attached(desk)).toHaveCount(1);
  desk.faults.length = 0;
  await desk.check();
  await desk.close();
});

test("files may go without words", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Sin palabras");
  await field(page, say("tickets.new.description")).fill("x");
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  // What still comes would move the button away from under the pointer.
  await page.waitForLoadState("networkidle");
  await chooser(desk).setInputFiles(text("solo.txt", "hola"));
  await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(1);
  await desk.check();
  await desk.close();
});

test("a file keeps its name in any script, and two of one name keep what is in each", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Con nombres");
  await field(page, say("tickets.new.description")).fill("x");
  const emoji = "captura 🖨️🔥.log";
  const arabic = "تقرير الطابعة.txt";
  // The second is sent with a mark that would turn the direction of what follows it: that is no part of a name.
  await chooser(desk).setInputFiles([text(emoji, "uno\n"), text(arabic.replace(".", "\u200f."), "dos\n")]);
  await chooser(desk).setInputFiles(text("igual.txt", "la primera\n"));
  await chooser(desk).setInputFiles(text("igual.txt", "la segunda\n"));
  await expect(page.getByRole("list", { name: say("attachments.chosen") }).getByRole("listitem")).toHaveCount(4);
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(4);

  const take = async (name: string, nth: number) => {
    const link = attached(desk).filter({ hasText: name }).nth(nth).getByRole("link");
    const coming = page.waitForEvent("download");
    await link.click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(name);
    return readFileSync(await download.path(), "utf8");
  };
  expect(await take(emoji, 0)).toBe("uno\n");
  expect(await take(arabic, 0)).toBe("dos\n");
  await expect(attached(desk).filter({ hasText: "igual.txt" })).toHaveCount(2);
  const both = [await take("igual.txt", 0), await take("igual.txt", 1)];
  expect(both.sort()).toEqual(["la primera\n", "la segunda\n"]);
  await desk.check();
  await desk.close();
});

test("a slow file shows how far it is, and is broken off when somebody says so", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Con paciencia");
  await field(page, say("tickets.new.description")).fill("x");
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const slowly = (uploadThroughput: number) =>
    network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await slowly(300 * 1024);
  await chooser(desk).setInputFiles(large("lento.log", 20));
  await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
  const outgoing = page.getByRole("region", { name: say("attachments.outgoing") });
  const progress = outgoing.getByRole("progressbar", { name: say("attachments.sending") });
  await expect.poll(async () => Number(await progress.getAttribute("value"))).toBeGreaterThan(0);
  expect(Number(await progress.getAttribute("value"))).toBeLessThan(100);
  await desk.checkAccess();
  await outgoing.getByRole("button", { name: say("attachments.cancel", { name: "lento.log" }), exact: true }).click();
  await expect(outgoing).toHaveCount(0);
  // The focus is where the next file is chosen, and not at the page's beginning.
  await expect(chooser(desk)).toBeFocused();
  await slowly(-1);
  await chooser(desk).setInputFiles(text("rápido.log", "hola"));
  await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(1);
  await page.reload();
  await expect(attached(desk)).toHaveCount(1);
  await expect(attached(desk)).toContainText("rápido.log");
  await desk.check();
  await desk.close();
});

test("a file that is too large is told of before it is sent", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say, language } = desk;
  await page.goto("/tickets/new");
  await chooser(desk).setInputFiles(large("enorme.log", 26));
  const chosen = page.getByRole("list", { name: say("attachments.chosen") }).getByRole("listitem");
  await expect(chosen.getByRole("alert")).toContainText(pattern(language, "attachments.too_large"));
  await expect(chosen.getByRole("button", { name: say("attachments.retry", { name: "enorme.log" }), exact: true })).toHaveCount(0);
  await chosen.getByRole("button", { name: say("attachments.remove", { name: "enorme.log" }), exact: true }).click();
  await expect(chosen).toHaveCount(0);
  await desk.check();
  await desk.close();
});

test("files that could not be read are read again when somebody says so", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno())).logIn(ADMIN);
  const { page, say } = desk;
  await page.goto("/tickets/new");
  await field(page, say("tickets.new.title")).fill("Con archivo");
  await field(page, say("tickets.new.description")).fill("x");
  await chooser(desk).setInputFiles(text("uno.txt", "hola"));
  await page.getByRole("button", { name: say("tickets.new.create"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(1);
  let broken = true;
  await page.route(/\/api\/v1\/tickets\/\d+\/attachments(\?|$)/, (route) => (broken ? route.abort() : route.continue()));
  await page.reload();
  const trouble = page.getByRole("alert").filter({ hasText: say("attachments.unread") });
  await expect(trouble).toBeVisible();
  broken = false;
  await trouble.getByRole("button", { name: say("common.retry"), exact: true }).click();
  await expect(attached(desk)).toHaveCount(1);
  await expect(trouble).toHaveCount(0);
  await desk.check();
  await desk.close();
});
