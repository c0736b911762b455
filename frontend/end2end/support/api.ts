// The API, asked as the person of a page asks it: for what a journey begins with and is not about.

import { type Page } from "@playwright/test";

/** Asks, and gives back the answer; nothing when there is none. */
export async function ask<T>(page: Page, method: "DELETE" | "GET" | "PATCH" | "POST" | "PUT", path: string, body?: object): Promise<T> {
  return page.evaluate(
    async ([method, path, body]) => {
      const session = await (await fetch("/api/v1/session")).json();
      const headers: Record<string, string> = { "X-CSRF-Token": session.csrf_token };
      if (body !== null) headers["Content-Type"] = "application/json";
      const answer = await fetch(`/api/v1${path}`, { method, headers, body });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    [method, path, body ? JSON.stringify(body) : null] as const,
  );
}

/** The number of the person who is logged in. */
export async function numberOf(page: Page): Promise<number> {
  return (await ask<{ user: { id: number } }>(page, "GET", "/session")).user.id;
}

/** Attaches a text to a ticket. */
export async function attach(page: Page, ticket: number, name: string, text: string): Promise<void> {
  await page.evaluate(
    async ([ticket, name, text]) => {
      const session = await (await fetch("/api/v1/session")).json();
      const body = new FormData();
      body.append("file", new File([text], name, { type: "text/plain" }));
      const path = `/api/v1/tickets/${ticket}/attachments`;
      const answer = await fetch(path, { method: "POST", headers: { "X-CSRF-Token": session.csrf_token }, body });
      if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    },
    [ticket, name, text] as const,
  );
}
