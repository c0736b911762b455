// What is in the files that the desk hands out, as far as journeys look into them.

import { inflateRawSync } from "node:zlib";

/** The parts of an archive (ZIP), by name, as text. */
function parts(archive: Buffer): Map<string, string> {
  const end = archive.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end < 0) throw new Error("this is no archive");
  const found = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const [name, extra, comment] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
    const local = archive.readUInt32LE(at + 42);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(begin, begin + size);
    found.set(archive.toString("utf8", at + 46, at + 46 + name), (method === 0 ? packed : inflateRawSync(packed)).toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return found;
}

export interface Sheet {
  /** The texts of its cells, row by row. */
  readonly texts: string[];
  /** How it is written. */
  readonly xml: string;
}

/** The first sheet of a workbook (XLSX) whose texts stand in their cells. */
export function sheetOf(book: Buffer): Sheet {
  const xml = parts(book).get("xl/worksheets/sheet1.xml");
  if (xml === undefined) throw new Error("there is no sheet");
  const signs: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  const texts = [...xml.matchAll(/<t(?: [^>]*)?>([^<]*)<\/t>/g)].map(([, text = ""]) =>
    text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => signs[name] ?? ""),
  );
  return { texts, xml };
}

/** How many pages a PDF has whose objects stand one by one. */
export function pagesOf(document: Buffer): number {
  return [...document.toString("latin1").matchAll(/\/Type\s*\/Page(?![a-zA-Z])/g)].length;
}

/** The names of what is in an archive (ZIP). */
export function namesIn(archive: Buffer): string[] {
  return [...parts(archive).keys()];
}

/** How many pictures a PDF has: a picture is a stream, which stands by itself in any document. */
export function picturesOf(document: Buffer): number {
  return [...document.toString("latin1").matchAll(/\/Subtype\s*\/Image(?![a-zA-Z])/g)].length;
}
