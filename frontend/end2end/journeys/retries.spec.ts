// What failed once in a conversation is tried again by itself: reading it anew, telling that it was read, and sending.

import { type Browser, expect, test } from "@playwright/test";

import { ask, numberOf } from "../support/api.js";
import { box, enter, said, SOON } from "../support/chatting.js";
import { connected, type Desk, useTurno } from "../support/desk.js";
import { once } from "../support/steps.js";
import { accountsOf, type Person } from "../support/turno.js";

const turno = useTurno();
const account = accountsOf(turno);

/** Somebody, who looks at what somebody else writes to them. */
interface Pair {
  readonly reads: Desk;
  readonly writes: Desk;
  readonly writer: Person;
  readonly address: string;
  /** Writes to the first, and shows nothing of it. */
  readonly say: (text: string) => Promise<unknown>;
}

async function pair(browser: Browser, number: number): Promise<Pair> {
  const writer = account(`escribe${number}`, `Iván Mora ${number}`, "technician");
  const reads = await enter(browser, turno(), account(`lee${number}`, `Noa Vidal ${number}`, "user"));
  const writes = await enter(browser, turno(), writer);
  const [me, other] = [await numberOf(reads.page), await numberOf(writes.page)];
  const say = (text: string) => ask(writes.page, "POST", `/conversations/${me}/messages`, { body: text });
  return { reads, writes, writer, address: `/chat/${other}`, say };
}

test("a conversation that could not be read anew is read a moment later", async ({ browser }) => {
  const { reads, writes, writer, address, say } = await pair(browser, 1);
  await say("Antes");
  let deaf = false;
  let unheard = 0;
  let tell = (_frame: object) => {};
  await reads.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    tell = (frame) => void socket.send(JSON.stringify(frame));
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      if (!deaf) return socket.send(message);
      const frame = JSON.parse(String(message));
      if (frame.type === "message") unheard = frame.event;
    });
  });
  await reads.page.goto(address);
  await expect(said(reads, writer, "Antes")).toHaveCount(1);
  await connected(reads.page);
  deaf = true;
  await say("Entretanto");
  await expect.poll(() => unheard).toBeGreaterThan(0);
  deaf = false;
  let failed = 0;
  await once(reads.page, /\/api\/v1\/conversations\/\d+\/messages\?/, (route) => {
    failed += 1;
    return route.abort();
  });
  // As the server says to whoever missed too much.
  tell({ type: "resync", event: unheard });
  await expect.poll(() => failed).toBe(1);
  await expect(said(reads, writer, "Entretanto")).toHaveCount(1, SOON);
  await expect(said(reads, writer, "Antes")).toHaveCount(1);
  await reads.check();
  await Promise.all([reads.close(), writes.close()]);
});

test("what was read while the server could not be told of it is told a moment later", async ({ browser }) => {
  const { reads, writes, writer, address, say } = await pair(browser, 2);
  await reads.page.goto(address);
  await connected(reads.page);
  let failed = 0;
  await once(reads.page, /\/api\/v1\/conversations\/\d+\/read$/, (route) => {
    failed += 1;
    return route.abort();
  });
  await say("¿Lo has leído?");
  await expect(said(reads, writer, "¿Lo has leído?")).toHaveCount(1);
  await expect.poll(() => failed).toBe(1);
  const unread = async () => (await ask<{ unread: number }>(reads.page, "GET", "/conversations")).unread;
  await expect.poll(unread, SOON).toBe(0);
  await reads.check();
  await Promise.all([reads.close(), writes.close()]);
});

