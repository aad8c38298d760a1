import { urlOf } from '../api/client.ts';

/** Makes the app installable, where the browser has workers: over HTTPS, and on the machine itself. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  // Without it the app runs as well, from the server alone.
  navigator.serviceWorker.register(urlOf('service-worker.js')).catch(() => undefined);
}
