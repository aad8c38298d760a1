import { AV_LOG_ERROR, FF_ENCODER_LIBX264, FF_ENCODER_LIBX265 } from 'node-av/constants';
import { Log, Rational } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import { PictureEncoder } from '../decode/picture-encoder.ts';
import { splitAnnexB } from '../media/annex-b.ts';
import type { VideoParameterSets } from '../media/packet.ts';
import type { ClipSpec } from './clip-spec.ts';
import type { Clip, ClipUnit } from './clip.ts';
import { encodeSound } from './encode-sound.ts';
import { Yard, yardFrames } from './yard.ts';

/**
 * Draws and encodes a whole loop, synchronously and at full speed. Loads native code: not for the recorder's process.
 * `onProgress` is given percent, 0..100.
 * @throws EncodeError if an encoder fails.
 */
export function encodeClip(spec: ClipSpec, onProgress: (percent: number) => void): Clip {
  Log.setLevel(AV_LOG_ERROR);
  const frames = yardFrames(spec);
  const yard = new Yard(spec);
  const collected = new UnitCollector(spec.codec);
  const encoder = openEncoder(spec, collected);
  try {
    for (let frame = 0; frame < frames; frame++) {
      encoder.encode(yard.draw(frame), frame);
      if (frame % spec.rateFps === 0) onProgress(Math.floor((frame * 100) / frames));
    }
    encoder.finish();
  } finally {
    encoder[Symbol.dispose]();
  }
  const sound = spec.hasSound ? encodeSound(spec.loopSeconds) : undefined;
  onProgress(100);
  const { widthPx, heightPx, rateFps } = spec;
  return {
    widthPx,
    heightPx,
    rateFps,
    parameterSets: collected.parameterSets(),
    units: collected.units,
    sound,
  };
}

/** An encoder of the clip's pictures, timed by their number. */
function openEncoder(spec: ClipSpec, collected: UnitCollector): PictureEncoder {
  return new PictureEncoder({
    name: spec.codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265,
    widthPx: spec.widthPx,
    heightPx: spec.heightPx,
    clockRateHz: spec.rateFps,
    settings: encoderOptions(spec),
    configure(context) {
      context.framerate = new Rational(spec.rateFps, 1);
      context.bitRate = BigInt(spec.bitrateBps);
      context.gopSize = Math.round(spec.gopSeconds * spec.rateFps);
      context.maxBFrames = spec.bFrames;
      context.threadCount = 2;
    },
    onPacket({ data, pts, isKeyframe }) {
      // Copied: the packet's memory goes back to FFmpeg.
      if (data !== null) collected.add(Buffer.from(data), Number(pts), isKeyframe);
    },
  });
}

function encoderOptions(spec: ClipSpec): readonly (readonly [string, string])[] {
  const gop = Math.round(spec.gopSeconds * spec.rateFps);
  const structure = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=${spec.bFrames}:open-gop=0`;
  return spec.codec === 'h264'
    ? [
        ['preset', 'ultrafast'],
        // Back in, because they cost little and save what the preset loses most: entropy coding, deblocking, adaptive
        // quantisation.
        ['x264-params', `${structure}:cabac=1:deblock=1,0,0:aq-mode=1`],
      ]
    : [
        ['preset', 'ultrafast'],
        ['x265-params', `${structure}:repeat-headers=1:log-level=none`],
      ];
}

/** Takes coded pictures apart: parameter sets to one side, the picture's own NAL units to the other. */
class UnitCollector {
  readonly units: ClipUnit[] = [];
  readonly #codec: 'h264' | 'h265';
  #vps: Uint8Array | undefined;
  #sps: Uint8Array | undefined;
  #pps: Uint8Array[] = [];

  constructor(codec: 'h264' | 'h265') {
    this.#codec = codec;
  }

  add(annexB: Uint8Array, frame: number, isKey: boolean): void {
    const pictures: Uint8Array[] = [];
    const pps: Uint8Array[] = [];
    for (const nal of splitAnnexB(annexB)) {
      const kind = this.#codec === 'h264' ? h264Kind(nal) : h265Kind(nal);
      if (kind === 'picture') pictures.push(nal);
      else if (kind === 'pps') pps.push(nal);
      else if (kind === 'sps') this.#sps = nal;
      else if (kind === 'vps') this.#vps = nal;
    }
    if (pps.length > 0) this.#pps = pps;
    if (pictures.length > 0) this.units.push({ isKey, frame, nals: pictures });
  }

  parameterSets(): VideoParameterSets {
    if (this.#sps === undefined || this.#pps.length === 0) {
      throw new EncodeError('reading the coded pictures, found no parameter sets');
    }
    if (this.#codec === 'h264') return { codec: 'h264', sps: this.#sps, pps: this.#pps };
    if (this.#vps === undefined) throw new EncodeError('reading the coded pictures, found no VPS');
    return { codec: 'h265', vps: this.#vps, sps: this.#sps, pps: this.#pps };
  }
}

type NalKind = 'picture' | 'vps' | 'sps' | 'pps' | 'other';

/** ITU-T H.264 table 7-1. */
function h264Kind(nal: Uint8Array): NalKind {
  const type = (nal[0] ?? 0) & 0x1f;
  if (type >= 1 && type <= 5) return 'picture';
  return type === 7 ? 'sps' : type === 8 ? 'pps' : 'other';
}

/** ITU-T H.265 table 7-1. */
function h265Kind(nal: Uint8Array): NalKind {
  const type = ((nal[0] ?? 0) >> 1) & 0x3f;
  if (type < 32) return 'picture';
  return type === 32 ? 'vps' : type === 33 ? 'sps' : type === 34 ? 'pps' : 'other';
}
