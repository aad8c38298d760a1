import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { ChangesNotice, ChangesRequest } from '../../src/http/api/changes.ts';
import { socketUrlOf } from './client.ts';
import { Reach, type Connection } from './reach.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { lookWhoIsSignedIn } from './session.ts';
import { SpacedCalls } from './spaced-calls.ts';

export type Motion = Extract<ChangesNotice, { readonly type: 'motion' }>;

type Listener = (notice: ChangesNotice) => void;

interface Changes {
  readonly connection: Connection;
  readonly listen: (listener: Listener) => () => void;
  /** Asks for the motion of cameras, beside those that others ask for. @returns what takes it back. */
  readonly watchMotion: (cameras: readonly string[]) => () => void;
}

const ChangesContext = createContext<Changes | undefined>(undefined);

/** Queries whose key begins so are asked anew when something of the kind changes. */
const QUERIES_OF: Readonly<Partial<Record<ChangesNotice['type'], readonly string[]>>> = {
  cameras: ['cameras', 'place'],
  camera: ['cameras'],
  configuration: ['cameras', 'place', 'settings', 'system'],
};
/** A camera in an event changes every two seconds, and there may be many: they are asked for together. */
const ASKED_AT_MOST_EVERY_MS = 1_000;

/** Keeps queries true while somebody is signed in, and tells changes to `useChanges`. */
export function ChangesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('opening');
  const [feed] = useState(() => new ChangesFeed());

  useEffect(() => {
    const asking = new SpacedCalls(ASKED_AT_MOST_EVERY_MS);
    const stopListening = feed.listen(({ type }) => {
      for (const key of QUERIES_OF[type] ?? [])
        asking.want(key, () => void queries.invalidateQueries({ queryKey: [key] }));
    });
    const reach = new Reach({ isAnswering: () => lookWhoIsSignedIn(queries), tell: setConnection });
    feed.open({
      onOpen() {
        reach.opened();
        void queries.invalidateQueries();
      },
      onLost: () => void reach.lost(),
      onRecorder: (isThere) => reach.recorder(isThere),
    });
    return () => {
      feed.close();
      stopListening();
      asking.close();
    };
  }, [queries, feed]);

  const changes = useMemo<Changes>(
    () => ({
      connection,
      listen: (listener) => feed.listen(listener),
      watchMotion: (cameras) => feed.watchMotion(cameras),
    }),
    [connection, feed],
  );
  return <ChangesContext value={changes}>{children}</ChangesContext>;
}

interface ConnectionListener {
  onOpen(): void;
  onLost(): void;
  onRecorder(isThere: boolean): void;
}

/** The one socket of changes of a page, for all who listen. */
class ChangesFeed {
  readonly #listeners = new Set<Listener>();
  readonly #watched = new Map<symbol, readonly string[]>();
  #socket: ReconnectingSocket | undefined;

  open(connection: ConnectionListener): void {
    this.#socket = new ReconnectingSocket(socketUrlOf('api/changes'), {
      onOpen: () => {
        connection.onOpen();
        if (this.#watched.size > 0) this.#askForMotion();
      },
      onLost: () => connection.onLost(),
      onMessage: (message) => {
        // The server is ours: its messages are what its types say.
        const notice = message as ChangesNotice;
        if (notice.type === 'recorder-away') connection.onRecorder(false);
        if (notice.type === 'cameras') connection.onRecorder(true);
        for (const listener of this.#listeners) listener(notice);
      },
    });
    this.#socket.open();
  }

  close(): void {
    this.#socket?.close();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  watchMotion(cameras: readonly string[]): () => void {
    const key = Symbol('watched');
    this.#watched.set(key, cameras);
    this.#askForMotion();
    return () => {
      this.#watched.delete(key);
      this.#askForMotion();
    };
  }

  #askForMotion(): void {
    const cameras = [...new Set([...this.#watched.values()].flat())];
    this.#socket?.send({ t: 'motion', cameras } satisfies ChangesRequest);
  }
}

function useChangesContext(): Changes {
  const context = use(ChangesContext);
  if (context === undefined) throw new Error('Changes were asked for outside of ChangesProvider.');
  return context;
}

/** Calls back with each change, the latest callback given. */
export function useChanges(onChange: Listener): void {
  const changes = useChangesContext();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const { listen } = changes;
  useEffect(() => listen((notice) => latest.current(notice)), [listen]);
}

/** Calls back with what the detectors of these cameras say of each picture, the latest callback given. */
export function useMotion(cameras: readonly string[], onMotion: (motion: Motion) => void): void {
  const { watchMotion } = useChangesContext();
  const names = JSON.stringify(cameras);
  // Written above: an array of names.
  useEffect(() => watchMotion(JSON.parse(names) as string[]), [watchMotion, names]);
  useChanges((notice) => {
    if (notice.type === 'motion' && cameras.includes(notice.camera)) onMotion(notice);
  });
}

/** What is reached at present. */
export function useConnection(): Connection {
  return useChangesContext().connection;
}
