import { expect, test } from 'vitest';
import type { Log } from '../base/log.ts';
import { wallMs } from '../base/time.ts';
import type { StreamsSource } from '../config/config.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { Fallback, FallbackRecord } from '../db/records.ts';
import { EngineMemory } from './engine-memory.ts';

const PASSWORD = 'hunter22';
const input = { kind: 'rtsp' } as const;
const SOURCE: StreamsSource = {
  kind: 'streams',
  main: { url: 'rtsp://192.168.1.20/stream1', input },
  sub: { url: 'rtsp://192.168.1.20/stream2', input },
  engine: 'auto',
  transport: 'tcp',
  audio: true,
};
const FALLBACK: Fallback = { reason: 'no RTSP', sinceWallMs: wallMs(1e12), triedWallMs: wallMs(1e12) };

function setUp(recalled: readonly FallbackRecord[] = []) {
  const lines: string[] = [];
  const writes: IndexWrite[] = [];
  let changes = 0;
  const note = (message: string) => void lines.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note, with: () => log };
  const memory = new EngineMemory({
    tellIndex: (write) => void writes.push(write),
    onChanged: () => void changes++,
    redact: (text) => text.replaceAll(PASSWORD, '***'),
    log,
  });
  memory.recall(recalled);
  return { memory, lines, writes, changes: () => changes };
}

/** What is in the index after these changes. */
function indexed(writes: readonly IndexWrite[]): FallbackRecord[] {
  const records = new Map<string, FallbackRecord>();
  for (const write of writes) {
    if (write.type === 'fallback') {
      records.set(`${write.fallback.camera} ${write.fallback.stream}`, write.fallback);
    }
    if (write.type === 'fallback-forgotten') records.delete(`${write.camera} ${write.stream}`);
  }
  return [...records.values()];
}

test('says once that FFmpeg reads a camera, tells whoever looks, and keeps it in the index', () => {
  const { memory, lines, writes, changes } = setUp();
  const engines = memory.of('yard', SOURCE);
  engines.main.remember(FALLBACK);
  expect(lines).toEqual([
    'FFmpeg reads the camera from now on, for our own RTSP client does not understand it: no RTSP',
  ]);
  expect(changes()).toBe(1);
  expect(engines.fallbacks).toMatchObject([{ camera: 'yard', stream: 'main', reason: 'no RTSP' }]);
  expect(indexed(writes)).toEqual(engines.fallbacks);
  engines.main.remember({ ...FALLBACK, triedWallMs: wallMs(2e12) });
  expect(lines).toHaveLength(1);
  expect(indexed(writes)).toMatchObject([{ triedWallMs: 2e12 }]);
});

test('knows after a restart what it knew before, and says nothing of it', () => {
  const before = setUp();
  before.memory.of('yard', SOURCE).sub.remember(FALLBACK);
  const after = setUp(indexed(before.writes));
  const engines = after.memory.of('yard', SOURCE);
  expect(engines.sub.fallback).toMatchObject(FALLBACK);
  expect(engines.main.fallback).toBeUndefined();
  expect(after.memory.of('door', SOURCE).sub.fallback).toBeUndefined();
  expect([...after.lines, ...after.writes]).toEqual([]);
});

test.each([
  ['another address', { main: { url: 'rtsp://192.168.1.20/other', input } }],
  ['our own client asked for', { engine: 'native' }],
  ['FFmpeg asked for', { engine: 'ffmpeg' }],
] as const)('%s makes it forget', (_, change) => {
  const before = setUp();
  before.memory.of('yard', SOURCE).main.remember(FALLBACK);
  const after = setUp(indexed(before.writes));
  const engines = after.memory.of('yard', { ...SOURCE, ...change });
  expect(engines.main.fallback).toBeUndefined();
  expect(engines.fallbacks).toEqual([]);
  expect(after.writes).toEqual([{ type: 'fallback-forgotten', camera: 'yard', stream: 'main' }]);
});

test('another login is still the same camera', () => {
  const { memory } = setUp();
  memory.of('yard', SOURCE).main.remember(FALLBACK);
  expect(memory.of('yard', { ...SOURCE, transport: 'udp' }).main.fallback).toMatchObject(FALLBACK);
});

test('says that our own client reads it again, and does not repeat itself when it cannot once more', () => {
  const { memory, lines, writes, changes } = setUp();
  const { main } = memory.of('yard', SOURCE);
  main.remember(FALLBACK);
  main.forget(false);
  main.remember(FALLBACK);
  expect(lines).toHaveLength(1);
  main.forget(true);
  main.forget(true);
  expect(lines.slice(1)).toEqual(['our own RTSP client reads the camera again, and FFmpeg no longer does']);
  expect(indexed(writes)).toEqual([]);
  expect(changes()).toBe(4);
});

test('keeps neither passwords that a camera repeats nor addresses', () => {
  const { memory, lines, writes } = setUp();
  memory.of('yard', SOURCE).main.remember({ ...FALLBACK, reason: `found "${PASSWORD}"` });
  const told = JSON.stringify([lines, writes]);
  expect(told).toContain('***');
  expect(told).not.toContain(PASSWORD);
  expect(told).not.toContain('192.168.1.20');
});

test('tells an index that begins anew all it knows', () => {
  const { memory, writes } = setUp();
  memory.of('yard', SOURCE).main.remember(FALLBACK);
  memory.of('door', SOURCE).sub.remember(FALLBACK);
  const before = indexed(writes);
  writes.length = 0;
  memory.retell();
  expect(indexed(writes)).toEqual(before);
  expect(before).toHaveLength(2);
});
