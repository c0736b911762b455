// A mail server of the tests' own, on a socket, which can refuse.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** More than any mail of a journey, in characters. */
const MOST = 1_000_000;

export interface Letter {
  readonly to: string;
  /** With its headers, as it was sent. */
  readonly text: string;
}

/** The part of a letter that is HTML. */
export function htmlOf(letter: Letter): string {
  // A dot that begins a line goes over the wire twice.
  const text = letter.text.replace(/\r\n\.\./g, "\r\n.");
  const part = text.split(/\r\n--[^\r\n]+\r\n/).find((part) => /^content-type: text\/html/im.test(part.split("\r\n\r\n")[0] ?? ""));
  if (part === undefined) throw new Error(`no HTML in ${text}`);
  const at = part.indexOf("\r\n\r\n");
  const [head, body] = [part.slice(0, at), part.slice(at + 4).split(/\r\n--[^\r\n]+--/)[0] ?? ""];
  switch (/^content-transfer-encoding: *(\S+)/im.exec(head)?.[1]?.toLowerCase()) {
    case "base64":
      return Buffer.from(body, "base64").toString("utf8");
    case "quoted-printable": {
      const bytes = body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
      return Buffer.from(bytes, "latin1").toString("utf8");
    }
    default:
      return body;
  }
}

/** What a letter is about, as its reader sees it. */
export function subjectOf(letter: Letter): string {
  const head = letter.text.split("\r\n\r\n")[0] ?? "";
  const written = /^subject: *(.*(?:\r\n[ \t].*)*)/im.exec(head)?.[1] ?? "";
  // What is no plain letter stands encoded (RFC 2047); the space between two such words is none.
  return written
    .replace(/\r\n[ \t]/g, " ")
    .replace(/(\?=)\s+(?==\?)/g, "$1")
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, bytes: string) => Buffer.from(bytes, "base64").toString("utf8"));
}

export class PostOffice {
  /** What every recipient is answered with instead of being taken. */
  refusal: string | undefined;
  /** What was taken. */
  readonly letters: Letter[] = [];
  private readonly talks = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on("connection", (socket) => this.talk(socket));
  }

  static async open(): Promise<PostOffice> {
    const server = createServer();
    const office = new PostOffice(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return office;
  }

  /** What leads the program here. */
  get settings(): Record<string, string> {
    return {
      MAIL_SERVER: "127.0.0.1",
      MAIL_PORT: String((this.server.address() as AddressInfo).port),
      MAIL_USE_TLS: "false",
      MAIL_DEFAULT_SENDER: "Mesa de ayuda <desk@example.org>",
    };
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.talks) socket.destroy();
    await closed;
  }

  private talk(socket: Socket): void {
    let come = "";
    let to = "";
    let isLetter = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    this.talks.add(socket);
    socket.on("close", () => this.talks.delete(socket));
    // Whoever hangs up has heard enough.
    socket.on("error", () => socket.destroy());
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      come += text;
      if (come.length > MOST) socket.destroy();
      for (;;) {
        const end = isLetter ? "\r\n.\r\n" : "\r\n";
        const at = come.indexOf(end);
        if (at < 0) return;
        const said = come.slice(0, at);
        come = come.slice(at + end.length);
        if (isLetter) {
          isLetter = false;
          this.letters.push({ to, text: said });
          say("250 taken");
          continue;
        }
        switch (/^[A-Za-z]*/.exec(said)?.[0].toUpperCase()) {
          case "EHLO":
            say("250-post");
            say("250 8BITMIME");
            break;
          case "MAIL":
          case "RSET":
          case "NOOP":
            say("250 fine");
            break;
          case "RCPT":
            to = /<([^>]*)>/.exec(said)?.[1] ?? "";
            say(this.refusal ?? "250 fine");
            break;
          case "DATA":
            isLetter = true;
            say("354 go on");
            break;
          case "QUIT":
            say("221 bye");
            socket.end();
            break;
          default:
            say("502 what");
        }
      }
    });
    say("220 post");
  }
}