test("what one tab could not send goes from another when it is closed, once", async ({ browser }) => {
  const { reads, writes, writer, address } = await pair(browser, 3);
  const second = await reads.tab();
  for (const page of [reads.page, second]) {
    await page.goto(address);
    await connected(page);
  }
  // Either tab may be the one that sends.
  let [tried, broken] = [0, true];
  await reads.page.context().route(/\/api\/v1\/conversations\/\d+\/messages$/, (route) => {
    if (route.request().method() !== "POST" || !broken) return route.continue();
    tried += 1;
    return route.abort();
  });
  const text = "Cierro y me voy";
  await box(reads, writer).fill(text);
  await box(reads, writer).press("Enter");
  await expect.poll(() => tried).toBeGreaterThan(0);
  await reads.page.close();
  broken = false;
  const me = await numberOf(second);
  const came = async () => {
    const { items } = await ask<{ items: { body: string }[] }>(writes.page, "GET", `/conversations/${me}/messages`);
    return items.filter(({ body }) => body === text).length;
  };
  await expect.poll(came, SOON).toBe(1);
  await expect(said(reads, writer, text, second)).toHaveCount(1);
  await expect(second.getByRole("list", { name: reads.say("chat.outbox.label") })).toHaveCount(0);
  expect(await came()).toBe(1);
  await reads.check(second);
  await Promise.all([reads.close(), writes.close()]);
});

test("a message that the browser cannot keep says so, and the browser asks before it is lost", async ({ browser }) => {
  const { reads, writes, writer, address } = await pair(browser, 4);
  const { page, say } = reads;
  let cut = true;
  await page.route(/\/api\/v1\/conversations\/\d+\/messages$/, (route) =>
    route.request().method() === "POST" && cut ? route.abort() : route.continue(),
  );
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  const fill = () =>
    page.evaluate(() => {
      const set = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key: string, value: string) {
        if (key.startsWith("turno.outbox.")) throw new DOMException("full", "QuotaExceededError");
        set.call(this, key, value);
      };
    });
  const waiting = page.getByRole("list", { name: say("chat.outbox.label") });
  await page.goto(address);
  await fill();
  await box(reads, writer).fill("No cabe en ninguna parte");
  await box(reads, writer).press("Enter");
  await expect(waiting.getByText(say("chat.outbox.only_here"))).toBeVisible();
  await reads.checkAccess();
  cut = false;
  await expect(waiting).toHaveCount(0, SOON);
  await expect(said(reads, writer, "No cabe en ninguna parte")).toHaveCount(1);
  await page.reload();
  await expect(said(reads, writer, "No cabe en ninguna parte")).toHaveCount(1);
  expect(questions).toEqual([]);
  cut = true;
  await fill();
  await box(reads, writer).fill("Esto se pierde");
  await box(reads, writer).press("Enter");
  await expect(waiting.getByText(say("chat.outbox.only_here"))).toBeVisible();
  await page.reload();
  expect(questions).toEqual(["beforeunload"]);
  await reads.check();
  await Promise.all([reads.close(), writes.close()]);
});

test("a ticket made of messages whose acknowledgement was lost is made once, though the dialog was closed", async ({ browser }) => {
  const { reads, writes, writer, address, say: write } = await pair(browser, 5);
  const { page, say } = reads;
  await page.goto(address);
  await expect(box(reads, writer)).toBeVisible();
  await write("No encuentra la red");
  await expect(said(reads, writer, "No encuentra la red")).toHaveCount(1, SOON);
  const names: string[] = [];
  await page.route(/\/api\/v1\/conversations\/\d+\/ticket$/, async (route) => {
    names.push((route.request().postDataJSON() as { client_id: string }).client_id);
    // The server has the first, and the page never hears of it.
    if (names.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  const form = page.getByRole("dialog", { name: say("chat.ticket.heading") });
  const create = form.getByRole("button", { name: say("chat.ticket.create"), exact: true });
  await page.getByRole("button", { name: say("chat.select") }).click();
  await said(reads, writer, "No encuentra la red").getByRole("checkbox").check();
  await page.getByRole("button", { name: say("chat.ticket.make") }).click();
  await create.click();
  await expect(form.getByRole("alert")).toHaveText(say("common.error.offline"));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: say("chat.ticket.make") }).click();
  await create.click();
  await expect(form.getByRole("link", { name: say("chat.ticket.open") })).toBeVisible();
  expect(names).toHaveLength(2);
  expect(names[1]).toBe(names[0]);
  const { items } = await ask<{ items: object[] }>(page, "GET", "/tickets");
  expect(items).toHaveLength(1);
  await reads.check();
  await Promise.all([reads.close(), writes.close()]);
});
