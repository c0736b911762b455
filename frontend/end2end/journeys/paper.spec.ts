// What a ticket is on paper, or as a PDF: light, whatever the screen is, whole, and without what is there to be pressed.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { faint } from "../support/contrast.js";
import { Desk, useTurno } from "../support/desk.js";
import { answerBox, openTicket } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");

const turno = useTurno();

test("a ticket is printed light and whole, and the screen is what it was", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { theme: "dark" })).logIn(ADMIN);
  const { page, say } = desk;
  await openTicket(desk, "Papel", "Se lee **igual** en papel");
  await answerBox(desk).fill("Una respuesta, con `código`");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".msg").filter({ hasText: "Una respuesta" })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/").pop();
  const note = "> Lo de **ayer**\n\nMira el [manual](https://example.org) y #1, @admin:\n\n```\nlpstat -t\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |";
  await ask(page, "POST", `/tickets/${id}/comments`, { body: note, visibility: "internal" });
  await page.reload();
  await expect(page.locator(".msg.note")).toBeVisible();

  // The button asks the browser; what the browser then asks the person is its own.
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-asked", "");
  });
  await page.getByRole("button", { name: say("commands.print") }).click();
  await expect(page.locator("body[data-asked]")).toBeVisible();

  await page.evaluate(() => {
    addEventListener("beforeprint", () => {
      document.body.setAttribute("data-paper", document.documentElement.getAttribute("data-bs-theme") ?? "");
    });
  });
  mkdirSync(SCREENS, { recursive: true });
  await page.pdf({ path: join(SCREENS, "ticket.pdf"), format: "A4" });
  await expect(page.locator("body")).toHaveAttribute("data-paper", "light");
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { level: 1, name: "Papel" })).toBeVisible();
  await expect(page.locator(".msg").filter({ hasText: "Una respuesta" })).toBeVisible();
  await expect(answerBox(desk)).toBeHidden();
  await expect(page.getByRole("button", { name: say("tickets.ticket.close"), exact: true })).toBeHidden();
  await expect(page.getByRole("navigation").first()).toBeHidden();
  // As the browser says before it prints; here only the styles were told so far.
  expect((await faint(page, true)).length, "what is light on a dark screen is seen").toBeGreaterThan(0);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "light");
  expect(await faint(page, true)).toEqual([]);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await page.emulateMedia({ media: "screen" });
  await desk.check();
  await desk.close();
});
