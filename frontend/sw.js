// Keeps the page on the person's machine, so that it opens at once and without a network. The build writes which it is and
// which files it is made of: `xtask/src/shell.rs`.
//
// Builds never mix. A build is kept whole or not at all, the page last, so that a cache with the page in it is complete; the
// page names every file by a hash of its content; and a tab goes on with the files of the page that it began with.
const BUILD = "BUILD";
const FILES = ["FILES"];
const PAGE = "/index.html";
const FAMILY = "turno-";
const CACHE = FAMILY + BUILD;
/** Where a build is gathered until it is whole. Not of the family: it is no build yet. */
const NEXT = "next-turno";
/** The desk's own colour. The only answer of the API that the page cannot be drawn without; everything else is asked anew. */
const COLOUR = "/api/v1/settings/theme.css";
/** How long the page waits for it, in milliseconds, when the browser has an older one. */
const PATIENCE = 1500;
/** Addresses without a dot that are no place in the page. */
const OTHERS = ["/healthz", "/readyz", "/metrics"];

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(tidy()));
// Which build it keeps is known here alone: the caches of others are there too, and a build may come back after a newer one.
addEventListener("message", (event) => event.data === "build" && event.ports[0]?.postMessage(BUILD));
// Phones let nobody else show notifications: the page asks this for them (`src/notifications/alerts.rs`).
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(follow(event.notification.data));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === COLOUR) return event.respondWith(colour(request));
  if (pathname.startsWith("/api/") || OTHERS.includes(pathname)) return;
  const isFile = pathname.split("/").pop().includes(".");
  if (!isFile && request.mode === "navigate") return event.respondWith(page(request));
  if (isFile && pathname !== PAGE) event.respondWith(file(request, pathname));
});

/** Leads to the place of the page that a notification tells of: in the tab that was used last, or in a new one. */
async function follow(path) {
  const [tab] = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!tab) return clients.openWindow(path);
  tab.postMessage({ follow: path });
  return tab.focus();
}

/** Fetches the whole build; none of it when a part is missing, or when the server has another build by now. */
async function keep() {
  await caches.delete(NEXT);
  try {
    const next = await caches.open(NEXT);
    await Promise.all(FILES.map(async (name) => next.put(name, await good(name, "default"))));
    const whole = await good(PAGE, "no-store");
    if (!(await whole.clone().text()).includes(`content="${BUILD}"`)) throw new Error("the server has another build");
    // Even when it was here before, and another since: caches are in the order in which they were made, the newest last.
    await caches.delete(CACHE);
    const cache = await caches.open(CACHE);
    await Promise.all(FILES.map(async (name) => cache.put(name, await next.match(name))));
    await caches.delete(NEXT);
    await cache.put(PAGE, whole);
  } catch (error) {
    await caches.delete(NEXT);
    // One that was here before is whole.
    if (!(await caches.match(PAGE, { cacheName: CACHE }))) await caches.delete(CACHE);
    throw error;
  }
}

async function good(name, cache) {
  const answer = await fetch(name, { cache });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

/** Forgets older builds, but not the one before this: tabs that are open may still need a file of it. */
async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page of this build, whatever the address; the router in it knows the place. */
async function page(request) {
  return (await caches.match(PAGE, { cacheName: CACHE })) ?? fetch(request);
}

/** A file of any build that is kept. */
async function file(request, name) {
  return (await caches.match(name, { cacheName: CACHE })) ?? (await caches.match(name)) ?? fetch(request);
}

/** The desk's colour as it is; without a network, or over a slow one, as this browser had it last. */
async function colour(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    const last = await fetch(COLOUR, { cache: "only-if-cached", mode: "same-origin" }).catch(() => undefined);
    return last?.ok ? last : new Response("", { headers: { "Content-Type": "text/css" } });
  }
}
