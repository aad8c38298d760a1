import {
  AV_LOG_ERROR,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Log, Packet, Rational } from 'node-av/lib';
import { splitAnnexB } from '../media/annex-b.ts';
import type { VideoParameterSets } from '../media/packet.ts';
import type { ClipSpec } from './clip-spec.ts';
import type { Clip, ClipUnit } from './clip.ts';
import { EncodeError } from './encode-error.ts';
import { encodeSound } from './encode-sound.ts';
import type { I420Picture } from '../media/i420.ts';
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
  const encoder = new PictureEncoder(spec, (data, frame, isKey) => collected.add(data, frame, isKey));
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

/** One encoder, pictures in, coded pictures out. */
class PictureEncoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #onUnit: (data: Uint8Array, frame: number, isKey: boolean) => void;

  constructor(spec: ClipSpec, onUnit: (data: Uint8Array, frame: number, isKey: boolean) => void) {
    this.#onUnit = onUnit;
    const name = spec.codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265;
    const codec = Codec.findEncoderByName(name);
    if (codec === null) throw new EncodeError(`looking for the encoder ${name}, found none`);
    const context = this.#context;
    context.allocContext3(codec);
    context.width = spec.widthPx;
    context.height = spec.heightPx;
    context.timeBase = new Rational(1, spec.rateFps);
    context.framerate = new Rational(spec.rateFps, 1);
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_BT709;
    context.colorPrimaries = AVCOL_PRI_BT709;
    context.colorTrc = AVCOL_TRC_BT709;
    context.bitRate = BigInt(spec.bitrateBps);
    context.gopSize = Math.round(spec.gopSeconds * spec.rateFps);
    context.maxBFrames = spec.bFrames;
    context.threadCount = 2;
    // Not through a dictionary: opening consumes it, and node-av 6.1 then frees it a second time.
    for (const [option, value] of encoderOptions(spec)) {
      EncodeError.check(`setting ${option} of ${name}`, context.setOption(option, value));
    }
    EncodeError.check(`opening the encoder ${name}`, context.open2Sync(codec, null));
    this.#packet.alloc();
    this.#frame.alloc();
    this.#frame.format = AV_PIX_FMT_YUV420P;
    this.#frame.width = spec.widthPx;
    this.#frame.height = spec.heightPx;
    EncodeError.check('allocating a picture', this.#frame.allocBuffer());
  }

  encode(picture: I420Picture, frame: number): void {
    EncodeError.check('preparing a picture', this.#frame.makeWritable());
    const planes = this.#frame.data;
    const strides = this.#frame.linesize;
    copyPlane(picture.y, picture.widthPx, picture.heightPx, planes?.[0], strides[0]);
    copyPlane(picture.u, picture.widthPx / 2, picture.heightPx / 2, planes?.[1], strides[1]);
    copyPlane(picture.v, picture.widthPx / 2, picture.heightPx / 2, planes?.[2], strides[2]);
    this.#frame.pts = BigInt(frame);
    this.#frame.pictType = AV_PICTURE_TYPE_NONE;
    EncodeError.check('encoding a picture', this.#context.sendFrameSync(this.#frame));
    this.#drain();
  }

  finish(): void {
    EncodeError.check('ending the encoding', this.#context.sendFrameSync(null));
    this.#drain();
  }

  [Symbol.dispose](): void {
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  #drain(): void {
    for (;;) {
      const result = this.#context.receivePacketSync(this.#packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      EncodeError.check('taking a coded picture', result);
      const { data, pts, isKeyframe } = this.#packet;
      // Copied: the packet's memory goes back to FFmpeg.
      if (data !== null) this.#onUnit(Buffer.from(data), Number(pts), isKeyframe);
      this.#packet.unref();
    }
  }
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

function copyPlane(
  from: Uint8Array,
  widthPx: number,
  heightPx: number,
  to: Buffer | undefined,
  stride: number | undefined,
): void {
  if (to === undefined || stride === undefined) throw new EncodeError('writing a picture, found no plane');
  if (stride === widthPx) {
    to.set(from);
    return;
  }
  for (let row = 0; row < heightPx; row++) {
    to.set(from.subarray(row * widthPx, (row + 1) * widthPx), row * stride);
  }
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
