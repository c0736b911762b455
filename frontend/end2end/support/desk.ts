// What every journey does: a Turno for each file, a browser for each person, the checks that hold on every page.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import { type Browser, type BrowserContext, expect, type Locator, type Page, type Request, test } from "@playwright/test";

import { databaseOf } from "./databases.js";
import { type Options, type Person, Turno } from "./turno.js";
import { type Language, words } from "./words.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The two widths that everything must work at. */
export const WIDTHS = [1280, 360] as const;
/** The widths that every page is looked at in: a phone, a tablet, a desk. */
export const PAGE_WIDTHS = [360, 768, 1440] as const;
const [PHONE, ...WIDER] = PAGE_WIDTHS;
/** The widths of what has a mouse, and of what is touched. */
export const DEVICES: readonly (readonly number[])[] = [WIDER, [PHONE]];
/**
 * The width at which axe looks at what there is in a theme and a language: at a phone and at a desk it sees both themes and both
 * languages, and each theme in each language at one of them. (A tablet's screen shows what one of those does, a little wider or
 * narrower.)
 */
export function judgedAt(theme: Theme, language: Language): number {
  return (theme === "light") === (language === "es") ? 1440 : 360;
}

/** Milliseconds that a page may take to get what it asked for. */
const PATIENCE = 20_000;

/** The desks of the test that runs. */
const opened: Desk[] = [];

/** Starts a Turno on a fresh database for the tests of one file, and ends it after them. */
export function useTurno(options: Omit<Options, "database"> = {}, prepare?: (turno: Turno) => void): () => Turno {
  let turno: Turno | undefined;
  const running = () => {
    if (!turno) throw new Error("Turno is not running");
    return turno;
  };
  test.beforeAll(async ({}, info) => {
    turno = await Turno.start({ ...options, database: databaseOf(info.project.name) });
    prepare?.(turno);
  });
  test.afterEach(async ({}, info) => {
    if (info.status !== info.expectedStatus) {
      await info.attach("turno", { body: running().log });
      // What went wrong unseen is told even if the test ended before it looked.
      await info.attach("pages", { body: opened.flatMap((desk) => desk.faults).join("\n") });
    }
    opened.length = 0;
  });
  test.afterAll(async () => {
    await turno?.stop();
  });
  return running;
}

export type Theme = "light" | "dark";

export interface Look {
  readonly width?: number;
  readonly theme?: Theme;
  readonly language?: Language;
  /** Whether the browser may keep the page. */
  readonly kept?: boolean;
  /** Whether things may move. */
  readonly moving?: boolean;
  /** Whether the person points with a finger. */
  readonly touch?: boolean;
  /** Where the page is, when that is not the program itself. */
  readonly url?: string;
}

/** A person at a screen: one browser profile, with as many tabs as they open. */
export class Desk {
  readonly say: (key: string, values?: Record<string, string | number>) => string;
  readonly page: Page;
  readonly faults: string[] = [];
  /** What each page has asked for and not got yet. */
  private readonly asked = new WeakMap<Page, Set<Request>>();

  private constructor(
    readonly context: BrowserContext,
    page: Page,
    readonly turno: Turno,
    readonly language: Language,
    public width: number,
    public theme: Theme,
  ) {
    this.say = words(language);
    this.page = this.listen(page);
    opened.push(this);
  }

  static async open(browser: Browser, turno: Turno, look: Look = {}): Promise<Desk> {
    const { width = 1280, theme = "light", language = "es", kept = false, moving = false, touch = false } = look;
    const context = await browser.newContext({
      baseURL: look.url ?? turno.url,
      viewport: { width, height: heightOf(width) },
      colorScheme: theme,
      hasTouch: touch,
      isMobile: touch,
      reducedMotion: moving ? "no-preference" : "reduce",
      serviceWorkers: kept ? "allow" : "block",
      locale: language === "es" ? "es-ES" : "en-GB",
    });
    // What the page asks for before anybody has logged in.
    await context.addInitScript((chosen) => {
      if (localStorage.getItem("turno.locale") === null) localStorage.setItem("turno.locale", chosen);
    }, language);
    return new Desk(context, await context.newPage(), turno, language, width, theme);
  }

  /** A second tab of the same browser. */
  async tab(): Promise<Page> {
    return this.listen(await this.context.newPage());
  }

