// Starts the program as soon as the preloader shows, and says how far it is from the first byte on. A file and not a script in
// the page: nothing in it is needed for the first picture.
const boot = document.getElementById("boot");
/** What a build wrote into the page; nothing in a development build. */
const written = (name) => document.querySelector(`meta[name="turno-${name}"]`)?.content ?? "";
/** How many bytes each file has once it is unpacked. What a server says of one that comes compressed is less. */
const sizes = new Map(written("sizes").split(" ").map((each) => each.split("=")));
/** Without a byte for so long, in milliseconds, nothing more will come. */
const PATIENCE = 20_000;
/** How long the first picture is waited for, in milliseconds, */
const FIRST_PICTURE = 1000;
/** and how long the desk's own colour is. */
const COLOUR = 3000;
/** The part of the line that the program's own beginning takes, after all its bytes are here. */
const BEGINNING = 0.1;

let heard = performance.now();
/** What is on its way: bytes that came, of how many. */
const parts = new Map();
/** How far the line is, and where this round of parts found it. */
let share = 0;
let base = 0;
/** The program runs. */
let begun = false;

/** Moves every line that waits; never back. */
function show(now) {
  share = Math.max(share, Math.min(now, 1));
  for (const line of document.querySelectorAll(".boot-line")) {
    line.style.setProperty("--share", share.toFixed(3));
    line.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
  }
}

function count() {
  heard = performance.now();
  let done = 0;
  let total = 0;
  for (const part of parts.values()) {
    done += Math.min(part.done, part.total);
    total += part.total;
  }
  if (total > 0) show(base + (done / total) * (1 - base - (begun ? 0 : BEGINNING)));
}

/** Fetches a piece of the program and counts its bytes while the browser compiles them. */
async function counted(path) {
  if ([...parts.values()].every((part) => part.done >= part.total)) {
    parts.clear();
    // Another round: on the same line while the program is not there, on a line of its own afterwards.
    base = share = boot.isConnected ? share : 0;
  }
  const part = { done: 0, total: Number(sizes.get(path) ?? 0) };
  parts.set(path, part);
  try {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    if (!part.total && !answer.headers.has("content-encoding")) part.total = Number(answer.headers.get("content-length"));
    const counter = new TransformStream({
      transform(bytes, out) {
        part.done += bytes.byteLength;
        count();
        out.enqueue(bytes);
      },
      flush() {
        // Somebody works here: the page is worth keeping. Not for a passer-by, who would load what they never see.
        if (path === behind()) setTimeout(keep, 3000);
      },
      // All of it, before anybody reads it: what is asked for early would stand still, and hold a connection.
    }, undefined, { highWaterMark: Infinity });
    return new Response(answer.body.pipeThrough(counter), { headers: { "Content-Type": "application/wasm" } });
  } catch (error) {
    parts.delete(path);
    throw error;
  }
}

/** The piece that lies behind the login. */
function behind() {
  return [...sizes.keys()].find((path) => path.startsWith("/desk-"));
}

/** All that somebody who is logged in needs here: what pieces share, too, and what lies aside of tickets (src/desk.rs). */
function needed() {
  const isAside = !/^\/((login|tickets)(\/|$)|$)/.test(location.pathname);
  return [...sizes.keys()].filter((path) => /^\/(desk|chunk)-/.test(path) || (isAside && path.startsWith("/aside-")));
}


/** What was asked for before the program asked for it. */
const early = new Map();
function ask(path) {
  const answer = counted(path);
  // Whoever awaits it hears of it; until then it is nobody's error.
  answer.catch(() => {});
  early.set(path, answer);
}
/** What the pieces of the program are fetched with. */
globalThis.turnoFetch = (url) => {
  const path = new URL(url, location.href).pathname;
  const known = early.get(path);
  early.delete(path);
  return known ?? counted(path);
};

/** Says that the program does not come, or has stopped: theme.js, which says it of this file as well. */
const fail = (error) => globalThis.turnoFail(boot, error);

// A program that has stopped does nothing any more: better to say so than to show a page that does not answer.
const stopped = (error) => error instanceof WebAssembly.RuntimeError && fail(error);
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));

