import type { SoundTrack } from './mp4.ts';

/** An access unit in which nothing is heard. */
export interface SilentUnit {
  readonly bytes: Uint8Array;
  readonly ticks: number;
}

/** Of AAC-LC (ISO 14496-3 4.4.2.1), by channels: an element without a scale factor band (`max_sfb` 0), then `ID_END`. */
const AAC_UNITS: readonly (Uint8Array | undefined)[] = [
  undefined,
  // `single_channel_element`: 29 bits of zero.
  Uint8Array.of(0, 0, 0, 0x07),
  // `channel_pair_element` with `common_window`: eight bits, then 35 of zero.
  Uint8Array.of(0x21, 0, 0, 0, 0, 0x1c),
];
const AAC_UNIT_TICKS = 1024;
/** A frame of CELT for the full band, without stereo (RFC 6716 3.1 and 4.3): the range decoder finds the flag `silence` set. */
const OPUS_UNIT = Uint8Array.of(0xf8, 0xff, 0xfe);
/** 20 ms at 48 kHz. */
const OPUS_UNIT_TICKS = 960;
/** Of `moof` with a single run whose samples are alike. */
const MOOF_BYTES = 96;
/** ISO 14496-12 8.8.7.1: `default-base-is-moof`, and a duration and a size for all samples. */
const TFHD_FIELDS = 0x020018;
const TFDT_VERSION_1 = 0x01000000;
/** ISO 14496-12 8.8.8.1: the data offset alone. */
const TRUN_FIELDS = 0x000001;

/** Undefined for AAC of more than two channels. */
export function silentUnitOf({ codec, channels }: SoundTrack): SilentUnit | undefined {
  const bytes = codec === 'opus' ? OPUS_UNIT : AAC_UNITS[channels];
  const ticks = codec === 'opus' ? OPUS_UNIT_TICKS : AAC_UNIT_TICKS;
  return bytes && { bytes, ticks };
}

export interface Silence {
  readonly track: SoundTrack;
  readonly unit: SilentUnit;
  /** How many, one behind the other. */
  readonly units: number;
  /** On the track's clock. */
  readonly startTicks: number;
}

/** A fragment of nothing else. */
export function silentFragment({ track, unit, units, startTicks }: Silence): Uint8Array {
  const { bytes, ticks } = unit;
  const startHigh = Math.floor(startTicks / 2 ** 32);
  const boxes = [
    [MOOF_BYTES, 'moof'],
    [16, 'mfhd', 0, 1],
    [72, 'traf'],
    [24, 'tfhd', TFHD_FIELDS, track.trackId, ticks, bytes.length],
    [20, 'tfdt', TFDT_VERSION_1, startHigh, startTicks % 2 ** 32],
    [20, 'trun', TRUN_FIELDS, units, MOOF_BYTES + 8],
    [8 + units * bytes.length, 'mdat'],
  ];
  const head = bytesOf(boxes.flat());
  const fragment = new Uint8Array(head.length + units * bytes.length);
  fragment.set(head);
  for (let i = 0; i < units; i += 1) fragment.set(bytes, head.length + i * bytes.length);
  return fragment;
}

/** Of numbers of 32 bits and of types of boxes, one behind the other. */
function bytesOf(words: readonly (number | string)[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) {
    if (typeof word === 'number') view.setUint32(i * 4, word);
    else for (let at = 0; at < 4; at += 1) view.setUint8(i * 4 + at, word.charCodeAt(at));
  }
  return new Uint8Array(view.buffer);
}
