// What a page is only for a moment, looked at as a page is: in both themes and at each width of a device.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, type Locator } from "@playwright/test";

import { type Desk, judgedAt, type Look, type Theme } from "./desk.js";
import { SCREENS } from "./screens.js";
import { type Language, words } from "./words.js";

export const THEMES: readonly Theme[] = ["light", "dark"];

/** Something that is there until the person goes on. */
export interface Moment {
  /** What its pictures are called. */
  readonly name: string;
  /** What is there then and not otherwise. */
  readonly part: Locator;
  /** What can be read in it. */
  readonly says: (language: Language) => readonly string[];
  /** Whether the picture is of the whole page, not of what the screen shows of it. */
  readonly whole?: boolean;
  /** Whether a phone has nothing like it: axe then sees both themes on a desk. */
  readonly wide?: boolean;
}

/** These words of the interface, in a language. */
export function read(...keys: readonly string[]): Moment["says"] {
  return (language) => keys.map((key) => words(language)(key));
}

/** How a device is held first: what one language opens wide, the other opens narrow. */
export function lookOf(language: Language, widths: readonly number[]): Look {
  const width = language === "es" ? Math.max(...widths) : Math.min(...widths);
  return { language, width, touch: !widths.some((width) => width > 720) };
}

/**
 * Checks a moment and keeps pictures of it, from the width that the screen has to the other end. Neither another width nor
 * another theme ends it.
 */
export async function keep(desk: Desk, widths: readonly number[], moment: Moment, themes: readonly Theme[] = THEMES) {
  const { name, part, says, whole = false, wide = false } = moment;
  mkdirSync(SCREENS, { recursive: true });
  await expect(part).toBeVisible();
  await speaks(desk, part, says);
  for (const width of desk.width === widths[0] ? widths : [...widths].reverse()) {
    await desk.resize(width);
    for (const theme of themes) {
      await desk.dress(theme);
      await expect(part, `${name} at ${width} px, ${theme}`).toBeVisible();
      await desk.check();
      expect.soft(await beyond(part, width), `${name} reaches past ${width} px`).toEqual([]);
      if (width === judgedAt(theme, desk.language) || (wide && width === Math.max(...widths))) await desk.checkAccess();
      const path = join(SCREENS, `${name}-${theme}-${desk.language}-${width}.png`);
      await desk.page.screenshot({ path, fullPage: whole, animations: "disabled" });
    }
  }
}

/** What can be read is in the language of the desk, and not in the other. */
async function speaks(desk: Desk, part: Locator, says: Moment["says"]): Promise<void> {
  await expect(desk.page.locator("html")).toHaveAttribute("lang", desk.language);
  const shown = { useInnerText: true, ignoreCase: true };
  const here = says(desk.language);
  for (const text of here) await expect.soft(part).toContainText(text, shown);
  for (const text of says(desk.language === "es" ? "en" : "es")) {
    if (!here.includes(text)) await expect.soft(part).not.toContainText(text, shown);
  }
}

/**
 * What of a part reaches past the edge of the screen, or would have to be pushed sideways. What stands still over a page makes
 * that no wider, so that `Desk.check` does not see it. What lies in something that cuts it off or scrolls is that one's business.
 */
async function beyond(part: Locator, width: number): Promise<string[]> {
  return part.evaluate((part, width) => {
    const sideways = (element: Element) => getComputedStyle(element).overflowX;
    const isCut = (element: Element): boolean => {
      const around = element.parentElement;
      return around !== null && part.contains(around) && (sideways(around) !== "visible" || isCut(around));
    };
    const isPast = (element: Element) => {
      const { left, right } = element.getBoundingClientRect();
      return right - left > 1 && (left < -1 || right > width + 1) && !isCut(element);
    };
    const found = [part, ...part.querySelectorAll("*")].filter(isPast);
    if (["auto", "scroll"].includes(sideways(part)) && part.scrollWidth > part.clientWidth + 1) found.push(part);
    return found.map((element) => element.outerHTML.slice(0, 160));
  }, width);
}
