// The interface's words, read from the files that the page is built from: the tests follow when a word changes.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Language = "es" | "en";

/** What those who speak a language call it, which is how it is offered. */
export const NAMES: Readonly<Record<Language, string>> = { es: "Español", en: "English" };

type Tree = { readonly [key: string]: string | Tree };

const trees = new Map<Language, Tree>();

/** Gives the words of a language: `say("tickets.new.title")`, `say("common.nav.account", { name })`. */
export function words(language: Language): (key: string, values?: Record<string, string | number>) => string {
  return (key, values = {}) => {
    let found: string | Tree | undefined = read(language);
    for (const step of key.split(".")) found = typeof found === "object" ? found[step] : undefined;
    if (typeof found !== "string") throw new Error(`frontend/locales/${language}.json has no ${key}`);
    return found.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${key} needs a value for ${name}`);
      return String(value);
    });
  };
}

/** The same words as a pattern that accepts anything where a value would stand. */
export function pattern(language: Language, key: string): RegExp {
  const names = new Proxy({}, { get: () => "\u0000" }) as Record<string, string>;
  const text = words(language)(key, names).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(text.replaceAll("\u0000", ".+"));
}

function read(language: Language): Tree {
  const known = trees.get(language);
  if (known) return known;
  const tree = JSON.parse(readFileSync(join("..", "locales", `${language}.json`), "utf8")) as Tree;
  trees.set(language, tree);
  return tree;
}
