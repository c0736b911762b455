// What is on the pages of a desk where people have written to the administrator: told over the API, as their programs would.

import { expect } from "@playwright/test";

import { ADMIN, PASSWORD, type Person, type Turno } from "./turno.js";

/** Who writes to the administrator. */
export const NEIGHBOUR: Person = { username: "vera", name: "Vera Montes", email: "vera@example.org", role: "technician", password: PASSWORD };

/** What the administrator has saved. */
export const REPLIES = [
  { title: "Ya está", body: "Hola, {{requester.first_name}}:\n\nYa está arreglado. Si vuelve a pasar, **responde aquí**.", shared: true },
  { title: "Falta algo", body: "¿Nos puedes decir el número del equipo? Está en la etiqueta de debajo.", shared: true },
  { title: "Mañana paso", body: "Mañana a primera hora paso por tu mesa.", shared: false },
] as const;

/** Somebody who asks the API. */
interface Member {
  readonly id: number;
  ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T>;
}

const JSON_TYPE = { "content-type": "application/json" };

async function member(turno: Turno, { username, password }: Person): Promise<Member> {
  const url = (path: string) => `${turno.url}/api/v1${path}`;
  const read = async <T>(answer: Response): Promise<T> => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
  const entered = await fetch(url("/session"), { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ login: username, password }) });
  const cookie = entered.headers.getSetCookie().map((each) => each.split(";")[0]).join("; ");
  const { user, csrf_token } = await read<{ user: { id: number }; csrf_token: string }>(entered);
  const headers = { ...JSON_TYPE, cookie, "X-CSRF-Token": csrf_token };
  return {
    id: user.id,
    ask: async <T>(method: "GET" | "POST", path: string, body?: object): Promise<T> =>
      read<T>(await fetch(url(path), { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })),
  };
}

const filled = new WeakMap<Turno, Promise<number>>();

/** Sees that mail, notifications, saved replies and a conversation are there, once for each Turno; gives who it is with. */
export function fill(turno: Turno): Promise<number> {
  const known = filled.get(turno) ?? fillAnew(turno);
  filled.set(turno, known);
  return known;
}

async function fillAnew(turno: Turno): Promise<number> {
  turno.addPerson(NEIGHBOUR);
  const admin = await member(turno, ADMIN);
  const vera = await member(turno, NEIGHBOUR);
  for (const reply of REPLIES) await admin.ask("POST", "/replies", reply);

  const opened = { title: "Falta papel en la sala de juntas", description: "Hay una reunión a las doce." };
  const ticket = await admin.ask<{ id: number }>("POST", "/tickets", opened);
  for (const body of ["Hay dos paquetes en el almacén.", `@${ADMIN.username}, ¿quién tiene la llave?`]) {
    await vera.ask("POST", `/tickets/${ticket.id}/comments`, { body });
  }

  const say = (from: Member, to: Member, body: string) => from.ask("POST", `/conversations/${to.id}/messages`, { body });
  await say(vera, admin, "Buenos días. ¿Sigue caída la impresora del segundo piso?");
  await say(admin, vera, "Sí. He probado esto:\n\n- apagarla\n- otro **tóner**\n- `ping impresora-2`");
  await say(vera, admin, "Entonces es el cable. Voy con uno nuevo y te digo algo antes de comer, que a las doce hay reunión.");

  await admin.ask("POST", "/password-resets", { login: NEIGHBOUR.username });
  // The mail is written after whoever asked for it has been answered.
  const kinds = async () => (await admin.ask<{ items: { kind: string }[] }>("GET", "/mails")).items.map(({ kind }) => kind);
  await expect.poll(kinds).toContain("password_reset");
  return vera.id;
}

/** What stands in the address of a link that sets the neighbour's password: a new one each time, for it is good for a while. */
export async function passwordLink(turno: Turno): Promise<string> {
  const neighbour = await fill(turno);
  const admin = await member(turno, ADMIN);
  const { url } = await admin.ask<{ url: string }>("POST", `/users/${neighbour}/password-link`, { send: false });
  const token = /\/set-password\/([^/?#]+)$/.exec(url)?.[1];
  if (!token) throw new Error(`no link that sets a password: ${url}`);
  return token;
}
