// A client made of nothing but openapi.yaml: its types are generated, `strict` compiles it, and the tests drive the real
// program with it, the way an integration would from a browser's session: a cookie and a CSRF token.

import createClient, { type Client, type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Api = Client<paths>;
export type Problem = components["schemas"]["Problem"];

/** Logs in and gives a client that carries the session. */
export async function logIn(url: string, login: string, password: string): Promise<Api> {
  const session: { cookie?: string; csrf?: string } = {};
  const carry: Middleware = {
    onRequest({ request }) {
      request.headers.set("Origin", url);
      if (session.cookie) request.headers.set("Cookie", session.cookie);
      if (session.csrf && request.method !== "GET") request.headers.set("X-CSRF-Token", session.csrf);
      return request;
    },
    onResponse({ response }) {
      const cookie = response.headers.getSetCookie().find((value) => value.startsWith("turno_session="));
      if (cookie) session.cookie = cookie.split(";")[0] ?? "";
      return response;
    },
  };
  const api = createClient<paths>({ baseUrl: url });
  api.use(carry);
  const { data, error } = await api.POST("/api/v1/session", { body: { login, password } });
  if (!data) throw new Error(`cannot log in: ${JSON.stringify(error)}`);
  session.csrf = data.csrf_token;
  return api;
}

/** The body of an answer, or an error that shows the problem document. */
export function got<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${answer.response.url}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}
