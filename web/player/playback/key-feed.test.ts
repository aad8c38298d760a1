import { describe, expect, it } from 'vitest';
import { FootageError, type FootageClient, type KeyQuery } from './footage-client.ts';
import { KeyFeed } from './key-feed.ts';

/** Footage with a key picture every two seconds, of which each request is answered when a test says so. */
class PretendedServer {
  readonly queries: KeyQuery[] = [];
  #answers: (() => void)[] = [];
  readonly client: Pick<FootageClient, 'keys'> = {
    keys: async (query) => {
      this.queries.push(query);
      await new Promise<void>((resolve) => this.#answers.push(resolve));
      const keys = [];
      const firstMs = Math.floor(query.fromMs / 2_000) * 2_000;
      for (let atMs = firstMs; atMs < query.toMs; atMs += Math.max(2_000, query.everyMs)) {
        keys.push({ atMs, data: new Uint8Array(1), format: { codec: 'avc1.64001f' } });
      }
      return keys;
    },
  };

  async answer(): Promise<void> {
    this.#answers.splice(0).forEach((answer) => answer());
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

function feed(server: PretendedServer, atMs: number, isForward: boolean, everyMs = 1_000): KeyFeed {
  const onProblem = (error: unknown) => {
    throw error;
  };
  // Nothing else of it is used.
  return new KeyFeed({ client: server.client as FootageClient, atMs, everyMs, isForward, onProblem });
}

const timeOf = (found: ReturnType<KeyFeed['at']>) => (typeof found === 'object' ? found.atMs : found);

describe('KeyFeed', () => {
  it.each([true, false])('has each picture before the clock comes there (forward: %s)', async (isForward) => {
    const server = new PretendedServer();
    const keys = feed(server, 100_500, isForward);
    expect(keys.at(100_500)).toBe('waiting');
    await server.answer();
    const step = isForward ? 500 : -500;
    for (let atMs = 100_500, i = 0; i < 160; i += 1, atMs += step) {
      expect([atMs, timeOf(keys.at(atMs))]).toEqual([atMs, Math.floor(atMs / 2_000) * 2_000]);
      // The network is slower than the clock by some pictures.
      if (i % 10 === 0) await server.answer();
    }
    expect(server.queries.length).toBeLessThan(8);
  });

  it('asks for one thing at a time, and for nothing once it is stopped', async () => {
    const server = new PretendedServer();
    const keys = feed(server, 0, true);
    keys.at(0);
    keys.at(10);
    expect(server.queries).toHaveLength(1);
    keys.stop();
    await server.answer();
    keys.at(20);
    expect(server.queries).toHaveLength(1);
  });

  it('knows when the clock has leapt away', async () => {
    const server = new PretendedServer();
    const keys = feed(server, 0, true);
    keys.at(0);
    await server.answer();
    expect(keys.isFarFrom(30_000)).toBe(false);
    expect(keys.isFarFrom(3_600_000)).toBe(true);
  });

  it('tells what goes wrong', async () => {
    const told: unknown[] = [];
    const error = new FootageError({ kind: 'network', detail: '' });
    const client = { keys: async () => await Promise.reject(error) } as unknown as FootageClient;
    const keys = new KeyFeed({
      client,
      atMs: 0,
      everyMs: 1,
      isForward: true,
      onProblem: (problem) => told.push(problem),
    });
    keys.at(0);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    expect(told).toEqual([error]);
  });
});
