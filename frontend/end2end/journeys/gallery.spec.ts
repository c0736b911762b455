// Every component in every state: looked at by axe, all of them once and then what opens, by itself; and kept as pictures in
// test-results/screens. No release has that page; `cargo xtask test` builds one that has, and names its folder in
// `TURNO_GALLERY`.

import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { Front } from "../support/front.js";
import { ADMIN } from "../support/turno.js";

const SCREENS = resolve("../../test-results/screens");
/** Where the components are, each kind in a folder. */
const COMPONENTS = resolve("../src/ui");
/** What the charts are called. */
const CHARTS = ["A ring", "A ring of one", "A ring of nothing", "Bars", "Bars that tell more", "Bars of nothing", "Lines", "Lines of nothing"];
const FOLDER = process.env["TURNO_GALLERY"];

const turno = useTurno();
let front: Front | undefined;

test.skip(!FOLDER, "TURNO_GALLERY names no page with a gallery: `cargo xtask test --only browser` builds it");
test.beforeAll(async () => {
  if (FOLDER) front = await Front.before(turno().url, FOLDER);
});
test.afterAll(async () => front?.stop());

/** The folders of components. */
function folders(): string[] {
  const all = readdirSync(COMPONENTS, { withFileTypes: true }).filter((one) => one.isDirectory());
  expect(all.length, COMPONENTS).toBeGreaterThan(15);
  return all.map(({ name }) => name).sort();
}

/** The folders that something is shown of: of each something that is seen. */
async function shown(side: Locator): Promise<string[]> {
  const names = await side.locator("[data-ui]").evaluateAll((all) =>
    all
      .filter((one) => one.childElementCount > 0 && one.checkVisibility() && one.getBoundingClientRect().height > 0)
      .map((one) => one.getAttribute("data-ui") ?? ""),
  );
  return [...new Set(names)].sort();
}

/** Every kind of message, beside each other as far as they are shown together. */
async function messages(desk: Desk, keep: (name: string) => Promise<unknown>): Promise<void> {
  const { page } = desk;
  const part = page.getByRole("region", { name: "What floats, light", exact: true });
  const stack = page.getByRole("region", { name: desk.say("common.notifications"), exact: true });
  const kinds = [
    ["Good message", "It worked."],
    ["Bad message", "It did not. Try again."],
    ["News", "Ana Ruiz answered"],
    ["Message with a way back", "It is closed."],
    ["Offer", "There is more."],
  ] as const;
  for (const [button, says] of kinds) {
    await part.getByRole("button", { name: button, exact: true }).click();
    const message = stack.locator(".toast-item").filter({ hasText: says });
    await expect(message).toBeVisible();
    // None goes by itself while it is pointed at.
    await message.hover();
    await desk.check();
    await desk.checkAccess(stack);
    await keep(button.toLowerCase().replaceAll(" ", "-"));
    await message.getByRole("button", { name: desk.say("common.dismiss"), exact: true }).click();
    await expect(message).toHaveCount(0);
  }
}

