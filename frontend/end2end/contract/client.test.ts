// A generated client opens a ticket, gets it answered and closes it, against the real program.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PASSWORD, Turno } from "../support/turno.js";
import { type Api, type Problem, got, logIn } from "./client.js";

let turno: Turno;
let person: Api;
let technician: Api;

before(async () => {
  turno = await Turno.start();
  const password = PASSWORD;
  turno.addPerson({ username: "lucia", name: "Lucía Prado", email: "lucia@example.org", role: "user", password });
  turno.addPerson({ username: "tomas", name: "Tomás Gil", email: "tomas@example.org", role: "technician", password });
  person = await logIn(turno.url, "lucia", password);
  technician = await logIn(turno.url, "tomas@example.org", password);
});

after(async () => {
  await turno.stop();
});

test("a ticket is opened, answered, closed and opened again", async () => {
  const opened = got(
    await person.POST("/api/v1/tickets", {
      body: { title: "La impresora no responde", description: "Desde esta mañana.", priority: "high" },
    }),
  );
  assert.equal(opened.status, "open");
  assert.equal(opened.requester.name, "Lucía Prado");
  const path = { id: opened.id };

  const taker = got(await technician.GET("/api/v1/me", {}));
  const taken = got(
    await technician.POST("/api/v1/tickets/{id}/assign", { params: { path }, body: { assignee_id: taker.id } }),
  );
  assert.equal(taken.assignee?.name, "Tomás Gil");

  const said = got(
    await technician.POST("/api/v1/tickets/{id}/comments", {
      params: { path },
      body: { body: "¿Qué dice **la pantalla**?", visibility: "public" },
    }),
  );
  assert.match(said.body_html, /<strong>la pantalla<\/strong>/);
  got(
    await technician.POST("/api/v1/tickets/{id}/comments", {
      params: { path },
      body: { body: "Es la del segundo piso.", visibility: "internal" },
    }),
  );

  const read = got(await person.GET("/api/v1/tickets/{id}/comments", { params: { path } }));
  assert.deepEqual(
    read.items.map((comment) => comment.body),
    ["¿Qué dice **la pantalla**?"],
  );

  const closed = got(await technician.POST("/api/v1/tickets/{id}/close", { params: { path } }));
  assert.equal(closed.status, "closed");
  assert.ok(closed.closed_at);
  const again = got(await person.POST("/api/v1/tickets/{id}/reopen", { params: { path } }));
  assert.equal(again.status, "open");
});

test("a list goes on where its cursor stands", async () => {
  for (const number of [1, 2, 3]) {
    got(await person.POST("/api/v1/tickets", { body: { title: `Página ${number}`, description: "…" } }));
  }
  const first = got(await person.GET("/api/v1/tickets", { params: { query: { limit: 2 } } }));
  assert.equal(first.items.length, 2);
  assert.ok(first.next_cursor);
  const next = got(
    await person.GET("/api/v1/tickets", { params: { query: { limit: 2, cursor: first.next_cursor } } }),
  );
  const seen = new Set(first.items.map((ticket) => ticket.id));
  assert.ok(next.items.length > 0 && next.items.every((ticket) => !seen.has(ticket.id)));
});

test("a stale edit is a conflict that carries the ticket as it is", async () => {
  const ticket = got(await person.POST("/api/v1/tickets", { body: { title: "Dos a la vez", description: "…" } }));
  const path = { id: ticket.id };
  const edit = (title: string) =>
    person.PATCH("/api/v1/tickets/{id}", { params: { path }, body: { version: ticket.version, title } });
  got(await edit("El primero"));
  const late = await edit("El segundo");
  assert.equal(late.response.status, 409);
  assert.equal((late.error as Problem).code, "version_conflict");
});

test("what the server refuses is a problem document with a code", async () => {
  const answer = await person.POST("/api/v1/tickets", { body: { title: "", description: "" } });
  assert.equal(answer.response.status, 422);
  assert.match(answer.response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  const problem = answer.error as Problem;
  assert.equal(problem.code, "validation_failed");
  assert.ok(problem.fields?.["title"]);
});

test("the session ends when it is closed", async () => {
  const api = await logIn(turno.url, "lucia", PASSWORD);
  assert.equal((await api.DELETE("/api/v1/session", {})).response.status, 204);
  assert.equal((await api.GET("/api/v1/me", {})).response.status, 401);
});
