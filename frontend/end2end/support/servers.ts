// Before the journeys: the database servers that the chosen projects need. After them: their end.

import { type FullConfig } from "@playwright/test";

import { type Server, serverVariable, startMysql, startPostgres } from "./databases.js";

export default async function startServers(config: FullConfig): Promise<() => Promise<void>> {
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
