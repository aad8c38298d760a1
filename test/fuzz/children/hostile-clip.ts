import type { Clip, ClipUnit } from '../../../src/demo/clip.ts';
import { parameterSetsOf } from '../../../src/demo/clip.ts';
import { mediaTicks } from '../../../src/base/time.ts';
import { av1Track } from '../../../src/media/av1.ts';
import { BitstreamError } from '../../../src/media/bit-reader.ts';
import { withLengths } from '../../../src/media/coded-picture.ts';
import { h264Track } from '../../../src/media/h264.ts';
import { h265Track } from '../../../src/media/h265.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket, type VideoTrack } from '../../../src/media/packet.ts';
import { mutate } from '../mutate.ts';
import type { Random } from '../random.ts';

/** Some stay whole: a decoder that never gets a good picture never comes to what lies deep. */
const WHOLE_SHARE = 0.3;
/** Of the key pictures, those before which parameter sets come that are damaged. */
const DAMAGED_SETS_SHARE = 0.3;
const MAX_UNIT_BYTES = 8_000;

/** A clip that goes on for so many pictures, most of them damaged, and most of its sound too. */
export function hostileClip(clip: Clip, random: Random, pictures: number): Clip {
  const sets = parameterSetsOf(clip.parameterSets);
  const units = Array.from({ length: pictures }, (_, i): ClipUnit => {
    const { isKey, nals } = pick(clip.units, i);
    const inBand =
      isKey && random.chance(DAMAGED_SETS_SHARE) ? sets.map((set) => damage(random, set, sets)) : [];
    return { isKey, frame: i, nals: [...inBand, ...nals.map((nal) => perhapsDamaged(random, nal, nals))] };
  });
  const { sound } = clip;
  if (sound === undefined) return { ...clip, units };
  const heard = Array.from({ length: pictures }, (_, i) =>
    perhapsDamaged(random, pick(sound.units, i), sound.units),
  );
  return { ...clip, units, sound: { ...sound, units: heard } };
}

/** The pictures of a clip as the recorder passes them on, with tracks whose parameter sets are damaged now and then. */
export function hostilePackets(clip: Clip, random: Random, pictures: number): VideoPacket[] {
  let track = trackOf(clip);
  const whole = track;
  return Array.from({ length: pictures }, (_, i): VideoPacket => {
    const { isKey, nals } = pick(clip.units, i);
    if (isKey && random.chance(DAMAGED_SETS_SHARE)) track = damagedTrack(clip, random) ?? whole;
    const ticks = mediaTicks(Math.round((i * VIDEO_CLOCK_RATE_HZ) / clip.rateFps));
    const units = nals.map((nal) => perhapsDamaged(random, nal, nals));
    const data = dataOf(track, isKey, units);
    // Lengths too are what a camera has sent, where it says so.
    return {
      track,
      isKey,
      pts: ticks,
      dts: ticks,
      data: random.chance(0.1) ? damage(random, data, [data]) : data,
    };
  });
}

export function perhapsDamaged(random: Random, unit: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  return random.chance(WHOLE_SHARE) ? unit : damage(random, unit, others);
}

/** Never empty. */
function damage(random: Random, unit: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const words = [Uint8Array.of(0, 0, 1), Uint8Array.of(0, 0, 3), Uint8Array.of(0xff, 0xff)] as const;
  const damaged = mutate(random, unit, { corpus: [unit, ...others], words, maxBytes: MAX_UNIT_BYTES });
  return damaged.byteLength === 0 ? unit.slice(0, 1) : damaged;
}

/** What a packet holds of these units. */
function dataOf(
  { parameterSets: sets }: VideoTrack,
  isKey: boolean,
  units: readonly Uint8Array[],
): Uint8Array {
  if (sets.codec !== 'av1') return withLengths(units);
  return Buffer.concat(isKey ? [sets.sequenceHeader, ...units] : units);
}

function trackOf({ parameterSets: sets }: Clip): VideoTrack {
  if (sets.codec === 'av1') return av1Track(0, sets);
  return sets.codec === 'h264' ? h264Track(0, sets.sps, sets.pps) : h265Track(0, sets);
}

/** Undefined for parameter sets that the recorder refuses. */
function damagedTrack({ parameterSets: sets }: Clip, random: Random): VideoTrack | undefined {
  const damaged = (set: Uint8Array) => damage(random, set, [set]);
  try {
    if (sets.codec === 'av1') return av1Track(0, { ...sets, sequenceHeader: damaged(sets.sequenceHeader) });
    const sps = damaged(sets.sps);
    const pps = sets.pps.map((set) => damaged(set));
    return sets.codec === 'h264'
      ? h264Track(0, sps, pps)
      : h265Track(0, { ...sets, vps: damaged(sets.vps), sps, pps });
  } catch (error) {
    if (error instanceof BitstreamError) return undefined;
    throw error;
  }
}

function pick<T>(choices: readonly T[], index: number): T {
  const picked = choices[index % choices.length];
  if (picked === undefined) throw new Error('expected a clip that has something in it');
  return picked;
}
