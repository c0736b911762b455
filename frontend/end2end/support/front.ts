// A server in front of Turno that can stand for its next build: the same page under another name, with another style sheet,
// and without the files of the build before. Or for a build that lies in a folder, whose files it serves.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { extname, join } from "node:path";

/** What a build is called by what it shows: sixteen times the same digit, or nothing for the real one. */
type Build = "" | "e" | "f";

/** A file with a hash in its name that is another in each build. */
const STYLES = /\b(styles|desk)-([0-9a-f]{16})\.css\b/g;

/** What the files of a build are. */
const KINDS: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The server in front. */
export class Front {
  /** Which build it serves. */
  build: Build = "";
  /** The style sheets of the build are missing, as in the middle of an update. */
  broken = false;
  /** A path of the API whose answer says something that no page understands; none when empty. */
  garbled = "";
  /** The paths of all that it asked Turno for. */
  readonly passed: string[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly sockets: ReadonlySet<Socket>,
    /** Where the page's own files are, when they are not Turno's. */
    private readonly folder: string | undefined,
  ) {}

  /** Serves Turno's page, or that in the folder with Turno's headers. */
  static async before(turno: string, folder?: string): Promise<Front> {
    return Front.open(turno, folder, (front, asked, answer) => front.pass(turno, asked, answer));
  }

  /** Serves the folder, and its page at every address that is no file; Turno is asked for what is under `/api/` alone. */
  static async beside(turno: string, folder: string): Promise<Front> {
    return Front.open(turno, folder, (front, asked, answer) => {
      const { pathname } = new URL(asked.url ?? "/", turno);
      if (pathname.startsWith("/api/")) front.pass(turno, asked, answer);
      else if (!front.serve(folder, extname(pathname) ? pathname : "/index.html", answer)) answer.writeHead(404).end();
    });
  }

  private static async open(
    turno: string,
    folder: string | undefined,
    take: (front: Front, asked: IncomingMessage, answer: ServerResponse) => void,
  ): Promise<Front> {
    let front: Front | undefined;
    const server = createServer((asked, answer) => front && take(front, asked, answer));
    // Those that became a live stream are no longer the server's to close.
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    server.on("upgrade", (asked, socket, head) => {
      front?.passed.push(asked.url ?? "/");
      const behind = connect(Number(new URL(turno).port), "127.0.0.1", () => {
        const lines = [`${asked.method} ${asked.url} HTTP/1.1`];
        for (let at = 0; at < asked.rawHeaders.length; at += 2) lines.push(`${asked.rawHeaders[at]}: ${asked.rawHeaders[at + 1]}`);
        behind.write(`${lines.join("\r\n")}\r\n\r\n`);
        behind.write(head);
        socket.pipe(behind).pipe(socket);
      });
      behind.on("error", () => socket.destroy());
      socket.on("error", () => behind.destroy());
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    front = new Front(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets, folder);
    return front;
  }

  /** Nobody is there any more. */
  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private pass(turno: string, asked: IncomingMessage, answer: ServerResponse): void {
    const { pathname } = new URL(asked.url ?? "/", turno);
    const name = pathname.split("/").pop() ?? "";
    if (this.folder && this.serve(this.folder, pathname, answer)) return;
    const isPage = !pathname.startsWith("/api/") && (!name.includes(".") || name === "index.html" || name === "sw.js");
    const styles = STYLES.exec(name);
    STYLES.lastIndex = 0;
    if (styles && (this.broken || styles[2] !== (this.build ? this.build.repeat(16) : styles[2]))) {
      answer.writeHead(404).end();
      return;
    }
    const path = styles && this.build ? this.real.get(name) : asked.url;
    this.passed.push(path ?? "/");
    const headers = { ...asked.headers, ...(isPage ? { "accept-encoding": "identity" } : {}) };
    // The page of one build is never the answer "as before" to a browser that has the other's.
    if (isPage) delete headers["if-none-match"];
    const forward = request(new URL(path ?? "/", turno), { method: asked.method ?? "GET", headers }, (got) => {
      if (this.garbled && pathname === this.garbled) {
        got.resume();
        const { "content-length": _, "content-encoding": __, "transfer-encoding": ___, ...rest } = got.headers;
        answer.writeHead(200, rest).end("{}");
        return;
      }
      if (!isPage) {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
        return;
      }
      const parts: Buffer[] = [];
      got.on("data", (part: Buffer) => parts.push(part));
      got.on("end", () => {
        // With Turno's own headers: what its policy forbids a page, it forbids this one.
        const body = this.folder ? readFileSync(join(this.folder, "index.html"), "utf8") : this.rewrite(Buffer.concat(parts).toString());
        const { "content-length": _, "transfer-encoding": __, etag: ___, ...rest } = got.headers;
        answer.writeHead(got.statusCode ?? 502, { ...rest, "content-length": Buffer.byteLength(body) }).end(body);
      });
    });
    forward.on("error", () => answer.destroy());
    asked.pipe(forward);
  }

  /** Serves a file of the folder; tells whether there is one. */
  private serve(folder: string, pathname: string, answer: ServerResponse): boolean {
    const kind = KINDS[extname(pathname)];
    const file = join(folder, pathname);
    if (!kind || pathname.startsWith("/api/") || !existsSync(file)) return false;
    answer.writeHead(200, { "content-type": kind, "cache-control": "no-cache" }).end(readFileSync(file));
    return true;
  }

  /** The real name of each file that has another here. */
  private readonly real = new Map<string, string>();

  private rewrite(body: string): string {
    if (!this.build) return body;
    const digits = this.build.repeat(16);
    return body
      .replace(/(turno-build" content="|const BUILD = ")[0-9a-f]{16}/g, `$1${digits}`)
      .replace(STYLES, (name, kind: string) => {
        const other = `${kind}-${digits}.css`;
        this.real.set(other, `/${name}`);
        return other;
      });
  }
}
