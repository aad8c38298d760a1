import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet, Rational } from 'node-av/lib';
import { mediaTicks } from '../../base/time.ts';
import { pictureOfAnnexB, trackOfAnnexB } from '../../media/coded-picture.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket, type VideoTrack } from '../../media/packet.ts';

export interface ClipOptions {
  readonly codec: 'h264' | 'h265';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pictures: number;
  readonly rateFps: number;
  readonly gop: number;
  readonly bFrames?: number;
  readonly format?: 'limited' | 'full' | 'limited-10-bit';
  /** Luma of picture number `index` as it is to be coded, rows without padding; two bytes a pixel at 10 bits. */
  readonly luma: (index: number) => Uint8Array;
}

const FORMATS = {
  limited: { pixelFormat: AV_PIX_FMT_YUV420P, range: AVCOL_RANGE_MPEG, grey: [128] },
  full: { pixelFormat: AV_PIX_FMT_YUVJ420P, range: AVCOL_RANGE_JPEG, grey: [128] },
  'limited-10-bit': { pixelFormat: AV_PIX_FMT_YUV420P10LE, range: AVCOL_RANGE_MPEG, grey: [0, 2] },
} as const;

/**
 * Codes generated pictures as a camera would send them: the packets of one track in decoding order. Without loss, but
 * for H.264 with B frames, which is off by a few steps of luma.
 */
export function encodeClip(options: ClipOptions): VideoPacket[] {
  Log.setLevel(AV_LOG_QUIET);
  using encoder = openEncoder(options);
  using packet = new Packet();
  packet.alloc();
  const track = trackOf(options.codec, encoder.extraData ?? Buffer.alloc(0));
  const packets: VideoPacket[] = [];
  for (let index = 0; index <= options.pictures; index++) {
    sendPicture(encoder, options, index);
    while (encoder.receivePacketSync(packet) === 0) {
      packets.push(toVideoPacket(packet, track, options.codec));
      packet.unref();
    }
  }
  return packets;
}

function openEncoder({
  codec,
  widthPx,
  heightPx,
  gop,
  rateFps,
  bFrames = 0,
  format = 'limited',
}: ClipOptions) {
  const encoder = new CodecContext();
  const implementation = Codec.findEncoderByName(codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265);
  encoder.allocContext3(implementation);
  encoder.width = widthPx;
  encoder.height = heightPx;
  encoder.pixelFormat = FORMATS[format].pixelFormat;
  encoder.colorRange = FORMATS[format].range;
  encoder.timeBase = new Rational(1, VIDEO_CLOCK_RATE_HZ);
  encoder.framerate = new Rational(rateFps, 1);
  encoder.gopSize = gop;
  encoder.maxBFrames = bFrames;
  encoder.threadCount = 1;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  // Not through the dictionary of open2Sync, which node-av 6.1.1 frees twice.
  encoder.setOption('preset', 'ultrafast');
  // x264 makes no B frames without loss.
  if (codec === 'h264') encoder.setOption('qp', bFrames > 0 ? '1' : '0');
  else encoder.setOption('x265-params', 'lossless=1:log-level=none:pools=none:frame-threads=1:aud=1');
  FFmpegError.throwIfError(encoder.open2Sync(implementation), 'avcodec_open2');
  return encoder;
}

/** The picture after the last one is the end of the stream. */
function sendPicture(encoder: CodecContext, options: ClipOptions, index: number): void {
  if (index === options.pictures) {
    FFmpegError.throwIfError(encoder.sendFrameSync(null), 'avcodec_send_frame');
    return;
  }
  const { widthPx, heightPx, rateFps, luma, format = 'limited' } = options;
  const { pixelFormat, grey } = FORMATS[format];
  const chroma = Buffer.alloc((widthPx * heightPx * grey.length) / 2, Buffer.from(grey));
  using frame = Frame.fromVideoBuffer(Buffer.concat([luma(index), chroma]), {
    width: widthPx,
    height: heightPx,
    format: pixelFormat,
    pts: BigInt(Math.round((index * VIDEO_CLOCK_RATE_HZ) / rateFps)),
  });
  FFmpegError.throwIfError(encoder.sendFrameSync(frame), 'avcodec_send_frame');
}

function trackOf(codec: ClipOptions['codec'], extradata: Uint8Array): VideoTrack {
  const track = trackOfAnnexB(codec, 0, extradata);
  if (track === undefined) throw new Error('the encoder told no parameter sets');
  return track;
}

function toVideoPacket(packet: Packet, track: VideoTrack, codec: ClipOptions['codec']): VideoPacket {
  return {
    track,
    isKey: packet.isKeyframe,
    pts: mediaTicks(Number(packet.pts)),
    dts: mediaTicks(Number(packet.dts)),
    data: pictureOfAnnexB(codec, packet.data ?? Buffer.alloc(0)),
  };
}
