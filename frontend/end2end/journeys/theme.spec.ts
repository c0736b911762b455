// Light and dark: the system's at first, then what was chosen, from the first picture on.

import { expect, type Page, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { PASSWORD, type Person } from "../support/turno.js";

const turno = useTurno();

const PAPER = { light: "rgb(246, 245, 242)", dark: "rgb(19, 19, 18)" } as const;
type Theme = keyof typeof PAPER;

function account(username: string, name: string): Person {
  return turno().addPerson({ username, name, email: `${username}@example.org`, role: "user", password: PASSWORD });
}

/** Notes from now on, before each picture of each page that is loaded, what it is like. */
async function notePictures(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const pictures = new Set<string>();
    Object.assign(globalThis, { pictures });
    const note = () => {
      const root = document.documentElement;
      // Before there is something to show there is no picture.
      if (document.body) {
        const over = document.getElementById("boot") ?? root;
        pictures.add([root.getAttribute("data-bs-theme"), getComputedStyle(root).backgroundColor, getComputedStyle(over).backgroundColor].join(" "));
      }
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
}

/** Each thing that the page has looked like since it was loaded. */
function pictures(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(globalThis as unknown as { pictures: Set<string> }).pictures]);
}

const only = (theme: Theme) => [[theme, PAPER[theme], PAPER[theme]].join(" ")];

async function choose({ page, say }: Desk, theme: Theme | "system"): Promise<void> {
  await page.getByRole("button", { name: say("common.nav.theme"), exact: true }).click();
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me") && answer.request().method() === "PATCH");
  await page.getByRole("menuitemradio", { name: say(`common.nav.theme_${theme}`), exact: true }).click();
  expect((await saved).ok()).toBe(true);
}

/** The page is this, and so is what the browser draws around it. */
async function is({ page }: Desk, theme: Theme): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", theme);
  await expect(page.locator("html")).toHaveCSS("background-color", PAPER[theme]);
  await expect(page.locator("meta[name=theme-color]")).toHaveAttribute("content", theme === "dark" ? "#131312" : "#f6f5f2");
}

/** The system turns, and the page has heard of it. */
async function turn({ page }: Desk, colorScheme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches, colorScheme);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

for (const [system, chosen] of [["light", "dark"], ["dark", "light"]] as const) {
  test(`${chosen} is chosen against a system that is ${system}, and is there in the first picture`, async ({ browser }) => {
    const desk = await (await Desk.open(browser, turno(), { theme: system })).logIn(account(`elige${chosen}`, `Elisa Mar ${chosen}`));
    const { page, say } = desk;
    await is(desk, system);
    await choose(desk, chosen);
    await is(desk, chosen);

    await notePictures(page);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("tickets.list.title"));
    await desk.quiet();
    expect(await pictures(page)).toEqual(only(chosen));

    // What the system does is nothing to it, here and before the login.
    await turn(desk, chosen);
    await turn(desk, system);
    await is(desk, chosen);
    await page.context().clearCookies();
    await page.goto("/login");
    await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
    await desk.quiet();
    expect(await pictures(page)).toEqual(only(chosen));
    await desk.check();
    await desk.checkAccess();
    await desk.close();
  });
}

test("with nothing chosen the page is what the system is, and turns with it", async ({ browser }) => {
  const desk = await Desk.open(browser, turno(), { theme: "dark" });
  const { page, say } = desk;
  await notePictures(page);
  await page.goto("/login");
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  await desk.quiet();
  expect(await pictures(page)).toEqual(only("dark"));
  await turn(desk, "light");
  await is(desk, "light");
  await turn(desk, "dark");
  await is(desk, "dark");
  await desk.check();

  // And is so from its first picture when it is loaded again.
  await turn(desk, "light");
  await page.reload();
  await expect(page.getByLabel(say("session.password"), { exact: true })).toBeVisible();
  await desk.quiet();
  expect(await pictures(page)).toEqual(only("light"));
  await desk.close();
});

test("whoever chose one goes back to the system's", async ({ browser }) => {
  const desk = await (await Desk.open(browser, turno(), { theme: "light" })).logIn(account("vuelve", "Vera Sanz"));
  await choose(desk, "dark");
  await is(desk, "dark");
  await choose(desk, "system");
  await is(desk, "light");
  await turn(desk, "dark");
  await is(desk, "dark");
  await notePictures(desk.page);
  await desk.page.reload();
  await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(desk.say("tickets.list.title"));
  await desk.quiet();
  expect(await pictures(desk.page)).toEqual(only("dark"));
  await turn(desk, "light");
  await is(desk, "light");
  await desk.check();
  await desk.close();
});
