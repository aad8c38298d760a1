import { QueryClientProvider } from '@tanstack/react-query';
import { Tooltip } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { Router } from 'wouter';
import { makeQueryClient } from '../api/query-client.ts';
import { endSession } from '../api/session.ts';
import { TextProvider } from '../text/text-provider.tsx';
import { ToastProvider } from '../ui/toasts.tsx';
import { Entrance } from './entrance.tsx';

const TOOLTIP_AFTER_MS = 400;

/** Where the app lies on its server, without the last slash. */
const BASE_PATH = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, '');

export function App(): ReactNode {
  const [queries] = useState(() => {
    const client = makeQueryClient(() => endSession(client));
    return client;
  });
  return (
    <TextProvider>
      <QueryClientProvider client={queries}>
        <Tooltip.Provider delayDuration={TOOLTIP_AFTER_MS}>
          <ToastProvider>
            <Router base={BASE_PATH}>
              <Entrance />
            </Router>
          </ToastProvider>
        </Tooltip.Provider>
      </QueryClientProvider>
    </TextProvider>
  );
}
