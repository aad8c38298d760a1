import {
  AV_LOG_ERROR,
  FF_ENCODER_LIBSVTAV1,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Log, Rational } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import { PictureEncoder } from '../decode/picture-encoder.ts';
import { splitAnnexB } from '../media/annex-b.ts';
import { OBU, obuType } from '../media/obu.ts';
import type { NalCodecName, VideoParameterSets } from '../media/packet.ts';
import { recoveryPointIn } from '../media/recovery-point.ts';
import { packetUnits } from '../media/temporal-unit.ts';
import type { ClipSpec } from './clip-spec.ts';
import type { Clip, ClipUnit } from './clip.ts';
import { encodeSound } from './encode-sound.ts';
import { Yard, yardFrames } from './yard.ts';

const ENCODERS = { h264: FF_ENCODER_LIBX264, h265: FF_ENCODER_LIBX265, av1: FF_ENCODER_LIBSVTAV1 } as const;

/** As cameras do it: a picture is coded as soon as it is taken, and refers to earlier ones only. */
const AV1_OPTIONS = [
  ['preset', '12'],
  ['svtav1-params', 'pred-struct=1:rc=2:lp=2'],
] as const;

/**
 * Draws and encodes a whole loop, synchronously and at full speed. Loads native code: not for the recorder's process.
 * `onProgress` is given percent, 0..100.
 * @throws EncodeError if an encoder fails.
 */
export function encodeClip(spec: ClipSpec, onProgress: (percent: number) => void): Clip {
  Log.setLevel(AV_LOG_ERROR);
  // SVT-AV1 tells everybody on the standard error what it is.
  process.env['SVT_LOG'] = '0';
  const frames = yardFrames(spec);
  const yard = new Yard(spec);
  const collected = spec.codec === 'av1' ? new ObuCollector() : new NalCollector(spec.codec);
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
function openEncoder(spec: ClipSpec, collected: Collector): PictureEncoder {
  return new PictureEncoder({
    name: ENCODERS[spec.codec],
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
  if (spec.codec === 'av1') return AV1_OPTIONS;
  const gop = Math.round(spec.gopSeconds * spec.rateFps);
  const structure = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=${spec.bFrames}:open-gop=0${spec.isRefreshed === true ? ':intra-refresh=1' : ''}`;
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

/** Takes coded pictures apart: parameter sets to one side, the picture's own units to the other. */
interface Collector {
  readonly units: readonly ClipUnit[];
  /** @param bytes a picture as the encoder gives it. */
  add(bytes: Uint8Array, frame: number, isKey: boolean): void;
  /** @throws EncodeError if there were none. */
  parameterSets(): VideoParameterSets;
}

class ObuCollector implements Collector {
  readonly units: ClipUnit[] = [];
  #sequenceHeader: Uint8Array | undefined;

  add(bytes: Uint8Array, frame: number, isKey: boolean): void {
    const obus: Uint8Array[] = [];
    for (const obu of packetUnits(bytes)) {
      if (obuType(obu[0] ?? 0) === OBU.sequenceHeader) this.#sequenceHeader = obu;
      else obus.push(obu);
    }
    this.units.push({ isKey, frame, nals: obus });
  }

  parameterSets(): VideoParameterSets {
    if (this.#sequenceHeader === undefined) {
      throw new EncodeError('reading the coded pictures, found no sequence header');
    }
    return { codec: 'av1', sequenceHeader: this.#sequenceHeader };
  }
}

class NalCollector implements Collector {
  readonly units: ClipUnit[] = [];
  readonly #codec: NalCodecName;
  #vps: Uint8Array | undefined;
  #sps: Uint8Array | undefined;
  #pps: Uint8Array[] = [];

  constructor(codec: NalCodecName) {
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
  // Without it nobody could begin with a picture that is refreshed stripe by stripe.
  if (recoveryPointIn('h264', nal) !== undefined) return 'picture';
  return type === 7 ? 'sps' : type === 8 ? 'pps' : 'other';
}

/** ITU-T H.265 table 7-1. */
function h265Kind(nal: Uint8Array): NalKind {
  const type = ((nal[0] ?? 0) >> 1) & 0x3f;
  if (type < 32) return 'picture';
  return type === 32 ? 'vps' : type === 33 ? 'sps' : type === 34 ? 'pps' : 'other';
}
