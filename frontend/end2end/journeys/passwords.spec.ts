// The rules of a new password, ticked off while it is typed, wherever one is chosen.

import { type Browser, expect, type Locator, test } from "@playwright/test";

import { Desk, useTurno } from "../support/desk.js";
import { passwordLink } from "../support/filling.js";
import { ADMIN, PASSWORD } from "../support/turno.js";

const turno = useTurno();

const RULES = ["length", "uppercase", "digit", "guess"] as const;
type Standing = "met" | "unmet" | "checking";

/** What the server is asked, here by somebody who is logged in, there by whoever has a link. */
const CHECK = /\/api\/v1\/(password-checks|password-resets\/[^/]+\/check)$/;
/** It keeps every rule but the one that only the server knows. */
const GUESSABLE = "Password1";

interface Place {
  readonly name: string;
  /** Opens it; what the password is in. */
  readonly open: (desk: Desk) => Promise<Locator>;
  /** Whether none has to be chosen. */
  readonly optional?: true;
}

const PLACES: readonly Place[] = [
  {
    name: "the profile",
    open: async (desk) => {
      await desk.page.goto("/profile");
      await desk.enter(ADMIN);
      return desk.page.getByRole("region", { name: desk.say("profile.password_title"), exact: true });
    },
  },
  {
    name: "a person's account",
    optional: true,
    open: async (desk) => {
      await desk.logIn(ADMIN);
      await desk.page.goto("/people");
      await desk.page.getByRole("button", { name: desk.say("people.new"), exact: true }).click();
      return desk.page.getByRole("dialog", { name: desk.say("people.create_heading") });
    },
  },
  {
    name: "the page of a link",
    open: async ({ page, turno }) => {
      await page.goto(`/set-password/${await passwordLink(turno)}`);
      return page.getByRole("main");
    },
  },
];

/** How the rules stand, in their order, as they are read out. */
async function stand(desk: Desk, within: Locator, ...standing: [Standing, Standing, Standing, Standing]): Promise<void> {
  const words = RULES.map((rule, at) => `${desk.say(`common.password_rules.${rule}`)}: ${desk.say(`common.password_rules.${standing[at]}`)}`);
  const rules = within.locator(".password-rules").getByRole("listitem");
  await expect(rules).toHaveText(words);
  // What the eye sees is the same.
  const met = standing.flatMap((each, at) => (each === "met" ? [words[at] ?? ""] : []));
  await expect(within.locator(".password-rules li.met")).toHaveText(met);
  // Nor does it hang on a colour: what is met is drawn otherwise than what is not.
  const drawn = await rules.evaluateAll((rules) => rules.map((rule) => rule.querySelector("path")?.getAttribute("d") ?? ""));
  expect(drawn).not.toContain("");
  const checks = new Set(drawn.filter((_, at) => standing[at] === "met"));
  expect(drawn.filter((each, at) => standing[at] !== "met" && checks.has(each))).toEqual([]);
}

async function openAt(browser: Browser, { open }: Place): Promise<{ desk: Desk; within: Locator; box: Locator }> {
  const desk = await Desk.open(browser, turno());
  const within = await open(desk);
  const box = within.locator("input[autocomplete=new-password]");
  await expect(box).toBeVisible();
  return { desk, within, box };
}

for (const place of PLACES) {
  test(`each rule of a password says how it stands as it is typed: ${place.name}`, async ({ browser }) => {
    const { desk, within, box } = await openAt(browser, place);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await desk.page.route(CHECK, async (route) => {
      await held;
      await route.fallback();
    });

    const rules = within.locator(".password-rules");
    if (place.optional) await expect(rules).toBeHidden();
    else await stand(desk, within, "unmet", "unmet", "unmet", "unmet");
    await box.pressSequentially("abc");
    await expect(rules).toBeVisible();
    await stand(desk, within, "unmet", "unmet", "unmet", "unmet");
    await box.pressSequentially("D");
    await stand(desk, within, "unmet", "met", "unmet", "unmet");
    await box.pressSequentially("1");
    await stand(desk, within, "unmet", "met", "met", "unmet");
    await box.fill("abcdefgh");
    await stand(desk, within, "met", "unmet", "unmet", "unmet");

    // Only the server knows what is easily guessed: it is asked once the others are kept.
    await box.fill(GUESSABLE);
    await stand(desk, within, "met", "met", "met", "checking");
    await desk.checkAccess();
    release();
    await stand(desk, within, "met", "met", "met", "unmet");
    await box.fill(PASSWORD);
    await stand(desk, within, "met", "met", "met", "met");
    await desk.checkAccess();

    // Of the most letters nobody is told before they are too many.
    const tooLong = within.getByText(desk.say("common.field.too_long"), { exact: true });
    await expect(tooLong).toHaveCount(0);
    await box.fill(PASSWORD.repeat(7));
    await expect(tooLong).toBeVisible();
    await expect(box).toHaveAttribute("aria-invalid", "true");
    await stand(desk, within, "met", "met", "met", "unmet");
    await box.fill(PASSWORD);
    await expect(tooLong).toHaveCount(0);
    await expect(box).not.toHaveAttribute("aria-invalid", "true");
    await stand(desk, within, "met", "met", "met", "met");

    // And back, as letters are taken away.
    await box.fill(PASSWORD.replace(/\d/g, ""));
    await stand(desk, within, "met", "met", "unmet", "unmet");
    await box.fill("");
    if (place.optional) await expect(rules).toBeHidden();
    else await stand(desk, within, "unmet", "unmet", "unmet", "unmet");
    await desk.check();
    await desk.close();
  });
}

test("an answer to what was typed before says nothing of what is there now", async ({ browser }) => {
  const [place] = PLACES;
  if (!place) throw new Error("no place where a password is chosen");
  const { desk, within, box } = await openAt(browser, place);
  const late: (() => void)[] = [];
  await desk.page.route(CHECK, async (route) => {
    const isFirst = (route.request().postDataJSON() as { password: string }).password === PASSWORD;
    if (isFirst) await new Promise<void>((go) => late.push(go));
    await route.fallback();
  });
  const asked = desk.page.waitForRequest(CHECK);
  await box.fill(PASSWORD);
  await asked;
  await box.fill(GUESSABLE);
  await stand(desk, within, "met", "met", "met", "unmet");
  const answered = desk.page.waitForResponse(CHECK);
  for (const go of late) go();
  await (await answered).finished();
  await desk.quiet();
  await stand(desk, within, "met", "met", "met", "unmet");
  await desk.check();
  await desk.close();
});