for (const width of WIDTHS) {
  test(`every component, ${width} px`, async ({ browser }) => {
    // A development build is large, and slow to begin; and each thing that opens is looked at in both themes.
    test.setTimeout(300_000);
    const desk = await Desk.open(browser, turno(), { width, url: front!.url });
    const { page } = desk;
    const patient = { timeout: 30_000 };
    await page.goto("/ui");
    await expect(page.getByRole("button", { name: desk.say("session.enter"), exact: true })).toBeVisible(patient);
    await desk.enter(ADMIN);
    await expect(page.getByRole("heading", { name: "Components", level: 1 })).toBeVisible(patient);
    // What a resource brings has come, or has not; and the server has said which passwords are easy to guess.
    await expect(page.getByText("What has come.")).toHaveCount(2);
    for (const theme of ["light", "dark"]) {
      const rules = page.locator(`.gallery-side[data-bs-theme="${theme}"] .password-rules`);
      await expect(rules).toHaveCount(5);
      // Nothing typed, too short, easy to guess, good, and one that need not be there.
      for (const [nth, met] of [0, 1, 3, 4].entries()) await expect(rules.nth(nth).locator("li.met")).toHaveCount(met);
      await expect(rules.last()).toBeHidden();
    }
    await desk.quiet();
    await desk.check();
    await desk.checkAccess();
    mkdirSync(SCREENS, { recursive: true });
    const keep = (name: string) =>
      page.screenshot({ path: join(SCREENS, `ui-${name}-${width}.png`), fullPage: true, animations: "disabled" });
    await keep("all");
    for (const theme of ["light", "dark"]) {
      const part = (name: string): Locator => page.getByRole("region", { name: `${name}, ${theme}`, exact: true });
      const side = page.locator(`.gallery-side[data-bs-theme="${theme}"]`);
      expect(await shown(side)).toEqual(folders());
      await expect(side.locator("[data-ui=presence]").getByRole("img")).toHaveCount(3);

      /** Opens something, looks at it, and keeps it; Escape closes it. */
      const open = async (name: string, button: Locator, opens: Locator) => {
        await button.click();
        await expect(opens).toBeVisible();
        await desk.check();
        await desk.checkAccess(opens);
        await keep(`${name}-${theme}`);
        await page.keyboard.press("Escape");
      };
      await open("menu", part("What floats").getByRole("button", { name: "A menu" }), page.getByRole("menu"));
      for (const [name, kind] of [["Dialog", "dialog"], ["Wide dialog", "dialog"], ["Dialog that interrupts", "alertdialog"]] as const) {
        const button = part("What floats").getByRole("button", { name, exact: true });
        await button.click();
        await expect(page.getByRole(kind)).toBeVisible();
        await desk.check();
        await desk.checkAccess(page.getByRole(kind));
        await keep(`${name.toLowerCase().replaceAll(" ", "-")}-${theme}`);
        await page.keyboard.press("Escape");
        await expect(page.getByRole(kind)).toHaveCount(0);
        await expect(button).toBeFocused();
      }
      await open("sheet", part("Choices").getByRole("button", { name: "State", exact: true }), part("Choices").locator("fieldset:visible"));

      // A number that moves, and bars that tell more of what has the focus.
      const charts = part("Charts");
      await charts.getByRole("button", { name: "One more", exact: true }).click();
      await expect(charts.locator(".stat-value")).toHaveText("42");
      const told = charts.getByRole("region", { name: `Bars that tell more, ${theme}`, exact: true });
      await told.locator(".bar-row").first().focus();
      await page.keyboard.press("End");
      await expect(told.locator("button.bar-row").last()).toBeFocused();
      await expect(told.getByRole("tooltip")).toHaveText("4 h or more 12 Before 9");
      await desk.check();
      await keep(`told-${theme}`);
      await page.keyboard.press("Escape");
      await expect(told.getByRole("tooltip")).toHaveCount(0);

      // What has come stays when the next answer does not.
      const states = part("Lists that load, fail or are empty");
      await states.getByRole("button", { name: "Let it go stale" }).click();
      await expect(states.getByText(desk.say("common.stale_title"), { exact: true })).toBeVisible();
      await expect(states.getByText("What has come.")).toBeVisible();
      await desk.checkAccess(states);
      await keep(`stale-${theme}`);

      // Each chart as a table too, with the same numbers. The words around them are the account's.
      const tables = charts.getByRole("table");
      await expect(tables).toHaveCount(0);
      for (const title of CHARTS) {
        const words = desk.say("dashboard.chart.as_table", { title: `${title}, ${theme}` });
        await charts.getByRole("button", { name: words, exact: true }).click();
      }
      await expect(tables).toHaveCount(CHARTS.length);
      await expect(tables.nth(CHARTS.indexOf("Bars"))).toContainText("1200");
      await desk.check();
      await desk.checkAccess(charts);
      await keep(`tables-${theme}`);
    }
    await messages(desk, keep);
    await desk.close();
  });
}
