// Files that are dropped or pasted where somebody writes: into an answer, and into a private message.

import { type Browser, expect, type Locator, test } from "@playwright/test";

import { ask } from "../support/api.js";
import { ANA, box, enter as enterDesk, EVA, INES, LUIS, open, PEOPLE, said, SOON } from "../support/chatting.js";
import { type Desk, type Look, useTurno, WIDTHS } from "../support/desk.js";
import { answerBox, openTickets } from "../support/steps.js";
import { type Person } from "../support/turno.js";

const turno = useTurno({}, (turno) => PEOPLE.forEach((person) => turno.addPerson(person)));

function enter(browser: Browser, person: Person, look: Look = {}): Promise<Desk> {
  return enterDesk(browser, turno(), person, look);
}

/** Brings texts over an element, lets them go there, or pastes them into it, as a browser would. Whether the page takes them. */
async function bring(to: Locator, how: "dragover" | "drop" | "paste", ...names: string[]): Promise<boolean> {
  return to.evaluate(
    (element, [how, names]) => {
      const transfer = new DataTransfer();
      for (const name of names) transfer.items.add(new File([`hola ${name}`], name, { type: "text/plain" }));
      const options = { bubbles: true, cancelable: true };
      const event =
        how === "paste"
          ? new ClipboardEvent(how, { clipboardData: transfer, ...options })
          : new DragEvent(how, { dataTransfer: transfer, ...options });
      // What is not taken the browser would do with as it likes: leave the page and show the file.
      return !element.dispatchEvent(event);
    },
    [how, names] as const,
  );
}

function chosen(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("attachments.chosen") }).getByRole("listitem");
}

for (const width of WIDTHS) {
  test(`files are dropped and pasted into an answer (${width} px)`, async ({ browser }) => {
    const desk = await enter(browser, ANA, { width });
    const { page, say } = desk;
    const [ticket = 0] = await openTickets(desk, [{ title: `Con archivos sueltos ${width}` }]);
    await page.goto(`/tickets/${ticket}`);
    const write = answerBox(desk);
    const drop = page.locator(".attach .attach-drop");
    await expect(drop).toBeHidden();
    expect(await bring(write, "dragover", "soltado.txt")).toBe(true);
    await expect(drop).toBeVisible();
    expect(await bring(write, "drop", "soltado.txt", "suelto también.csv")).toBe(true);
    await expect(drop).toBeHidden();
    await expect(chosen(desk)).toHaveCount(2);
    await write.fill("Van tres");
    expect(await bring(write, "paste", "pegado.log")).toBe(true);
    await expect(chosen(desk)).toHaveCount(3);
    await expect(chosen(desk).last()).toContainText("pegado.log");
    // What is written stays as it is.
    await expect(write).toHaveValue("Van tres");
    await desk.check();
    await desk.checkAccess();

    await page.getByRole("button", { name: say("tickets.write.send"), exact: true }).click();
    const message = page.getByRole("article").filter({ hasText: "Van tres" });
    const names = ["soltado.txt", "suelto también.csv", "pegado.log"];
    for (const name of names) await expect(message.getByRole("link", { name })).toBeVisible();
    await expect(chosen(desk)).toHaveCount(0);
    const { items } = await ask<{ items: { name: string }[] }>(page, "GET", `/tickets/${ticket}/attachments`);
    expect(items.map(({ name }) => name).sort()).toEqual([...names].sort());
    await desk.check();
    await desk.close();
  });
}

test("files are dropped and pasted into a private message, and only where it is", async ({ browser }) => {
  const [ines, luis] = [await enter(browser, INES, { language: "en" }), await enter(browser, LUIS)];
  await open(ines, LUIS);
  await open(luis, INES);
  const write = box(ines, LUIS);
  // Beside the conversation nothing is taken.
  const outside = ines.page.getByRole("combobox", { name: ines.say("common.nav.search"), exact: true });
  for (const how of ["dragover", "drop", "paste"] as const) expect(await bring(outside, how, "fuera.txt")).toBe(false);
  await expect(chosen(ines)).toHaveCount(0);
  expect(await bring(write, "drop", "plano.txt")).toBe(true);
  expect(await bring(write, "paste", "medidas.csv")).toBe(true);
  await expect(chosen(ines)).toHaveCount(2);
  await ines.checkAccess();
  await write.fill("Aquí los dos");
  await write.press("Enter");
  for (const [desk, other] of [[ines, LUIS], [luis, INES]] as const) {
    for (const name of ["plano.txt", "medidas.csv"]) await expect(said(desk, other, name).getByRole("link")).toHaveCount(1, SOON);
    await expect(said(desk, other, "Aquí los dos")).toHaveCount(1, SOON);
  }
  // Nobody else's conversation has them.
  await open(ines, EVA);
  await expect(chosen(ines)).toHaveCount(0);
  for (const desk of [ines, luis]) {
    await desk.check();
    await desk.close();
  }
});
