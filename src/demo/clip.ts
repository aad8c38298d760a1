import type { VideoCodecName, VideoParameterSets } from '../media/packet.ts';

/** One coded picture of a clip. */
export interface ClipUnit {
  readonly isKey: boolean;
  /** Which frame of the loop it shows; differs from the position in the clip where there are B frames. */
  readonly frame: number;
  /**
   * Bare NAL units of the picture alone, no parameter sets and of SEI only recovery points; or its OBUs, each with its size.
   */
  readonly nals: readonly Uint8Array[];
}

/** An AAC track as long as the clip. */
export interface ClipSound {
  readonly audioSpecificConfig: Uint8Array;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Raw access units of `AAC_UNIT_SAMPLES` samples a channel. */
  readonly units: readonly Uint8Array[];
}

export const AAC_UNIT_SAMPLES = 1024;

/** A loop of coded video that begins with a key picture, in decoding order, with or without sound. */
export interface Clip {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rateFps: number;
  readonly parameterSets: VideoParameterSets;
  readonly units: readonly ClipUnit[];
  readonly sound: ClipSound | undefined;
}

/** Bytes that open a clip file; the last is the format's version. */
const MAGIC = Buffer.from('PRECLIP1', 'latin1');
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/** What the header says, as JSON: sizes of the pieces in the order in which they follow it. */
interface ClipHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rateFps: number;
  readonly codec: VideoCodecName;
  /** VPS (H.265 only), SPS, then each PPS; or the sequence header. */
  readonly parameterSetBytes: readonly number[];
  readonly units: readonly {
    readonly key: 0 | 1;
    readonly frame: number;
    readonly nalBytes: readonly number[];
  }[];
  readonly sound?: {
    readonly sampleRateHz: number;
    readonly channels: number;
    readonly configBytes: number;
    readonly unitBytes: readonly number[];
  };
}

/** A clip file: 8 bytes of magic, header length (u32 big-endian), header (JSON), then the pieces without gaps. */
export function formatClip(clip: Clip): Uint8Array[] {
  const sets = parameterSetsOf(clip.parameterSets);
  const { sound } = clip;
  const header: ClipHeader = {
    widthPx: clip.widthPx,
    heightPx: clip.heightPx,
    rateFps: clip.rateFps,
    codec: clip.parameterSets.codec,
    parameterSetBytes: sets.map((set) => set.length),
    units: clip.units.map(({ isKey, frame, nals }) => ({
      key: isKey ? 1 : 0,
      frame,
      nalBytes: nals.map((nal) => nal.length),
    })),
    ...(sound === undefined
      ? {}
      : {
          sound: {
            sampleRateHz: sound.sampleRateHz,
            channels: sound.channels,
            configBytes: sound.audioSpecificConfig.length,
            unitBytes: sound.units.map((unit) => unit.length),
          },
        }),
  };
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const soundPieces = sound === undefined ? [] : [sound.audioSpecificConfig, ...sound.units];
  return [MAGIC, length, text, ...sets, ...clip.units.flatMap((unit) => unit.nals), ...soundPieces];
}

/** VPS (H.265 only), SPS and each PPS, in the order in which a decoder wants them; or the sequence header. */
export function parameterSetsOf(sets: VideoParameterSets): Uint8Array[] {
  if (sets.codec === 'av1') return [sets.sequenceHeader];
  return sets.codec === 'h264' ? [sets.sps, ...sets.pps] : [sets.vps, sets.sps, ...sets.pps];
}

/**
 * The clip in a file's bytes, as views of them. A file that is cut short, or none of ours, gives undefined: it is a
 * cache, to be made again.
 */
export function parseClip(bytes: Buffer): Clip | undefined {
  if (bytes.length < 12 || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  const headerBytes = bytes.readUInt32BE(8);
  if (headerBytes > MAX_HEADER_BYTES || 12 + headerBytes > bytes.length) return undefined;
  try {
    // Written by `formatClip` and renamed into place whole; sizes are still checked against the file below.
    const header = JSON.parse(bytes.toString('utf8', 12, 12 + headerBytes)) as ClipHeader;
    return sliceClip(header, bytes.subarray(12 + headerBytes));
  } catch {
    return undefined;
  }
}

function sliceClip(header: ClipHeader, pieces: Buffer): Clip | undefined {
  let at = 0;
  const take = (size: number): Uint8Array => {
    at += size;
    return pieces.subarray(at - size, at);
  };
  const parameterSets = setsOf(header.codec, header.parameterSetBytes.map(take));
  if (parameterSets === undefined) return undefined;
  const units = header.units.map(({ key, frame, nalBytes }) => ({
    isKey: key === 1,
    frame,
    nals: nalBytes.map(take),
  }));
  const sound = header.sound;
  const clip: Clip = {
    widthPx: header.widthPx,
    heightPx: header.heightPx,
    rateFps: header.rateFps,
    parameterSets,
    units,
    sound:
      sound === undefined
        ? undefined
        : {
            sampleRateHz: sound.sampleRateHz,
            channels: sound.channels,
            audioSpecificConfig: take(sound.configBytes),
            units: sound.unitBytes.map(take),
          },
  };
  return at === pieces.length && units.length > 0 ? clip : undefined;
}

function setsOf(codec: VideoCodecName, sets: readonly Uint8Array[]): VideoParameterSets | undefined {
  const [first, second, ...rest] = sets;
  if (first === undefined) return undefined;
  if (codec === 'av1') return { codec, sequenceHeader: first };
  if (second === undefined) return undefined;
  if (codec === 'h264') return { codec, sps: first, pps: [second, ...rest] };
  return rest.length === 0 ? undefined : { codec, vps: first, sps: second, pps: rest };
}