/**
 * Until the preloader shows: before that, whatever keeps a slow machine busy keeps it from being painted. A page that nobody
 * sees is not painted.
 */
function painted() {
  return new Promise((resolve) => {
    if (document.hidden || performance.getEntriesByName("first-contentful-paint").length > 0) return resolve();
    // The browser answers just before each picture. Before the second, the first is on its way to the screen.
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, FIRST_PICTURE);
  });
}

/** Until the desk's own colour is here, or will not be soon: what the program draws is drawn in it (theme.js). */
function coloured() {
  const { dataset } = document.documentElement;
  return new Promise((resolve) => {
    if (!dataset.colour) return resolve();
    setTimeout(() => {
      delete dataset.colour;
      resolve();
    }, COLOUR);
    const link = document.querySelector("link[data-brand=theme]");
    for (const kind of ["load", "error"]) link.addEventListener(kind, resolve, { once: true });
  });
}

/** Whether another tab, or the last visit, knew somebody who is logged in: then what lies behind the login is needed too. */
function isKnown() {
  try {
    return localStorage.getItem("turno.session")?.includes('"live"') ?? false;
  } catch {
    return false;
  }
}

/** Which build a worker keeps. One that is gone by then does not say. */
function buildOf(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage("build", [port2]);
  });
}

/** Tells the page that a newer one is there. */
function announce() {
  document.documentElement.dataset.update = "";
  dispatchEvent(new Event("turno-update"));
}

/** Lets the browser keep the page (sw.js), and tells the page when a newer one is there. */
let kept = false;
async function keep() {
  const build = written("build");
  if (kept || !build || !navigator.serviceWorker) return;
  kept = true;
  // A browser may refuse, as in a private window; then the page comes from the server each time.
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => undefined);
  if (!registration) return;
  const look = async (worker) => {
    if ((await buildOf(worker)) !== build) announce();
  };
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => next.state === "activated" && look(next));
  });
  // A page that came from the server itself is the newest there is.
  if (navigator.serviceWorker.controller && registration.active) look(registration.active);
  // Browsers look for another build when a page is loaded, and this one may stay for days.
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < 600_000) return;
    asked = Date.now();
    registration.update().catch(() => {});
  });
}

// The page did not understand the server, which carries another build of it.
let looking = false;
addEventListener("turno-other-build", async () => {
  if (looking) return;
  looking = true;
  try {
    const page = await (await fetch("/index.html", { cache: "no-store" })).text();
    // One that comes from elsewhere than the API is a build of its own, and may be the newest there is.
    if (!page.includes('name="turno-build"') || page.includes(`content="${written("build")}"`)) return;
    const registration = await navigator.serviceWorker?.getRegistration();
    // Without one, loading it again is enough. With one, it tells when it has the whole of it.
    if (!registration) return announce();
    await keep();
    await registration.update();
  } catch (error) {
    console.warn(error);
  } finally {
    looking = false;
  }
});

for (const line of boot.querySelectorAll(".boot-line")) {
  line.setAttribute("aria-label", [...boot.querySelectorAll(".boot-loading")].find((words) => words.offsetParent)?.textContent ?? "Turno");
}
const watch = setInterval(() => {
  if (performance.now() - heard > PATIENCE) {
    clearInterval(watch);
    fail(new Error(`nothing came for ${PATIENCE / 1000} seconds`));
  }
}, 1000);
// From here on whatever goes wrong is told from here (theme.js).
dispatchEvent(new Event("turno-boot"));
try {
  await painted();
  ask(written("wasm"));
  if (isKnown()) {
    for (const path of needed()) ask(path);
    // Their styles: those are in the browser's cache when the page asks for them.
    const styles = written("desk-styles");
    if (styles) fetch(styles).catch(() => {});
  }
  // Compiled while the rest comes.
  const compiled = WebAssembly.compileStreaming(globalThis.turnoFetch(written("wasm")));
  const [program, module] = await Promise.all([import(written("js")), compiled, coloured()]);
  heard = performance.now();
  await program.default({ module_or_path: module });
  begun = true;
  // Late is better than never.
  boot.classList.remove("failed");
  count();
} catch (error) {
  fail(error);
} finally {
  clearInterval(watch);
}
if (navigator.serviceWorker?.controller) keep();
