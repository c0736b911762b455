// Before the journeys: an empty folder for the pictures, so that none of an earlier run lies among them, and the database
// servers that the chosen projects need. After them: the servers' end.

import { rmSync } from "node:fs";

import { type FullConfig } from "@playwright/test";

import { type Server, serverVariable, startMysql, startPostgres } from "./databases.js";
import { SCREENS } from "./screens.js";

export default async function startServers(config: FullConfig): Promise<() => Promise<void>> {
  rmSync(SCREENS, { recursive: true, force: true });
  const wanted = new Set(config.projects.map((project) => project.name));
  const servers: Server[] = [];
  const start = async (database: "postgres" | "mysql", begin: () => Promise<Server>) => {
    if (!wanted.has(database)) return;
    const server = await begin();
    servers.push(server);
    process.env[serverVariable(database)] = server.url;
  };
  await Promise.all([start("postgres", startPostgres), start("mysql", startMysql)]);
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
}
