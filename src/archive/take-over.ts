import { wallMs } from '../base/time.ts';
import type { IndexAccess } from '../db/index-access.ts';
import type { IndexWrite } from '../db/index-write.ts';
import { MOTION_SLOT_MS, type EventRecord, type VolumeRecord } from '../db/records.ts';
import { allSegments, findEvent } from './index-rows.ts';

const ALWAYS = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };
const WRITES_AT_ONCE = 200;

/**
 * Brings from an old index into one that was made from the files what these cannot tell: gaps, how much moved, how runs ended, which events are
 * kept by hand, thumbnails, events whose footage is gone, which engines read cameras, signs of life, and the segments on volumes that are missing.
 * @param volumes those that are there.
 * @throws IndexError; the signal's reason.
 */
export async function takeOver(
  old: IndexAccess,
  index: IndexAccess,
  volumes: readonly VolumeRecord[],
  signal: AbortSignal,
): Promise<void> {
  let waiting: IndexWrite[] = [];
  const write = async (...writes: readonly IndexWrite[]) => {
    signal.throwIfAborted();
    waiting.push(...writes);
    if (waiting.length < WRITES_AT_ONCE) return;
    await index.apply(waiting);
    waiting = [];
  };
  const isThere = (id: string) => volumes.some((volume) => volume.id === id);
  for (const volume of await old.volumes()) if (!isThere(volume.id)) await write({ type: 'volume', volume });
  for await (const segment of allSegments(old)) {
    if (!isThere(segment.volume)) await write({ type: 'segment', segment });
  }
  for (const camera of await old.cameras()) {
    const extent = { ...ALWAYS, cameras: [camera] };
    for (const run of await old.runs(extent)) await write({ type: 'run', run });
    for await (const event of eventsOf(old, camera)) {
      const told = await findEvent(index, camera, event.triggerWallMs);
      await write({ type: 'event', event: merged(event, told) });
    }
    for (const gap of await old.gaps(extent)) await write({ type: 'gap', gap });
    for (const motion of await old.motion(extent, MOTION_SLOT_MS)) await write({ type: 'motion', motion });
  }
  for (const fallback of await old.fallbacks()) await write({ type: 'fallback', fallback });
  await write(...(await signsOfLife(old)));
  await index.apply(waiting);
}

const DAY_MS = 24 * 3_600_000;

/** All events of a camera with their thumbnails, a day at a time in memory. */
async function* eventsOf(index: IndexAccess, camera: string): AsyncGenerator<EventRecord> {
  const timeline = await index.timeline({ ...ALWAYS, cameras: [camera] });
  const dayOf = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;
  const days = new Set(timeline.flatMap(({ events }) => events.map(({ startWallMs }) => dayOf(startWallMs))));
  for (const day of days) {
    const extent = { cameras: [camera], fromWallMs: wallMs(day), toWallMs: wallMs(day + DAY_MS) };
    yield* (await index.events(extent)).filter(({ fromWallMs }) => dayOf(fromWallMs) === day);
  }
}

/** The files tell how an event ended; the index what was made of it since. */
function merged(old: EventRecord, told: EventRecord | undefined): EventRecord {
  const { isKept, thumbnail } = old;
  return told === undefined ? { ...old, isOpen: false } : { ...told, isKept, thumbnail };
}

async function signsOfLife(old: IndexAccess): Promise<IndexWrite[]> {
  const [alive, agedTo] = [await old.lastAlive(), await old.agedTo()];
  return [
    ...(alive === undefined ? [] : [{ type: 'alive', ...alive } as const]),
    ...(agedTo === undefined ? [] : [{ type: 'aged', toWallMs: agedTo } as const]),
  ];
}
