/*
 * Keeps the app itself, not what it shows: an installed app opens at once, and where the recorder cannot be reached it says
 * so itself. Nothing below `api/` ever goes through here.
 */
const CACHE = 'preroll-app';
const PAGE = new URL('./', self.registration.scope).href;
const ASSETS = new URL('assets/', self.registration.scope).href;
const API = new URL('api/', self.registration.scope).href;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || request.url.startsWith(API)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (request.url.startsWith(ASSETS)) event.respondWith(asset(request));
});

/** From the server while it answers. The page is the same for all paths but for its `<base>`. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await keepPage(cache, await response.clone().text());
    return response;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** A page that differs is that of a new version, whose assets have other names: the former ones are let go. */
async function keepPage(cache, html) {
  const placed = html.replace(/<base href="[^"]*"/, `<base href="${new URL(PAGE).pathname}"`);
  const kept = await cache.match(PAGE);
  if ((await kept?.text()) === placed) return;
  for (const key of await cache.keys()) await cache.delete(key);
  await cache.put(PAGE, new Response(placed, { headers: { 'content-type': 'text/html; charset=utf-8' } }));
}

/** Their names tell their content: what is kept is right. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
