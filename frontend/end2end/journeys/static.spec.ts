// The page without the program that carries it: the files of `frontend/dist` on a static server beside the API.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { Front } from "../support/front.js";
import { answer, openTicket, row } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

const turno = useTurno();

test("the page's files on a static server do what the program's own page does", async ({ browser }) => {
  const front = await Front.beside(turno().url, resolve("../dist"));
  const desk = await (await Desk.open(browser, turno(), { url: front.url })).logIn(ADMIN);
  const { page } = desk;
  await openTicket(desk, "Llegado por otro servidor", "La página no la sirve Turno.");
  const address = page.url();
  await answer(desk, "Y la respuesta llega igual");
  // The live stream goes through as well.
  await expect(page.locator("html")).toHaveAttribute("data-live", "online");

  // An address inside the page is no file; the page is there all the same, with the session and what was written.
  await page.goto("/tickets");
  await row(desk, "Llegado por otro servidor").click();
  await expect(page).toHaveURL(address);
  await page.reload();
  await expect(page.getByText("Y la respuesta llega igual")).toBeVisible();
  await desk.check();

  expect(front.passed).toContain("/api/v1/session");
  expect(front.passed.some((path) => path.startsWith("/api/v1/ws"))).toBe(true);
  expect(front.passed.filter((path) => !path.startsWith("/api/"))).toEqual([]);
  await desk.close();
  await front.stop();
});
