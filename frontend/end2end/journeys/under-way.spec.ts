// What is on its way when the person does something else: takes it back, sends it again, leaves its page, logs out.

import { expect, test } from "@playwright/test";

import { button, LONG, opened, sending, sendInVain, unsent, waits, written } from "../support/answering.js";
import { entranceOf, useTurno } from "../support/desk.js";
import { answerBox, go, holding, logOut } from "../support/steps.js";
import { accountsOf } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);
const enter = entranceOf(turno);

const TEXT = "La luz roja sigue encendida";

test("one on its way is the person's when they take it back, and waits on when they send it again", async ({ browser }) => {
  test.slow();
  const desk = await enter(browser, account("impaciente", "Rita Mora", "user"));
  const { page, say } = desk;
  const id = await opened(desk, "Ya va de camino");
  const { held, release } = holding();
  const sent = await sending(page, async (route, number) => {
    if (number === 1) return route.abort();
    await held;
    return route.continue();
  });
  await sendInVain(desk, TEXT);
  await expect.poll(() => sent.length, LONG).toBe(2);
  await button(desk, "tickets.write.send").click();
  await expect(page.getByText(say("conversation.later.under_way"), { exact: true })).toBeVisible();
  await button(desk, "conversation.later.take_back").click();
  await expect(waits(desk)).toHaveCount(0);
  await expect(answerBox(desk)).toBeEditable();
  await button(desk, "tickets.write.send").click();
  await expect(waits(desk)).toBeVisible();
  await expect(answerBox(desk)).not.toBeEditable();
  // What has the focus goes with the line.
  await button(desk, "conversation.later.take_back").focus();
  release();
  await expect(answerBox(desk)).toHaveValue("", LONG);
  await expect(answerBox(desk)).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: say("conversation.later.sent", { id }) })).toHaveCount(1);
  expect(await written(page, id)).toEqual([TEXT]);
  expect(sent).toHaveLength(2);
  expect(await unsent(page)).toEqual([]);
  await desk.check();
  await desk.close();
});

test("one that is refused after its page was left is told of, and can be copied by hand where the page may not copy", async ({ browser }) => {
  const desk = await enter(browser, account("sale", "Gala Ruiz", "user"));
  const { page, say } = desk;
  // As over plain HTTP.
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  const id = await opened(desk, "Me voy antes de que llegue");
  await page.reload();
  const { held, release } = holding();
  const sent = await sending(page, async (route) => {
    await held;
    const json = { type: "about:blank", title: "", status: 403, code: "forbidden", detail: "", instance: "" };
    return route.fulfill({ status: 403, contentType: "application/problem+json", json });
  });
  await answerBox(desk).fill(TEXT);
  await button(desk, "tickets.write.send").click();
  await expect.poll(() => sent.length).toBe(1);
  await go(desk, "common.nav.tickets");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("tickets.list.title"));
  release();
  await desk.told(say("conversation.later.out_of_reach", { id, text: TEXT }));
  await page.getByRole("button", { name: say("conversation.later.copy"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: say("conversation.later.copy"), exact: true });
  await expect(dialog.getByRole("textbox")).toHaveValue(TEXT);
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await desk.checkAccess();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.goto(`/tickets/${id}`);
  await expect(answerBox(desk)).toHaveValue(TEXT);
  await desk.check();
  await desk.close();
});

test("whoever logs out while a file is on its way is asked, until it has come", async ({ browser }) => {
  const person = account("sube", "Nora Gil", "user");
  const desk = await enter(browser, person);
  const { page, say } = desk;
  await opened(desk, "Con una captura");
  const { held, release } = holding();
  await page.route(/\/api\/v1\/tickets\/\d+\/attachments$/, async (route) => {
    if (route.request().method() === "POST") await held;
    return route.continue();
  });
  const file = { name: "captura.txt", mimeType: "text/plain", buffer: Buffer.from("captura") };
  await page.getByLabel(say("attachments.choose"), { exact: true }).setInputFiles(file);
  await answerBox(desk).fill(TEXT);
  await button(desk, "tickets.write.send").click();
  await expect(answerBox(desk)).toHaveValue("");
  await logOut(desk, person);
  const question = page.getByRole("alertdialog", { name: say("session.leave.title_files"), exact: true });
  await expect(question).toContainText(say("session.leave.files.one", { count: 1 }));
  await desk.checkAccess();
  // It does not ask about what is no longer so.
  release();
  await expect(question).toBeHidden();
  await logOut(desk, person);
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  await desk.check();
  await desk.close();
});
