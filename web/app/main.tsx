import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../preferences/theme.ts';
import '../ui/theme.css';
import { App } from './app.tsx';
import { registerServiceWorker } from './service-worker.ts';

applyTheme();
const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no element #root to show the app in.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerServiceWorker();
