import { wallMs } from '../../src/base/time.ts';
import type { IndexWrite } from '../../src/db/index-write.ts';
import type { EventRecord, FragmentRecord, GapRecord, SegmentRecord } from '../../src/db/records.ts';

/** What an archive of continuous recordings would tell its index, made up but always the same. */
export interface MadeArchive {
  readonly cameras: number;
  readonly minutes: number;
  readonly startMs: number;
}

const MINUTE_MS = 60_000;
const EVENTS_A_DAY = 80;
const OUTAGES_A_DAY = 4;
const VOLUME = '5f0d6c1e-0000-4000-8000-000000000001';
const MINUTES_A_DAY = 1_440;

export function cameraName(number: number): string {
  return `camera-${String(number).padStart(2, '0')}`;
}

/** All of it, a batch a minute, in order of time. */
export function* madeWrites(archive: MadeArchive): Generator<readonly IndexWrite[]> {
  const random = makeRandom(1);
  yield [{ type: 'volume', volume: { id: VOLUME, path: '/archive' } }];
  const outageUntil = Array.from({ length: archive.cameras }, () => 0);
  for (let minute = 0; minute < archive.minutes; minute += 1) {
    const writes: IndexWrite[] = [];
    for (let camera = 0; camera < archive.cameras; camera += 1) {
      if (minute < (outageUntil[camera] ?? 0)) continue;
      const startMs = archive.startMs + minute * MINUTE_MS + camera * 700;
      if (random() < OUTAGES_A_DAY / MINUTES_A_DAY) {
        const lengthMinutes = 1 + Math.floor(random() ** 3 * 30);
        outageUntil[camera] = minute + lengthMinutes;
        writes.push({ type: 'gap', gap: madeGap(camera, startMs, lengthMinutes * MINUTE_MS) });
        continue;
      }
      writes.push({ type: 'segment', segment: madeSegment(camera, startMs, random) });
      if (random() < EVENTS_A_DAY / MINUTES_A_DAY) {
        writes.push({ type: 'event', event: madeEvent(camera, startMs, random) });
      }
    }
    yield writes;
  }
}

/** As the recorder tells of one that has ended. */
export function madeSegment(camera: number, startMs: number, random: () => number): SegmentRecord {
  const fragments = madeFragments(camera, random);
  const last = fragments.at(-1);
  const [day = '', time = ''] = new Date(startMs).toISOString().split('T');
  return {
    volume: VOLUME,
    path: `${cameraName(camera)}/${day}/${time.slice(0, 8).replaceAll(':', '-')}.mp4`,
    camera: cameraName(camera),
    runStartWallMs: wallMs(startMs - (startMs % 86_400_000)),
    startWallMs: wallMs(startMs),
    endWallMs: wallMs(startMs + MINUTE_MS),
    sizeBytes: last === undefined ? 0 : last.offsetBytes + last.sizeBytes,
    kind: 'continuous',
    isOpen: false,
    endedBy: 'length',
    video: { codec: 'avc1.64001f', widthPx: 1920, heightPx: 1080 },
    audio: { codec: 'mp4a.40.2', sampleRateHz: 16_000, channels: 1 },
    fragments,
  };
}

/** 30 to 60 of them, of about 4 Mbit/s; a camera's key pictures come as often as its settings say, and shiver. */
function madeFragments(camera: number, random: () => number): readonly FragmentRecord[] {
  const count = 30 + ((camera * 7) % 31);
  const lengthMs = Math.floor(MINUTE_MS / count);
  let offsetBytes = 1_300;
  return Array.from({ length: count }, (_, place) => {
    const startMs = place * lengthMs + Math.floor(3 * random());
    const sizeBytes = Math.round(lengthMs * 500 * (0.8 + 0.4 * random()));
    offsetBytes += sizeBytes;
    return { offsetBytes: offsetBytes - sizeBytes, sizeBytes, startMs, durationMs: lengthMs, isKey: true };
  });
}

function madeEvent(camera: number, startMs: number, random: () => number): EventRecord {
  const triggerMs = startMs + Math.floor(random() * MINUTE_MS);
  const zones = ['drive', 'door', 'lawn'].filter(() => random() < 0.3);
  return {
    camera: cameraName(camera),
    triggerWallMs: wallMs(triggerMs),
    fromWallMs: wallMs(triggerMs - 6_000),
    untilWallMs: wallMs(triggerMs + 20_000 + Math.floor(random() * 100_000)),
    isOpen: false,
    causes: ['motion'],
    zones,
    score: 1_600,
    peakScore: Math.floor(2_000 + 8_000 * random()),
    isKept: random() < 0.01,
    detail: { camera: cameraName(camera), trigger: new Date(triggerMs).toISOString(), zones, end: 'still' },
    thumbnail: new Uint8Array(4_000).fill(camera),
  };
}

function madeGap(camera: number, startMs: number, lengthMs: number): GapRecord {
  return {
    camera: cameraName(camera),
    startWallMs: wallMs(startMs),
    endWallMs: wallMs(startMs + lengthMs),
    cause: 'unreachable',
    detail: 'connect ECONNREFUSED',
  };
}

/** Uniform in [0, 1), always the same sequence (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
