// What whoever hears the page is told of by itself: what comes into its live regions, as screen readers take it.

import { expect, type Page } from "@playwright/test";

/**
 * Writes down from now on what live regions say. As screen readers do: of a region that was there before, what comes into it, all
 * of it where it is to be heard as one; of one that comes with its words, nothing, unless it is an alert; of what is hidden, or
 * lies under a dialog, nothing. Runs in the page.
 */
function hear(): void {
  const listening = globalThis as unknown as { heard?: string[] };
  if (listening.heard) return;
  const heard: string[] = (listening.heard = []);
  const LIVE = "[aria-live], [role=status], [role=alert], [role=log]";
  let known = new Set<Element>();

  const isThere = (element: Element) => {
    const modal = [...document.querySelectorAll("dialog:modal")].pop();
    const covered = modal !== undefined && !modal.contains(element);
    const hidden = element.closest("[aria-hidden=true], [inert]") !== null;
    return element.isConnected && !covered && !hidden && element.checkVisibility({ visibilityProperty: true });
  };
  const wordsOf = (node: Node): string => {
    if (node instanceof Text) return node.data;
    if (!(node instanceof Element) || node.getAttribute("aria-hidden") === "true") return "";
    if (!node.checkVisibility({ visibilityProperty: true })) return "";
    const label = node.matches("button, a, [role=img]") ? node.getAttribute("aria-label") : null;
    return ` ${label ?? [...node.childNodes].map(wordsOf).join("")} `;
  };
  const say = (words: string) => {
    const text = words.replace(/\s+/g, " ").trim();
    if (text !== "") heard.push(text);
  };
  const regionOf = (node: Node) => {
    const region = (node instanceof Element ? node : node.parentElement)?.closest(LIVE) ?? null;
    return region?.getAttribute("aria-live") === "off" ? null : region;
  };
  /** Whether all of it is said when some of it changes. */
  const isWhole = (region: Element) =>
    (region.getAttribute("aria-atomic") ?? String(region.matches("[role=status], [role=alert]"))) === "true";
  const look = () => {
    known = new Set([...document.querySelectorAll(LIVE)].filter(isThere));
  };

  new MutationObserver((records) => {
    const whole = new Set<Element>();
    for (const record of records) {
      const changed = record.type === "characterData";
      if (record.type === "attributes" || (changed && record.oldValue === (record.target as Text).data)) continue;
      const region = regionOf(record.target);
      const come = changed ? [record.target] : [...record.addedNodes].filter((node) => node.isConnected);
      if (region && known.has(region) && isThere(region)) {
        if (come.every((node) => wordsOf(node).trim() === "")) continue;
        if (isWhole(region)) whole.add(region);
        else say(come.map(wordsOf).join(" "));
        continue;
      }
      for (const node of come.filter((node) => node instanceof Element)) {
        const alerts = [node, ...node.querySelectorAll("[role=alert]")].filter((element) => element.matches("[role=alert]"));
        alerts.filter(isThere).forEach((alert) => whole.add(alert));
      }
    }
    whole.forEach((region) => say(wordsOf(region)));
    look();
  }).observe(document, { subtree: true, childList: true, characterData: true, characterDataOldValue: true, attributes: true });
  look();
}

/** Listens to a page from now on, wherever it goes. What was heard is forgotten when it is loaded anew. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(hear);
  await page.evaluate(hear);
}

/** What was heard so far, the first of it first. */
export function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}

/** Forgets what was heard so far. */
export async function forget(page: Page): Promise<void> {
  await page.evaluate(() => void (globalThis as unknown as { heard: string[] }).heard.splice(0));
}

/** Waits until these words were heard so often, on their own or among others. */
export async function hears(page: Page, words: string, times = 1, timeout = 10_000): Promise<void> {
  const told = async () => (await heard(page)).filter((text) => text.includes(words)).length;
  await expect.poll(told, { message: `“${words}” is to be heard ${times} times`, timeout }).toBe(times);
}
