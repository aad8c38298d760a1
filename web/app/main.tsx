import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../preferences/theme.ts';
import '../ui/theme.css';
import { App } from './app.tsx';
import { loadIfRenewed } from './load-if-renewed.ts';
import { registerServiceWorker } from './service-worker.ts';

async function askPage(): Promise<string> {
  const answer = await fetch('./', { cache: 'no-store' });
  if (!answer.ok) throw new Error(`the page of the app: ${answer.status}`);
  return await answer.text();
}

// Vite tells so of parts of the app that are loaded when they are first gone to.
addEventListener('vite:preloadError', () => {
  const program = import.meta.url.replace(/.*\//, '');
  void loadIfRenewed({ program, askPage, load: () => location.reload() });
});
applyTheme();
const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no element #root to show the app in.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerServiceWorker();
