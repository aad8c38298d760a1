import {
  AV_CODEC_FLAG_QSCALE,
  AV_HWDEVICE_TYPE_VAAPI,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_VAAPI,
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
  FF_QP2LAMBDA,
} from 'node-av/constants';
import type { HardwareEncoderName, ReencodeConfig } from '../config/config.ts';
import { setBitRate, type EncoderChoice } from './encoder-choice.ts';

type MakeChoice = (config: ReencodeConfig) => EncoderChoice;

/** Each is asked to hold back as few pictures as it can. Whether one works only trying tells. */
export const HARDWARE_ENCODERS: Readonly<Record<HardwareEncoderName, MakeChoice>> = {
  nvenc: ({ codec, rateControl }) => ({
    name: codec === 'h264' ? FF_ENCODER_H264_NVENC : FF_ENCODER_HEVC_NVENC,
    pixelFormat: () => AV_PIX_FMT_NV12,
    memory: undefined,
    settings: [
      ['forced-idr', '1'],
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
