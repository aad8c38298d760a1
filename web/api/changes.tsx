import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react';
import { socketUrlOf } from './client.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';

/** What the recorder tells as it happens; `t` says what. */
export interface Change {
  readonly t: string;
}

type ChangeListener = (change: Change) => void;

interface Changes {
  readonly isConnected: boolean;
  readonly listeners: Set<ChangeListener>;
}

const ChangesContext = createContext<Changes | undefined>(undefined);

/** Queries whose key begins so are asked anew when something of the kind changes. */
const QUERIES_OF: Readonly<Record<string, readonly string[]>> = {
  camera: ['cameras'],
  event: ['events', 'timeline'],
  config: ['cameras', 'settings', 'system'],
};

/** Keeps queries true while somebody is signed in, and tells changes to `useChanges`. */
export function ChangesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [listeners] = useState(() => new Set<ChangeListener>());
  const [isConnected, setIsConnected] = useState(true);

  useEffect(() => {
    const socket = new ReconnectingSocket(socketUrlOf('api/changes'), {
      onOpen() {
        setIsConnected(true);
        void queries.invalidateQueries();
      },
      onLost: () => setIsConnected(false),
      onMessage(message) {
        // The server is ours: its messages are what its types say.
        const change = message as Change;
        invalidate(queries, change);
        for (const listener of listeners) listener(change);
      },
    });
    socket.open();
    return () => socket.close();
  }, [queries, listeners]);

  return <ChangesContext value={{ isConnected, listeners }}>{children}</ChangesContext>;
}

function invalidate(queries: QueryClient, { t }: Change): void {
  for (const key of QUERIES_OF[t] ?? []) void queries.invalidateQueries({ queryKey: [key] });
}

function useChangesContext(): Changes {
  const context = use(ChangesContext);
  if (context === undefined) throw new Error('Changes were asked for outside of ChangesProvider.');
  return context;
}

/** Calls back with each change, the latest callback given. */
export function useChanges(onChange: ChangeListener): void {
  const { listeners } = useChangesContext();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const listener: ChangeListener = (change) => latest.current(change);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listeners]);
}

/** Whether the recorder's web server is reached at present. */
export function useIsConnected(): boolean {
  return useChangesContext().isConnected;
}
