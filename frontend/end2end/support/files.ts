// Files that people attach, whole and otherwise, and where the page takes and shows them.

import { deflateRawSync, deflateSync } from "node:zlib";

import { type Locator } from "@playwright/test";

import { type Desk } from "./desk.js";

/** A file as a page is given it. */
export interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A text. */
export function text(name: string, words: string): Chosen {
  return { name, mimeType: "text/plain", buffer: Buffer.from(words) };
}

/** A PNG of one colour. */
export function png(width: number, height: number, colour: readonly [number, number, number]): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    return Buffer.concat([wide(data.length), body, wide(crc32(body))]);
  };
  const header = Buffer.concat([wide(width), wide(height), Buffer.from([8, 2, 0, 0, 0])]);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const sign = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([sign, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

/** A PNG of a few bytes that claims a size. */
export function pngClaiming(width: number, height: number): Buffer {
  const bytes = png(1, 1, [0, 0, 0]);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** An archive (ZIP) with one file in it. */
export function zip(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const called = Buffer.from(name);
  // What both the file's own head and the directory say: version, flags, method, time, date, sum, sizes, lengths.
  const said = Buffer.alloc(26);
  said.writeUInt16LE(20, 0);
  said.writeUInt16LE(8, 4);
  said.writeUInt32LE(crc32(content), 10);
  said.writeUInt32LE(packed.length, 14);
  said.writeUInt32LE(content.length, 18);
  said.writeUInt16LE(called.length, 22);
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), said, called, packed]);
  // The comment, the disk, the attributes and the place of the only file are all nothing.
  const entry = Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), said, Buffer.alloc(14), called]);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** The button that chooses files. */
export function chooser(desk: Desk): Locator {
  return desk.page.getByLabel(desk.say("attachments.choose"), { exact: true });
}

/** What is on the ticket. */
export function attached(desk: Desk): Locator {
  return desk.page.getByRole("list", { name: desk.say("attachments.attached") }).getByRole("listitem");
}

function wide(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let sum = n;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum >>> 0;
});

/** The sum that a chunk of a PNG ends with, and that an archive keeps of each file (ISO 3309). */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
