import {
  AV_HWDEVICE_TYPE_VAAPI,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_VAAPI,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  FF_ENCODER_H264_NVENC,
  FF_ENCODER_H264_QSV,
  FF_ENCODER_H264_V4L2M2M,
  FF_ENCODER_H264_VAAPI,
  FF_ENCODER_H264_VIDEOTOOLBOX,
  FF_ENCODER_HEVC_NVENC,
  FF_ENCODER_HEVC_QSV,
  FF_ENCODER_HEVC_V4L2M2M,
  FF_ENCODER_HEVC_VAAPI,
  FF_ENCODER_HEVC_VIDEOTOOLBOX,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
  FF_QP2LAMBDA,
  AV_CODEC_FLAG_QSCALE,
  type AVHWDeviceType,
  type AVPixelFormat,
  type FFVideoEncoder,
} from 'node-av/constants';
import type { CodecContext } from 'node-av/lib';
import type {
  EncoderName,
  HardwareEncoderName,
  RateControlConfig,
  ReencodeConfig,
} from '../config/config.ts';

/** One of FFmpeg's encoders and how it is set up. */
export interface EncoderChoice {
  readonly name: FFVideoEncoder;
  /** Of the pictures that it takes, by whether they are full range. */
  readonly pixelFormat: (isFullRange: boolean) => AVPixelFormat;
  /** Where pictures have to lie for it, if not in ordinary memory. */
  readonly memory: { readonly device: AVHWDeviceType; readonly pixelFormat: AVPixelFormat } | undefined;
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Sets what FFmpeg knows for all encoders. */
  readonly configure: (context: CodecContext) => void;
}

/**
 * How many pictures the software encoders look ahead. Five save as much room as the ten of the preset, none costs a
 * fifth more (design/transcoding.md); each one makes the answer later by a picture.
 */
const LOOKAHEAD = 5;
/** What one thread encodes without trouble: above it, an encoder gets more. */
const PIXELS_A_THREAD = 1920 * 1088;
const MAX_THREADS = 4;

/** What is tried, in this order. */
export function encoderChoices(config: ReencodeConfig): readonly EncoderChoice[] {
  return families(config).map((family) =>
    family === 'software' ? software(config) : HARDWARE[family](config),
  );
}

function families({ encoder, rateControl }: ReencodeConfig): readonly Exclude<EncoderName, 'auto'>[] {
  if (encoder !== 'auto') return [encoder];
  const all = ['nvenc', 'qsv', 'vaapi', 'videotoolbox', 'v4l2m2m', 'software'] as const;
  return all.filter((family) => family !== 'v4l2m2m' || rateControl.kind === 'bit-rate');
}

function software({ codec, rateControl }: ReencodeConfig): EncoderChoice {
  const common = {
    pixelFormat: (isFullRange: boolean) => (isFullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P),
    memory: undefined,
    configure(context: CodecContext) {
      setBitRate(context, rateControl);
      context.threadCount = threadsFor(context);
    },
  };
  const settings = [
    ['forced-idr', '1'],
    // What a camera writes beside its pictures goes on to the recording.
    ['udu_sei', '1'],
    ...(rateControl.kind === 'quality' ? [['crf', String(rateControl.quality)] as const] : []),
  ] as const;
  return codec === 'h264'
    ? {
        ...common,
        name: FF_ENCODER_LIBX264,
        settings: [
          ['preset', 'veryfast'],
          ['x264-params', `rc-lookahead=${LOOKAHEAD}:scenecut=0`],
          ...settings,
        ],
      }
    : {
        ...common,
        name: FF_ENCODER_LIBX265,
        settings: [
          ['preset', 'superfast'],
          [
            'x265-params',
            `rc-lookahead=${LOOKAHEAD}:scenecut=0:open-gop=0:pools=none:frame-threads=1:log-level=none`,
          ],
          ...settings,
        ],
      };
}

function threadsFor({ width, height }: CodecContext): number {
  return Math.min(MAX_THREADS, Math.ceil((width * height) / PIXELS_A_THREAD));
}

type MakeChoice = (config: ReencodeConfig) => EncoderChoice;

const HARDWARE: Readonly<Record<HardwareEncoderName, MakeChoice>> = {
  nvenc: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_NVENC : FF_ENCODER_HEVC_NVENC,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: undefined,
    settings: [
      ['forced-idr', '1'],
      ['udu_sei', '1'],
      ['delay', '0'],
      ['rc', 'vbr'],
      ...(rateControl.kind === 'quality' ? [['cq', String(rateControl.quality)] as const] : []),
    ],
    configure: (context) => setBitRate(context, rateControl),
  }),
  qsv: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_QSV : FF_ENCODER_HEVC_QSV,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: undefined,
    settings: [
      ['forced_idr', '1'],
      ['async_depth', '1'],
    ],
    configure(context) {
      setBitRate(context, rateControl);
      if (rateControl.kind === 'quality') context.globalQuality = rateControl.quality;
    },
  }),
  vaapi: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_VAAPI : FF_ENCODER_HEVC_VAAPI,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: { device: AV_HWDEVICE_TYPE_VAAPI, pixelFormat: AV_PIX_FMT_VAAPI },
    settings: [
      ['async_depth', '1'],
      ...(rateControl.kind === 'quality'
        ? ([
            ['rc_mode', 'CQP'],
            ['qp', String(rateControl.quality)],
          ] as const)
        : ([['rc_mode', 'VBR']] as const)),
    ],
    configure: (context) => setBitRate(context, rateControl),
  }),
  videotoolbox: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_VIDEOTOOLBOX : FF_ENCODER_HEVC_VIDEOTOOLBOX,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: undefined,
    settings: [['realtime', '1']],
    configure(context) {
      setBitRate(context, rateControl);
      if (rateControl.kind === 'bit-rate') return;
      // It counts quality upwards, to 100.
      context.setFlags(AV_CODEC_FLAG_QSCALE);
      context.globalQuality = Math.round(FF_QP2LAMBDA * 100 * (1 - rateControl.quality / 52));
    },
  }),
  v4l2m2m: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_V4L2M2M : FF_ENCODER_HEVC_V4L2M2M,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: undefined,
    settings: [],
    configure: (context) => setBitRate(context, rateControl),
  }),
};

/** A picture may take more than the average, for a second or two. */
function setBitRate(context: CodecContext, rateControl: RateControlConfig): void {
  if (rateControl.kind === 'quality') {
    context.bitRate = 0n;
    return;
  }
  const bitsPerSecond = Math.round(rateControl.bitRateBps);
  context.bitRate = BigInt(bitsPerSecond);
  context.rcMaxRate = BigInt(2 * bitsPerSecond);
  context.rcBufferSize = 2 * bitsPerSecond;
}
