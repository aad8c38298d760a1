import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestArchive } from '../archive/testing/test-archive.ts';
import type { Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { IndexError } from '../db/index-error.ts';
import { ArchiveRecovery } from './archive-recovery.ts';

let archive: TestArchive;
let clock: SimulatedClock;
let told: string[];
let listeners: (() => void)[];
beforeEach(async () => {
  archive = await TestArchive.create();
  clock = new SimulatedClock();
  told = [];
  listeners = [];
});
afterEach(() => archive[Symbol.asyncDispose]());

const tell = (message: string) => {
  told.push(message);
  for (const listen of listeners) listen();
};
const log: Log = { debug() {}, info: tell, warn: tell, error: tell, with: () => log };

/** Resolves once the log has said this. */
async function says(text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const listen = () => {
      if (told.some((message) => message.includes(text))) resolve();
    };
    listeners.push(listen);
    listen();
  });
}

function recovery(changes: Partial<IndexAccess> = {}): ArchiveRecovery {
  return new ArchiveRecovery({ index: { ...archive.access, ...changes }, clock, log });
}

const segment = (path: string) => archive.index.segment({ volume: archive.volume.id, path });

describe('ArchiveRecovery', () => {
  test('closes what was open on the volumes that are there at the start', async () => {
    const path = await archive.record({ isOpen: true });
    await using running = recovery();
    running.found(archive.volume);
    expect(segment(path)?.isOpen).toBe(true);
    running.start();
    await says('the archive has been put right');
    expect(segment(path)?.isOpen).toBe(false);
  });

  test('does so on a volume that comes later, whatever was changed there meanwhile', async () => {
    archive.index.apply([{ type: 'alive', atWallMs: wallMs(Date.now() + 1e9), isLeaving: false }]);
    const path = await archive.writeFile();
    await using running = recovery();
    running.start();
    running.found(archive.volume);
    await says('the archive has been put right');
    expect(segment(path)).toBeDefined();
  });

  test('fills an index that began anew, but leaves files alone that this process writes', async () => {
    const [closed, open] = [await archive.writeFile(), await archive.writeFile({ startMs: 60_000 })];
    await appendFile(archive.at(open), 'under way');
    archive.index.apply([{ type: 'alive', atWallMs: wallMs(Date.now() + 1e9), isLeaving: false }]);
    await using running = recovery();
    for (const path of [closed, open]) running.created({ volume: archive.volume.id, path });
    running.told({ type: 'segment', segment: await archive.describe(closed) });
    running.told({ type: 'segment', segment: await archive.describe(open, { isOpen: true }) });
    running.found(archive.volume);
    running.start();
    running.rebuild('it was damaged');
    await says('the archive has been put right');
    expect(segment(closed)).toBeDefined();
    expect(segment(open)).toBeUndefined();
  });

  test('tries again later when the index refuses', async () => {
    const path = await archive.record({ isOpen: true });
    let isRefusing = true;
    await using running = recovery({
      openSegments: () =>
        isRefusing
          ? Promise.reject(new IndexError('locked', 'somebody has it'))
          : archive.access.openSegments(),
    });
    running.found(archive.volume);
    running.start();
    await says('later: somebody has it');
    isRefusing = false;
    await clock.advance(30_000);
    await says('the archive has been put right');
    expect(segment(path)?.isOpen).toBe(false);
  });

  test('ends when it is disposed, also while it waits', async () => {
    const running = recovery({
      openSegments: () => Promise.reject(new IndexError('locked', 'somebody has it')),
    });
    running.found(archive.volume);
    running.start();
    await says('later: somebody has it');
    await running[Symbol.asyncDispose]();
  });
});
