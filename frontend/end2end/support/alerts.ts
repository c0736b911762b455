// Stands for what a browser does to reach somebody who does not look, and for their not looking.

import { type Page } from "@playwright/test";

export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  onclick?: () => void;
}

/** Stands for a browser whose person grants notifications when asked, and keeps what it would have shown. On a phone only
 * service workers show any. */
export function standForNotifications(phone: boolean): void {
  const shown: object[] = [];
  const Stand = function (this: Record<string, unknown>, title: string, options: NotificationOptions) {
    if (phone) throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
    Object.assign(this, { title, body: options.body, tag: options.tag, close: () => {} });
    shown.push(this);
  };
  const granted = "test.granted";
  Object.defineProperty(Stand, "permission", { get: () => localStorage.getItem(granted) ?? "default" });
  Object.defineProperty(Stand, "requestPermission", {
    value: () => {
      localStorage.setItem(granted, "granted");
      return Promise.resolve("granted");
    },
  });
  Object.defineProperty(globalThis, "Notification", { value: Stand, configurable: true, writable: true });
  if (phone) {
    ServiceWorkerRegistration.prototype.showNotification = async (title, options) => void shown.push({ title, ...options });
  }
  Object.assign(globalThis, { shown });
}

/** What the browser has shown since the page was loaded. */
export function shown(page: Page): Promise<Omit<Shown, "onclick">[]> {
  return page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown.map(({ title, body, tag }) => ({ title, body, tag })));
}

/** The page lies behind another tab. */
export async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

/** Counts the tones of a page, which play none. */
export function noteTones(): void {
  Object.assign(globalThis, { tones: 0 });
  OscillatorNode.prototype.start = () => {
    (globalThis as unknown as { tones: number }).tones += 1;
  };
}

/** How many tones a page has sounded since it was loaded. */
export function tones(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { tones: number }).tones);
}
