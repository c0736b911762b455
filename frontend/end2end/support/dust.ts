// The dust behind the login page, as a test sees it.

import { type Page } from "@playwright/test";

/** How many pixels have a grain on them. */
export function drawn(page: Page): Promise<number> {
  return page.locator("canvas.vortex").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    if (canvas.width === 300) return 0;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) count++;
    return count;
  });
}
