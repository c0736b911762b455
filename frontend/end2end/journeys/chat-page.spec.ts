// The page of private messages: how it goes on without a line, without anybody to write to, in little room and by touch.

import { type Browser, expect, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { ANA, box, enter as enterDesk, EVA, LUIS, open, PEOPLE, ROSA, said, SOON } from "../support/chatting.js";
import { type Desk, type Look, useTurno } from "../support/desk.js";
import { ADMIN, type Person } from "../support/turno.js";

const turno = useTurno({}, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  return enterDesk(browser, turno(), person, look);
}

test("a file that found no line goes by itself when there is one, and the page does not move meanwhile", async ({ browser }) => {
  test.slow();
  const ana = await enter(browser, ANA);
  await open(ana, EVA);
  await expect(ana.page.locator("html")).toHaveAttribute("data-live", "online");
  const before = await box(ana, EVA).boundingBox();
  await turno().kill();
  const chooser = ana.page.getByLabel(ana.say("chat.write.attach"), { exact: true });
  await chooser.setInputFiles([{ name: "plano.txt", mimeType: "text/plain", buffer: Buffer.from("planta baja") }]);
  await ana.page.getByRole("button", { name: ana.say("chat.write.send"), exact: true }).click();
  const outgoing = ana.page.getByRole("list", { name: ana.say("attachments.outgoing") });
  await expect(outgoing.getByText(ana.say("common.error.offline"))).toBeVisible();
  await expect(ana.page.locator(".offline-banner.is-shown")).toBeVisible(SOON);
  expect(await box(ana, EVA).boundingBox()).toEqual(before);
  expect(await ana.page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  await turno().restart();
  await expect(said(ana, EVA, "plano.txt").getByRole("link")).toHaveCount(1, { timeout: 60_000 });
  await expect(outgoing).toHaveCount(0);
  ana.faults.length = 0;
  await ana.check();
  await ana.close();
});

test("an address that leads to nobody says so", async ({ browser }) => {
  const ana = await enter(browser, ANA);
  await ana.page.goto("/chat/999999");
  await expect(ana.page.getByRole("heading", { name: ana.say("chat.missing"), level: 2 })).toBeVisible();
  await expect(ana.page.getByRole("main").getByRole("textbox")).toHaveCount(0);
  await ana.checkAccess();
  await ana.page.getByRole("main").getByRole("link", { name: ana.say("chat.back"), exact: true }).click();
  await expect(ana.page).toHaveURL(/\/chat$/);
  await ana.check();
  await ana.close();
});

test("among many people, whoever has the conversation's address is still told who the other is", async ({ browser }) => {
  const [ada, ana] = [await enter(browser, ADMIN), await enter(browser, ANA)];
  const account = (username: string, name: string) =>
    ask<{ id: number }>(ada.page, "POST", "/users", { username, name, email: `${username}@example.org`, role: "technician" });
  // As many as are offered at once come before the last of them.
  const before: number[] = [];
  for (let number = 1; number <= 26; number += 1) before.push((await account(`ae${number}`, `Ada Abad ${number}`)).id);
  const last = await account("zoe", "Zoe Zurita");
  const page = ana.page;
  const region = page.getByRole("region", { name: ana.say("chat.with", { name: "Zoe Zurita" }) });
  const field = page.getByRole("textbox", { name: ana.say("chat.write.label", { name: "Zoe Zurita" }) });
  await page.goto(`/chat/${last.id}`);
  for (const load of [() => Promise.resolve(), () => page.reload()]) {
    await load();
    await expect(region.getByRole("heading", { name: "Zoe Zurita", level: 2 })).toBeVisible();
    await expect(region.locator(".chat-head .avatar")).toHaveCount(1);
    await expect(field).toBeVisible();
    await expect(page).toHaveTitle(new RegExp("Zoe Zurita"));
  }

  // Nor is she forgotten behind a page of conversations, once she has left: then there is nowhere to write.
  await ask(page, "POST", `/conversations/${last.id}/messages`, { body: "Hasta pronto" });
  for (const id of before) await ask(page, "POST", `/conversations/${id}/messages`, { body: "Hola" });
  await ask(ada.page, "PATCH", `/users/${last.id}`, { active: false });
  await page.reload();
  await expect(region.getByRole("heading", { name: "Zoe Zurita", level: 2 })).toBeVisible();
  await expect(region.getByText("Hasta pronto")).toBeVisible();
  await expect(region.getByText(ana.say("chat.write.inactive", { name: "Zoe Zurita" }))).toBeVisible();
  await expect(field).toHaveCount(0);
  await ana.check();
  await Promise.all([ada.close(), ana.close()]);
});

test("between a phone and a desk one of the two shows, with a way back", async ({ browser }) => {
  const ana = await enter(browser, ANA, { width: 768 });
  await ana.page.goto("/chat");
  const conversations = ana.page.getByRole("region", { name: ana.say("chat.conversations") });
  await expect(conversations).toBeVisible();
  await ana.page.getByRole("searchbox", { name: ana.say("chat.find_person") }).fill(LUIS.name);
  await ana.page.getByRole("list", { name: ana.say("chat.people") }).getByRole("link", { name: LUIS.name }).click();
  await expect(box(ana, LUIS)).toBeVisible();
  await expect(conversations).toBeHidden();
  await ana.check();
  await ana.page.getByRole("link", { name: ana.say("chat.back"), exact: true }).click();
  await expect(conversations).toBeVisible();
  await expect(box(ana, LUIS)).toHaveCount(0);
  await ana.close();
});

test("on the keyboard of a screen Enter begins a line and the button sends", async ({ browser }) => {
  const ana = await enter(browser, ANA, { width: 360, touch: true });
  await open(ana, ROSA);
  await box(ana, ROSA).fill("Uno");
  await box(ana, ROSA).press("Enter");
  await box(ana, ROSA).pressSequentially("y dos");
  await expect(box(ana, ROSA)).toHaveValue("Uno\ny dos");
  await ana.page.getByRole("button", { name: ana.say("chat.write.send"), exact: true }).click();
  await expect(said(ana, ROSA, "y dos")).toHaveCount(1);
  await ana.check();
  await ana.close();
});
