// Mail with a mail server that refuses: the administrator sees why, tries again, and takes out what need not go any more.

import { resolve } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, useTurno, WIDTHS } from "../support/desk.js";
import { PostOffice } from "../support/post.js";
import { go } from "../support/steps.js";
import { ADMIN } from "../support/turno.js";

/** Where the server is, which is known once it is there: before Turno starts. */
const env: Record<string, string> = {};
let opened: PostOffice | undefined;

test.beforeAll(async () => {
  opened = await PostOffice.open();
  Object.assign(env, opened.settings);
});

const turno = useTurno({ env });

test.afterAll(async () => {
  await opened?.close();
});

for (const width of WIDTHS) {
  test(`a mail that is refused is told, tried again and cancelled (${width} px)`, async ({ browser }) => {
    test.slow();
    const post = opened as PostOffice;
    const desk = await (await Desk.open(browser, turno(), { width })).logIn(ADMIN);
    const { page, say } = desk;
    const newest = page.getByRole("list", { name: say("mail.region"), exact: true }).getByRole("listitem").first();
    const retry = newest.getByRole("button", { name: say("mail.retry_name", { name: ADMIN.name }), exact: true });
    const cancel = newest.getByRole("button", { name: say("mail.cancel_name", { name: ADMIN.name }), exact: true });
    const send = async () => {
      await page.getByRole("button", { name: say("mail.test"), exact: true }).click();
      await desk.told(say("mail.tested", { address: ADMIN.email }));
    };
    /** It is sent beside the page, which says what has become of it when it is asked again. */
    const becomes = async (...words: string[]) => {
      await expect(async () => {
        await page.reload();
        for (const word of words) await expect(newest).toContainText(word, { timeout: 2_000 });
      }).toPass({ timeout: 30_000 });
    };
    const taken = post.letters.length;

    await go(desk, "common.nav.mail");
    await expect(page.getByRole("heading", { level: 1, name: say("mail.title"), exact: true })).toBeVisible();
    await expect(page.getByText(say("mail.off_title"))).toHaveCount(0);
    post.refusal = "550 5.1.1 nadie con ese nombre";
    await send();
    await becomes(say("mail.failed"), say("mail.trouble.refused"), "5.1.1 nadie con ese nombre");
    await expect(cancel).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();
    await page.screenshot({ path: resolve(`../../test-results/screens/mail-refused-${test.info().project.name}-${width}.png`), fullPage: true });

    post.refusal = undefined;
    await retry.click();
    await desk.told(say("mail.retried"));
    await becomes(say("mail.sent"));
    await expect(retry).toHaveCount(0);
    expect(post.letters.slice(taken).map((letter) => letter.to)).toEqual([ADMIN.email]);

    // What is refused for now waits, and is tried again by itself until somebody takes it out.
    post.refusal = "450 4.2.1 vuelve luego";
    await send();
    await becomes(say("mail.queued"), say("mail.trouble.not_now"), "4.2.1");
    await expect(page.locator(".mails-status")).toContainText(say("mail.trouble.not_now"));
    await cancel.click();
    await desk.told(say("mail.cancelled_told"));
    await expect(newest).toContainText(say("mail.cancelled"));
    await expect(cancel).toHaveCount(0);
    await desk.check();
    await desk.checkAccess();
    expect(post.letters).toHaveLength(taken + 1);

    // It goes all the same when somebody wants it to.
    post.refusal = undefined;
    await retry.click();
    await becomes(say("mail.sent"));
    expect(post.letters).toHaveLength(taken + 2);
    await desk.check();
    await desk.close();
  });
}
