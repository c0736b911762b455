// The real program on a database of its own.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { change, type Database, end, newDatabase } from "./databases.js";

export type Role = "admin" | "technician" | "user";

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly password: string;
  /** The language of their page; Spanish unless told. */
  readonly language?: "es" | "en";
}

export interface Options {
  readonly database?: Database;
  /** `SESSION_TIMEOUT_SECONDS`. */
  readonly sessionSeconds?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A password that no rule objects to. */
export const PASSWORD = "Nube-Tetera-Faro-42";

export const ADMIN: Person = {
  username: "admin",
  name: "Ada Ibarra",
  email: "admin@example.org",
  role: "admin",
  password: PASSWORD,
};

/** A running Turno. */
export class Turno {
  private constructor(
    readonly url: string,
    private child: ChildProcess,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly lines: string[],
  ) {}

  /** Makes a database with an administrator in it and starts the program on a free port. */
  static async start(options: Options = {}): Promise<Turno> {
    const folder = mkdtempSync(join(tmpdir(), "turno-e2e-"));
    const env: NodeJS.ProcessEnv = {
      PATH: process.env["PATH"],
      RUST_BACKTRACE: "0",
      HOME: folder,
      TZ: "UTC",
      DATA_DIR: join(folder, "data"),
      DATABASE_URL: newDatabase(options.database ?? "sqlite", folder),
      SESSION_TIMEOUT_SECONDS: String(options.sessionSeconds ?? 300),
      LOGIN_RATE_PER_MINUTE: "10000",
      MESSAGE_RATE_PER_MINUTE: "10000",
      RUST_LOG: "warn",
      ...options.env,
    };
    turno(env, folder, ["migrate"]);
    createUser(env, folder, ADMIN);
    const lines: string[] = [];
    const child = serve(env, folder, "127.0.0.1:0");
    const url = await address(child, lines);
    return new Turno(url, child, folder, env, lines);
  }

  /** Makes an account, as an operator would. */
  addPerson(person: Person): Person {
    createUser(this.env, this.folder, person);
    return person;
  }

  /** Gives somebody who has an account the password of all of them, as an operator would. */
  resetPassword(username: string): void {
    turno(this.env, this.folder, ["user", "reset-password", username], `${PASSWORD}\n`);
  }

  /** Lets a day, and a second, pass for the mails that wait: they are as old as if they had been written then. For the tag
   * `DATABASE_SERVER`. */
  ageMails(): void {
    const micros = (24 * 60 * 60 + 1) * 1_000_000;
    change(String(this.env["DATABASE_URL"]), `UPDATE mails SET created_at = created_at - ${micros} WHERE state = 0`);
  }

  /** Fills the database with demo data. */
  addDemo(tickets: number): void {
    turno(this.env, this.folder, ["demo", "--tickets", String(tickets), "--seed", "7"]);
  }

  /** What the program printed. */
  get log(): string {
    return this.lines.join("\n");
  }

  /** The files in its folder, but for the database and the mark of whose files they are: what people have attached, and all
   * others. */
  get files(): { attached: string[]; others: string[] } {
    const isFile = (path: string) => statSync(join(this.folder, path), { throwIfNoEntry: false })?.isFile() ?? false;
    const isMeant = (path: string) => !path.startsWith("turno.db") && path !== join("data", "files", "desk") && isFile(path);
    const all = readdirSync(this.folder, { recursive: true, encoding: "utf8" }).filter(isMeant);
    const isAttached = (path: string) => path.startsWith(join("data", "files", "files"));
    return { attached: all.filter(isAttached).sort(), others: all.filter((path) => !isAttached(path)).sort() };
  }

  /** The program is gone from one moment to the next, as after a power cut. */
  async kill(): Promise<void> {
    await end(this.child, "SIGKILL");
  }

  /** Starts it again on the same data, at the same address. */
  async restart(): Promise<void> {
    this.child = serve(this.env, this.folder, new URL(this.url).host);
    await address(this.child, this.lines);
  }

  async stop(): Promise<void> {
    await end(this.child);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes accounts for the journeys of one file, each with an address of its own; they speak Spanish unless told. */
export function accountsOf(turno: () => Turno) {
  return (username: string, name: string, role: Role, language: "es" | "en" = "es"): Person =>
    turno().addPerson({ username, name, email: `${username}@example.org`, role, password: PASSWORD, language });
}

function serve(env: NodeJS.ProcessEnv, cwd: string, listen: string): ChildProcess {
  return spawn(binary(), ["serve", "--listen", listen], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

function createUser(env: NodeJS.ProcessEnv, folder: string, person: Person): void {
  const { username, name, email, role, language = "es" } = person;
  const args = ["user", "create", "--username", username, "--name", name, "--email", email, "--role", role];
  args.push("--locale", language);
  turno(env, folder, [...args, "--password-stdin"], `${person.password}\n`);
}

/** Runs the program and waits for its end. */
export function turno(env: NodeJS.ProcessEnv, cwd: string, args: string[], input?: string): string {
  return execFileSync(binary(), args, { cwd, env, encoding: "utf8", stdio: "pipe", ...(input === undefined ? {} : { input }) });
}

/** The program under test: `TURNO_BIN`, or cargo's debug build. */
function binary(): string {
  const target = process.env["CARGO_TARGET_DIR"] ?? "../../target";
  return resolve(process.env["TURNO_BIN"] ?? join(target, "debug", "turno"));
}

/** Reads the address off the line that the program prints once it listens. */
function address(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        const found = /Turno listens on (http:\/\/\S+)/.exec(line)?.[1];
        if (found) resolve(found.replace(/\/$/, ""));
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`turno ended with ${code}:\n${lines.join("\n")}`)));
  });
}