  /** Collects what must never happen on any page: an error in the console, a blocked resource, a panic; and what it asks for. */
  private listen(page: Page): Page {
    const asked = new Set<Request>();
    this.asked.set(page, asked);
    page.on("request", (request) => asked.add(request));
    page.on("requestfinished", (request) => asked.delete(request));
    page.on("requestfailed", (request) => asked.delete(request));
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      // The browser itself notes every answer of 400 and above; those are the tests' business, not a fault.
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
        this.faults.push(`console: ${message.text()}`);
      }
    });
    return page;
  }

  /** Fills in the login page, where the browser is already. */
  async enter(person: Person, page: Page = this.page): Promise<void> {
    await page.getByLabel(this.say("session.login"), { exact: true }).fill(person.username);
    await page.getByLabel(this.say("session.password"), { exact: true }).fill(person.password);
    await page.getByRole("button", { name: this.say("session.enter"), exact: true }).click();
  }

  /** Logs in on the way to the ticket list and waits for it. */
  async logIn(person: Person): Promise<this> {
    await this.page.goto("/tickets");
    await this.enter(person);
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(this.say("tickets.list.title"));
    return this;
  }

  /** Makes the screen wider or narrower, and waits until the page has followed. */
  async resize(width: number): Promise<void> {
    this.width = width;
    await this.page.setViewportSize({ width, height: heightOf(width) });
    // The browser says that it has the size before the page has.
    await expect.poll(() => this.page.evaluate((width) => matchMedia(`(width: ${width}px)`).matches, width)).toBe(true);
    // Drawn, and drawn again after what listens for the size has answered.
    await drawnTwice(this.page);
  }

  /** The system turns light or dark, and the page with it. */
  async dress(theme: Theme): Promise<void> {
    this.theme = theme;
    await this.page.emulateMedia({ colorScheme: theme });
    await expect(this.page.locator("html")).toHaveAttribute("data-bs-theme", theme);
  }

  /** Waits until a page has all that it asked for, and has drawn it. */
  async quiet(page: Page = this.page): Promise<void> {
    const asked = this.asked.get(page) ?? new Set<Request>();
    const latest = Date.now() + PATIENCE;
    // What an answer leads to is asked a picture or two after it.
    for (let still = 0; still < 3; still = asked.size > 0 ? 0 : still + 1) {
      await drawnTwice(page);
      const open = [...asked].map((request) => request.url()).join(", ");
      expect(Date.now(), `${page.url()} still waits for ${open}`).toBeLessThan(latest);
    }
  }

  /** A short message that says what happened. */
  async told(text: string | RegExp): Promise<void> {
    await expect(this.page.getByText(text).first()).toBeVisible();
  }

  /** Nothing went wrong unseen, and nothing reaches past the edge of the screen. */
  async check(page: Page = this.page): Promise<void> {
    expect.soft(this.faults).toEqual([]);
    // Not the window's own width: on a phone the browser makes that as wide as what reaches past the edge.
    const [needed, there] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, Math.min(innerWidth, clientWidth)] as const;
    });
    expect.soft(needed, `${new URL(page.url()).pathname} is wider than the screen`).toBeLessThanOrEqual(there);
  }

  /** axe finds nothing to say, by WCAG 2.2 AA, about a page or a part of one. */
  async checkAccess(of: Page | Locator = this.page): Promise<void> {
    const page = "page" in of ? of.page() : of;
    // Through the debugger, not as a script of the page: the content security policy stays as it is.
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
    const found = await ("page" in of ? of : page.locator(":root")).evaluate(async (part) => {
      const run = (globalThis as unknown as { axe: { run(root: Document | Element, options: object): Promise<AxeResults> } }).axe;
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const { violations } = await run.run(part, { runOnly: tags, resultTypes: ["violations"] });
      // How far the page is scrolled leaves a control half under a bar that stands still: it is looked at where all of it
      // shows.
      const [left, top] = [scrollX, scrollY];
      for (const violation of violations.filter(({ id }) => id === "target-size")) {
        const small = [];
        for (const node of violation.nodes) {
          const element = document.querySelector(node.target[0] ?? "");
          element?.scrollIntoView({ block: "center" });
          const again = await run.run(element ?? document, { runOnly: ["target-size"], resultTypes: ["violations"] });
          if (again.violations.length > 0) small.push(node);
        }
        violation.nodes = small;
      }
      scrollTo(left, top);
      return violations.filter(({ nodes }) => nodes.length > 0).map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html.slice(0, 200)) }));
    });
    expect.soft(found, `axe on ${new URL(page.url()).pathname}`).toEqual([]);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Lets people log in on the way to the list, each at a screen of their own. */
export function entranceOf(turno: () => Turno) {
  return async (browser: Browser, person: Person, look: Look = {}): Promise<Desk> => (await Desk.open(browser, turno(), look)).logIn(person);
}

/** Waits until a page hears what happens. */
export async function connected(page: Page, options: { timeout?: number } = {}): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-live", "online", options);
}

/** Waits until a page was drawn, and drawn again. */
async function drawnTwice(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

function heightOf(width: number): number {
  return width < 600 ? 740 : 800;
}

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string; target: string[] }[] }[];
}
