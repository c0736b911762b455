// Private database servers for the tests: each in a folder of its own under /tmp, gone when the tests are.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export type Database = "sqlite" | "postgres" | "mysql";

export const DATABASES: readonly Database[] = ["sqlite", "postgres", "mysql"];

/** The tag of a journey that is made on each database, at every width that it has. */
export const EACH_DATABASE = "@each-database";

/** The tag of a journey that is made on each database as well, on the screen of a desk: between them they go through each kind of
 * query that a page needs: what is written and read, what is found, what comes by itself. (Each query by itself is tested on each
 * database over HTTP.) */
export const QUERIES = "@queries";

/** The tag of a journey that lets time pass for what is stored: it takes the client of a database server, which SQLite is without. */
export const DATABASE_SERVER = "@database-server";

/** The project of what is measured; its database is SQLite. */
export const ALONE = "alone";

/** The database that a project of the tests runs on. */
export function databaseOf(project: string): Database {
  return project === ALONE ? "sqlite" : (project as Database);
}

/** The databases that this run is for: those in `TURNO_TEST_DATABASES`, or all. */
export function wantedDatabases(): Database[] {
  const named = process.env["TURNO_TEST_DATABASES"]?.split(",");
  return DATABASES.filter((name) => named?.includes(name) ?? true);
}

/** A database server that runs for as long as the tests do. */
export interface Server {
  /** What `DATABASE_URL` starts with; a database's name follows. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL, as the user `postgres` when we are root: it refuses to run as root. */
export async function startPostgres(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "turno-pg-"));
  const bin = postgresBin();
  const root = process.getuid?.() === 0;
  const drop = ["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"];
  const as = (program: string, args: string[]): [string, string[]] =>
    root ? ["setpriv", [...drop, join(bin, program), ...args]] : [join(bin, program), args];
  if (root) execFileSync("chown", ["postgres:postgres", folder]);

  const data = join(folder, "data");
  execFileSync(...as("initdb", ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]), {
    stdio: "pipe",
    cwd: folder,
  });
  const port = await freePort();
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: folder, fsync: "off" };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = start(...as("postgres", ["-D", data, ...options]), folder);
  const client = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
  await ready("PostgreSQL", child, () => execFileSync(join(bin, "pg_isready"), client, { stdio: "pipe" }));
  return server(child, folder, `postgres://postgres@127.0.0.1:${port}/`, "SIGINT");
}

/** Starts MariaDB (or MySQL under its name). */
export async function startMysql(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "turno-my-"));
  const data = join(folder, "data");
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  execFileSync(
    program("mariadb-install-db"),
    ["--no-defaults", ...user, "--auth-root-authentication-method=normal", `--datadir=${data}`, "--skip-test-db"],
    { stdio: "pipe", cwd: folder },
  );
  const port = await freePort();
  const child = start(
    program("mariadbd"),
    [
      "--no-defaults",
      ...user,
      `--datadir=${data}`,
      `--socket=${join(folder, "s")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--tmpdir=${folder}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-buffer-pool-size=64M",
    ],
    folder,
  );
  const ping = ["--no-defaults", "-h", "127.0.0.1", "-P", String(port), "-u", "root", "ping"];
  await ready("MariaDB", child, () => execFileSync(program("mariadb-admin"), ping, { stdio: "pipe" }));
  return server(child, folder, `mysql://root@127.0.0.1:${port}/`, "SIGTERM");
}

let made = 0;

/** The `DATABASE_URL` of a new, empty database; `folder` is where SQLite keeps its file. */
export function newDatabase(database: Database, folder: string): string {
  if (database === "sqlite") return `sqlite:${join(folder, "turno.db")}`;
  const base = process.env[serverVariable(database)];
  if (!base) throw new Error(`no ${database} server was started`);
  const { port } = new URL(base);
  made += 1;
  const name = `turno_${process.pid}_${made}`;
  const sql = `create database ${name}${database === "mysql" ? " character set utf8mb4" : ""}`;
  tell(database, port, [], sql);
  return base + name;
}

/** Changes what is in a database of a server, by its `DATABASE_URL`. */
export function change(url: string, sql: string): void {
  const { protocol, port, pathname } = new URL(url);
  const name = pathname.slice(1);
  if (protocol === "postgres:") tell("postgres", port, ["-d", name], sql);
  else if (protocol === "mysql:") tell("mysql", port, ["-D", name], sql);
  else throw new Error(`${protocol} is no database server`);
}

/** Tells a server something through its own client. */
function tell(database: "postgres" | "mysql", port: string, where: string[], sql: string): void {
  if (database === "postgres") {
    const args = ["-h", "127.0.0.1", "-p", port, "-U", "postgres", ...where, "-q", "-c", sql];
    execFileSync(join(postgresBin(), "psql"), args, { stdio: "pipe" });
  } else {
    const args = ["--no-defaults", "-h", "127.0.0.1", "-P", port, "-u", "root", ...where, "-e", sql];
    execFileSync(program("mariadb"), args, { stdio: "pipe" });
  }
}

/** The variable that hands a server's address to the processes that run the tests. */
export function serverVariable(database: Database): string {
  return `TURNO_TEST_SERVER_${database.toUpperCase()}`;
}

function start(command: string, args: string[], cwd: string): ChildProcess {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.set(child, ((said.get(child) ?? "") + text).slice(-4000));
  });
  return child;
}

const said = new WeakMap<ChildProcess, string>();

/** Waits until a server answers; says what it said when it ends instead. */
async function ready(name: string, child: ChildProcess, ask: () => unknown): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      ask();
      return;
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said.get(child) ?? ""}`, { cause: error });
      if (Date.now() > deadline) throw new Error(`${name} did not start in a minute`, { cause: error });
      await pause(100);
    }
  }
}

function server(child: ChildProcess, folder: string, url: string, signal: NodeJS.Signals): Server {
  return {
    url,
    async stop() {
      await end(child, signal);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Ends a process, with force when it does not end by itself. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  child.kill(signal);
  await ended;
  clearTimeout(force);
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

/** Where PostgreSQL's programs are: Debian keeps them off the PATH. */
function postgresBin(): string {
  const home = "/usr/lib/postgresql";
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(home, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  return found ?? join(program("initdb"), "..");
}

/** Where a program is, also in the folders that only root's PATH has. */
function program(name: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (!found) throw new Error(`${name} is not on this machine`);
  return found;
}
