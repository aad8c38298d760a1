/*
 * Keeps the app itself, not what it shows: an installed app opens at once, and where the recorder cannot be reached it says
 * so itself. Nothing below `api/` ever goes through here.
 */
const PAGE = new URL('./', self.registration.scope).href;
const ASSETS = new URL('assets/', self.registration.scope).href;
/** So long the server may take where the page is kept: one that is away may leave a browser waiting for minutes. */
const PATIENCE_MS = 3_000;
/**
 * Of a server that is there an answer begins sooner. Requests that wait for one that is away hold up all later ones, also when it is back:
 * browsers have six connections for each.
 */
const LIMIT_MS = 20_000;
const API = new URL('api/', self.registration.scope).href;
/** Of the caches, one for each version of the app, whose number follows. Other apps of this origin have others. */
const CACHE = `preroll-app ${self.registration.scope} `;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || request.url.startsWith(API)) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (request.url.startsWith(ASSETS)) event.respondWith(asset(request));
});

/** From the server while it answers in time. The page is the same for all paths but for its `<base>`. */
async function page(event) {
  const kept = await keptPage();
  const answered = fromServer(event.request);
  if (kept === undefined) return await answered;
  // What comes too late is kept for the next time.
  const inAnyCase = answered.catch(() => kept);
  event.waitUntil(inAnyCase);
  return await Promise.race([inAnyCase, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept))]);
}

async function fromServer({ url, headers, cache }) {
  // That of a navigation takes no signal as it is.
  const response = await fetchInTime(url, { headers, cache, redirect: 'manual' });
  if (response.ok) await unlessFull(keepPage(await response.clone().text()));
  return response;
}

/**
 * A page that differs is that of a new version, whose assets have other names. Those of the version before it stay, for there may
 * be pages of it on screen that have not loaded all of theirs, which the server has no longer.
 */
async function keepPage(html) {
  const placed = html.replace(/<base href="[^"]*"/, `<base href="${new URL(PAGE).pathname}"`);
  if ((await (await keptPage())?.text()) === placed) return;
  const versions = await keptVersions();
  const former = versions.at(-1) ?? 0;
  const name = `${CACHE}${former + 1}`;
  try {
    const cache = await caches.open(name);
    await cache.put(PAGE, new Response(placed, { headers: { 'content-type': 'text/html; charset=utf-8' } }));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  for (const version of versions) if (version < former) await caches.delete(`${CACHE}${version}`);
}

/** Their names tell their content: what is kept is right. What the newest version shares with the one before is kept with both. */
async function asset(request) {
  const cache = await caches.open(`${CACHE}${(await keptVersions()).at(-1) ?? 1}`);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = (await caches.match(request)) ?? (await fetchInTime(request));
  if (response.ok) await unlessFull(cache.put(request, response.clone()));
  return response;
}

/** @throws where nothing has come by then. */
async function fetchInTime(resource, options) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LIMIT_MS);
  try {
    return await fetch(resource, { ...options, signal: late.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** The newest one, if there is any. */
async function keptPage() {
  const newest = (await keptVersions()).at(-1);
  if (newest === undefined) return undefined;
  return await (await caches.open(`${CACHE}${newest}`)).match(PAGE);
}

/** Their numbers, the newest last. */
async function keptVersions() {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHE));
  return names.map((name) => Number(name.slice(CACHE.length))).toSorted((a, b) => a - b);
}

/** Browsers refuse to keep more where the disk is full: what the server answered is shown all the same. */
async function unlessFull(kept) {
  try {
    await kept;
  } catch {
    // Asked of the server again the next time.
  }
}
