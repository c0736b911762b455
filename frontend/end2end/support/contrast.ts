// How well texts can be read where axe does not look: on paper, and in mails.

import { type Page } from "@playwright/test";

/** A text that is not told apart well from what it stands on. */
export interface Faint {
  readonly text: string;
  /** How many times brighter one of them is than the other, by WCAG 2. */
  readonly ratio: number;
}

/**
 * The texts on a page whose contrast with what they stand on is less than WCAG 2.2 AA asks: 4.5, or 3 where they are large. With
 * `onPaper` also those that could not be read on white: a printer need not print what they stand on.
 */
export function faint(page: Page, onPaper = false): Promise<Faint[]> {
  return page.evaluate((onPaper) => {
    type Colour = readonly [number, number, number, number];
    const WHITE: Colour = [255, 255, 255, 1];
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d", { willReadFrequently: true })!;
    /** Whatever way a colour is written in. */
    const colourOf = (written: string): Colour => {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = written;
      pen.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const over = (front: Colour, back: Colour): Colour => {
      const mix = (nth: 0 | 1 | 2) => front[nth] * front[3] + back[nth] * (1 - front[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const brightness = ([red, green, blue]: Colour) => {
      const linear = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    };
    const ratio = (one: Colour, other: Colour) => {
      const [dark = 0, bright = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b);
      return (bright + 0.05) / (dark + 0.05);
    };
    const ancestors = (element: Element): Element[] => {
      const all = [];
      for (let at: Element | null = element; at; at = at.parentElement) all.push(at);
      return all;
    };
    // Without any colour of its own a page stands on the browser's: white, or black where it says that it can be dark.
    const ground = (() => {
      const probe = document.createElement("p");
      probe.style.setProperty("background", "canvas");
      document.body.append(probe);
      const found = colourOf(getComputedStyle(probe).backgroundColor);
      probe.remove();
      return found[3] === 1 ? found : WHITE;
    })();

    const found: { text: string; ratio: number }[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const [element, text] = [node.parentElement, node.textContent?.trim() ?? ""];
      if (!element || text === "" || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { width, height } = range.getBoundingClientRect();
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const isClipped = ancestors(element).some((each) => each.clientWidth === 1 && each.clientHeight === 1);
      if (width === 0 || height === 0 || size === 0 || isClipped) continue;
      const around = ancestors(element);
      const back = around.reverse().reduce((back, each) => over(colourOf(getComputedStyle(each).backgroundColor), back), ground);
      const front = colourOf(style.color);
      const opacity = around.reduce((all, each) => all * Number(getComputedStyle(each).opacity), front[3]);
      const seen: Colour = [front[0], front[1], front[2], opacity];
      const against = onPaper ? [back, WHITE] : [back];
      const least = Math.min(...against.map((back) => ratio(over(seen, back), back)));
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (least < (isLarge ? 3 : 4.5)) found.push({ text: text.slice(0, 80), ratio: Math.round(least * 100) / 100 });
    }
    return found;
  }, onPaper);
}
