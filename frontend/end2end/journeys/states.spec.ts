// What each page with a list is while its list is on its way, when it does not come, when there is nothing in it, and when it
// is there.

import { expect, type Locator, type Page, test } from "@playwright/test";

import { Desk, type Look, useTurno } from "../support/desk.js";
import { fill } from "../support/filling.js";
import { speak } from "../support/pages.js";
import { openTickets } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

const turno = useTurno({}, (turno) => turno.addDemo(60));

/** Any answer of the API. */
type Json = Readonly<Record<string, unknown>>;

interface List {
  readonly name: string;
  readonly path: string;
  /** Where it comes from: the list itself, then what is asked together with it. */
  readonly from: readonly [string, ...string[]];
  /** The heading's words; nothing where they are the moment's own. */
  readonly heading?: string;
  /** What is said when nothing is there, and what to do then. */
  readonly none: string;
  readonly hint: string;
  /** What is there when something is. */
  readonly shows: string;
  /** The answer that there is nothing, from the one that there is. */
  readonly emptied?: (whole: Json) => Json;
}

const LISTS: readonly List[] = [
  {
    name: "tickets", path: "/tickets", from: ["/tickets"], heading: "tickets.list.title",
    none: "tickets.list.none_yet", hint: "tickets.list.none_staff_hint", shows: ".ticket-row",
  },
  {
    name: "people", path: "/people", from: ["/users"], heading: "people.title",
    none: "people.none_yet", hint: "people.none_yet_hint", shows: ".people-rows > li",
  },
  {
    name: "categories", path: "/categories", from: ["/categories"], heading: "categories.title",
    none: "categories.none_yet", hint: "categories.none_yet_hint", shows: ".cats ol > li",
  },
  {
    name: "audit", path: "/audit", from: ["/audit"], heading: "audit.title",
    none: "audit.none_yet", hint: "audit.none_yet_hint", shows: ".audit-rows > li",
  },
  {
    name: "mail", path: "/mail", from: ["/mails", "/mails/status"], heading: "mail.title",
    none: "mail.none", hint: "mail.none_hint", shows: ".mails-rows > *",
  },
  {
    name: "replies", path: "/replies", from: ["/replies"], heading: "replies.title",
    none: "replies.none_yet", hint: "replies.none_yet_hint", shows: ".reply-rows > li",
  },
  {
    name: "notifications", path: "/notifications", from: ["/notifications"], heading: "notifications.title",
    none: "notifications.none", hint: "notifications.none_hint", shows: "main .notice",
  },
  {
    name: "chat", path: "/chat", from: ["/conversations"], heading: "chat.title",
    none: "chat.empty", hint: "chat.empty_staff", shows: "main .chat-row",
  },
  {
    name: "search", path: "/search?q=a%20status:open,waiting,in_progress", from: ["/search"],
    none: "search.none", hint: "search.none_hint", shows: ".search-row",
  },
  {
    name: "dashboard", path: "/", from: ["/dashboard"],
    none: "dashboard.empty.staff_title", hint: "dashboard.empty.staff_text", shows: "main .stat-value",
    emptied: (whole) => ({ ...whole, by_status: (whole["by_status"] as Json[]).map((each) => ({ ...each, count: 0 })) }),
  },
];

const LOOKS: readonly Look[] = [
  { theme: "light", language: "es", width: 1280 },
  { theme: "dark", language: "en", width: 360, touch: true },
];

/** What a server answers that has stumbled. */
const STUMBLED = {
  type: "about:blank", title: "Internal Server Error", status: 500, code: "internal", detail: "It stumbled.", instance: "urn:uuid:0",
};

/** How what a list comes from is answered. */
type Answer = "later" | "in vain" | "with nothing" | "as it is";

/** Stands before the server, for what one list comes from. */
class Answers {
  private now: Answer = "as it is";
  private waiting: (() => void)[] = [];

  static async to(page: Page, list: List): Promise<Answers> {
    const answers = new Answers();
    const emptied = list.emptied ?? ((whole: Json) => ({ ...whole, items: [], next_cursor: null }));
    const paths = list.from.map((path) => `/api/v1${path}`);
    await page.route(({ pathname }) => paths.includes(pathname), async (route) => {
      if (route.request().method() !== "GET") return route.fallback();
      while (answers.now === "later") await new Promise<void>((go) => answers.waiting.push(go));
      if (answers.now === "in vain") {
        return route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(STUMBLED) });
      }
      const isList = new URL(route.request().url()).pathname === paths[0];
      if (answers.now === "as it is" || !isList) return route.fallback();
      return route.fulfill({ json: emptied((await (await route.fetch()).json()) as Json) });
    });
    return answers;
  }

  /** From now on, and for what has been asked already. */
  set(answer: Answer): void {
    this.now = answer;
    for (const go of this.waiting.splice(0)) go();
  }
}

function again(desk: Desk): Locator {
  return desk.page.getByRole("main").getByRole("button", { name: desk.say("common.retry"), exact: true });
}

function coming(desk: Desk): Locator {
  return desk.page.getByRole("main").getByRole("status", { name: desk.say("common.loading"), exact: true });
}

function trouble(desk: Desk): Locator {
  return desk.page.getByRole("main").getByRole("alert");
}

/** Logs in as the administrator, with the language of the desk and something in every list. */
async function enter(desk: Desk): Promise<Desk> {
  await fill(desk.turno);
  await desk.page.goto("/");
  await desk.enter(ADMIN);
  await expect(desk.page.locator(".chart-card").first()).toBeVisible();
  await speak(desk, desk.language);
  return desk;
}

