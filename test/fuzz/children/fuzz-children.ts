import type { ClipSpec } from '../../../src/demo/clip-spec.ts';
import { Random, seedOfInput } from '../random.ts';
import { analyzerTrial, pictureTrial, soundTrial, transcoderTrial } from './channel-trials.ts';
import type { ChildTrial } from './child-trial.ts';
import { fileTrial, jpegTrial } from './source-trials.ts';

export interface ChildReport {
  readonly name: string;
  readonly packets: number;
  /** What came of them. */
  readonly answered: number;
  /** How children ended by themselves or that they hang, and how to repeat it. */
  readonly deaths: readonly string[];
  readonly durationMs: number;
}

const LOOP = { loopSeconds: 4 } satisfies Partial<ClipSpec>;
const TELEPHONE = { sampleRateHz: 8_000, channels: 1 } as const;
/** AAC-LC, 16 kHz, mono. */
const AAC_CONFIGURATION = Uint8Array.of(0x14, 0x08);
/** A child gets so many packets; then another one takes over, as after a camera's new connection. */
const PACKETS_A_CHILD = 500;

/** Every child of ours that decodes or encodes, with every codec that reaches it. */
export const CHILD_TRIALS: readonly ChildTrial[] = [
  analyzerTrial('h264', { ...LOOP, bFrames: 2 }),
  analyzerTrial('h265', { ...LOOP, codec: 'h265' }),
  analyzerTrial('av1', { ...LOOP, codec: 'av1' }),
  transcoderTrial('h264'),
  transcoderTrial('h265'),
  pictureTrial('h264', { ...LOOP, bFrames: 2 }),
  pictureTrial('h265', { ...LOOP, codec: 'h265' }),
  pictureTrial('av1', { ...LOOP, codec: 'av1' }),
  fileTrial('mp4', { ...LOOP, hasSound: true }),
  fileTrial('mpegts', { ...LOOP, hasSound: true }),
  fileTrial('matroska', { ...LOOP, codec: 'h265' }),
  fileTrial('nut', { ...LOOP, codec: 'av1' }),
  jpegTrial(),
  soundTrial('pcma', { ...TELEPHONE, codec: 'pcm_alaw' }, 512),
  soundTrial('pcmu', { ...TELEPHONE, codec: 'pcm_mulaw' }, 512),
  soundTrial('l16', { codec: 'pcm_s16be', sampleRateHz: 44_100, channels: 2 }, 1_024),
  soundTrial('g726', { ...TELEPHONE, codec: 'g726le', bitsPerSample: 4 }, 256),
  soundTrial('opus', { codec: 'opus', sampleRateHz: 48_000, channels: 2 }, 0),
  soundTrial(
    'aac',
    { ...TELEPHONE, sampleRateHz: 16_000, codec: 'aac', configuration: AAC_CONFIGURATION },
    0,
  ),
];

/** Feeds a child, and those that come after it, with so many damaged packets. */
export async function fuzzChild(
  trial: ChildTrial,
  packets: number,
  seed: number,
  from = 0,
): Promise<ChildReport> {
  const startMs = performance.now();
  const deaths: string[] = [];
  let answered = 0;
  for (let first = from; first < from + packets; first += PACKETS_A_CHILD) {
    const count = Math.min(PACKETS_A_CHILD, from + packets - first);
    const end = await trial.run(new Random(seedOfInput(seed, trial.name, first)), count);
    answered += end.answered;
    if (end.death === undefined) continue;
    const again = `npm run fuzz -- --only ${trial.name} --seed ${seed} --from ${first} --inputs ${count}`;
    deaths.push(`${trial.name}: ${end.death}\nrepeat: ${again}`);
  }
  return { name: trial.name, packets, answered, deaths, durationMs: performance.now() - startMs };
}