/** The page says what it is, in whatever state, and nobody is shut out of that. */
async function isWhole(desk: Desk, { heading }: List): Promise<void> {
  const title = desk.page.getByRole("main").getByRole("heading", { level: 1 });
  await expect(title).toHaveCount(1);
  await expect(title).toHaveText(heading ? desk.say(heading) : /\S/);
  await desk.check();
  await desk.checkAccess();
}

for (const [at, list] of LISTS.entries()) {
  const look = LOOKS[at % LOOKS.length];
  const as = `${look?.width} px, ${look?.theme}, ${look?.language}`;
  test(`${list.name}: on its way, not come, asked for again, empty and full (${as})`, async ({ browser }) => {
    test.slow();
    const desk = await enter(await Desk.open(browser, turno(), look));
    const { page, say } = desk;
    const answers = await Answers.to(page, list);

    answers.set("later");
    await page.goto(list.path);
    await expect(coming(desk)).toBeVisible();
    await isWhole(desk, list);

    answers.set("in vain");
    await expect(again(desk)).toBeVisible();
    await expect(trouble(desk)).toContainText(say("common.error_title"));
    await expect(trouble(desk)).toContainText(say("common.problem.internal"));
    await expect(coming(desk)).toHaveCount(0);
    await isWhole(desk, list);

    answers.set("later");
    await again(desk).click();
    // The chat asks by itself as well, and says until it has come that it has not.
    if (list.name !== "chat") {
      await expect(coming(desk)).toBeVisible();
      await expect(trouble(desk)).toHaveCount(0);
    }
    answers.set("with nothing");
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { name: say(list.none), exact: true })).toBeVisible();
    await expect(main.getByText(say(list.hint), { exact: true })).toBeVisible();
    await expect(trouble(desk)).toHaveCount(0);
    // The button that was pressed is gone; who works with the keyboard goes on from the page's heading.
    await expect(main.getByRole("heading", { level: 1 })).toBeFocused();
    await isWhole(desk, list);

    answers.set("as it is");
    await page.reload();
    await expect(page.locator(list.shows).first()).toBeVisible();
    await expect(coming(desk)).toHaveCount(0);
    await expect(main.getByRole("heading", { name: say(list.none), exact: true })).toHaveCount(0);
    await isWhole(desk, list);
    await desk.close();
  });
}

test("people who do not come for another filter leave those who are there, and are asked for again", async ({ browser }) => {
  const desk = await enter(await Desk.open(browser, turno()));
  const { page, say } = desk;
  const people = LISTS.find(({ name }) => name === "people");
  if (!people) throw new Error("no page of people");
  const answers = await Answers.to(page, people);
  await page.goto(people.path);
  const rows = page.getByRole("list", { name: say("people.region"), exact: true }).getByRole("listitem");
  await expect(rows.nth(5)).toBeVisible();
  const before = await rows.count();

  answers.set("in vain");
  await page.getByRole("searchbox", { name: say("people.search"), exact: true }).fill(ADMIN.username);
  await expect(trouble(desk)).toContainText(say("common.problem.internal"));
  await expect(rows).toHaveCount(before);
  await desk.checkAccess();

  answers.set("as it is");
  await again(desk).click();
  await expect(rows.filter({ hasText: ADMIN.email })).toHaveCount(1);
  await expect(trouble(desk)).toHaveCount(0);
  expect(await rows.count()).toBeLessThan(before);
  await desk.check();
  await desk.close();
});

test("a ticket: on its way, not come, asked for again and there", async ({ browser }) => {
  const desk = await enter(await Desk.open(browser, turno()));
  const { page, say } = desk;
  const title = "La impresora pita";
  const [id] = await openTickets(desk, [{ title }]);
  const ticket: List = { name: "ticket", path: `/tickets/${id}`, from: [`/tickets/${id}`], none: "", hint: "", shows: ".msg" };
  const answers = await Answers.to(page, ticket);
  answers.set("later");
  await page.goto(ticket.path);
  await expect(coming(desk)).toBeVisible();
  await isWhole(desk, ticket);

  answers.set("in vain");
  await expect(trouble(desk)).toContainText(say("common.problem.internal"));
  await isWhole(desk, ticket);

  answers.set("later");
  await again(desk).click();
  await expect(coming(desk)).toBeVisible();
  await expect(trouble(desk)).toHaveCount(0);
  answers.set("as it is");
  const heading = page.getByRole("main").getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(title);
  await expect(heading).toBeFocused();
  await expect(page.locator(ticket.shows).first()).toBeVisible();
  await isWhole(desk, ticket);
  await desk.close();
});

test("numbers that did not come, and do once something happens, come without their trouble", async ({ browser }) => {
  const desk = await enter(await Desk.open(browser, turno()));
  const { page } = desk;
  const isOwn = (headers: Readonly<Record<string, string>>) => headers["x-turno-background"] !== undefined;
  let broken = true;
  await page.route(({ pathname }) => pathname === "/api/v1/dashboard", async (route) => {
    if (broken || !isOwn(route.request().headers())) return route.fulfill({ status: 500, json: STUMBLED });
    return route.fallback();
  });
  await page.reload();
  await expect(again(desk)).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");
  broken = false;
  await openTickets(desk, [{ title: "Una lámpara parpadea" }]);
  await expect(page.locator("main .stat-value").first()).toBeVisible();
  await expect(trouble(desk)).toHaveCount(0);
  await desk.check();
  await desk.close();
});
