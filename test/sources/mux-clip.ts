import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLTP,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, Log, Packet, Rational } from 'node-av/lib';
import { AAC_UNIT_SAMPLES, type Clip, type ClipUnit } from '../../src/demo/clip.ts';
import { withLengths } from '../../src/media/coded-picture.ts';
import { encodeDecoderConfiguration } from '../../src/media/fmp4/decoder-configuration.ts';

export interface MuxOptions {
  /** Without B frames. */
  readonly clip: Clip;
  /** FFmpeg's name, such as `mp4` or `mpegts`. */
  readonly format: string;
  /** A path, or a URL to send to. */
  readonly to: string;
  /** Of the muxer. */
  readonly options?: Readonly<Record<string, string>>;
  /** Waits until a picture is due, as a live sender does; undefined to write as fast as can be. */
  readonly pace?: (seconds: number) => Promise<void>;
  /** How often the loop is played. */
  readonly loops?: number;
  /** Whether what the muxer does not take is left out; an error otherwise. */
  readonly isDamaged?: boolean;
}

const CODEC_IDS = { h264: AV_CODEC_ID_H264, h265: AV_CODEC_ID_HEVC, av1: AV_CODEC_ID_AV1 } as const;
const VIDEO_RATE_HZ = 90_000;

/** Writes a clip by one of FFmpeg's muxers, as somebody else's program would. Without blocking the event loop where it is paced. */
export async function muxClip({
  clip,
  format,
  to,
  options = {},
  pace,
  loops = 1,
  isDamaged = false,
}: MuxOptions): Promise<void> {
  Log.setLevel(AV_LOG_QUIET);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, format, to));
  addVideo(output, clip);
  if (clip.sound !== undefined) addSound(output, clip);
  // Some muxers open their files themselves.
  if (!format.startsWith('hls')) check(await output.openOutput());
  const dictionary = Dictionary.fromObject(options);
  check(await output.writeHeader(dictionary));
  dictionary.free();
  const packet = new Packet();
  packet.alloc();
  const write = async (stream: number, data: Uint8Array, isKey: boolean, from: Rational, ticks: number) => {
    packet.data = Buffer.from(data);
    packet.streamIndex = stream;
    packet.isKeyframe = isKey;
    packet.pts = BigInt(ticks);
    packet.dts = packet.pts;
    const target = output.streams[stream];
    if (target !== undefined) packet.rescaleTs(from, target.timeBase);
    const written = await output.interleavedWriteFrame(packet);
    if (!isDamaged) check(written);
    packet.unref();
  };
  const { rateFps, units, sound } = clip;
  let soundUnits = 0;
  for (let picture = 0; picture < units.length * loops; picture++) {
    const unit = units[picture % units.length];
    if (unit === undefined) break;
    const seconds = picture / rateFps;
    await pace?.(seconds);
    const ticks = Math.round(seconds * VIDEO_RATE_HZ);
    await write(0, pictureOf(clip, unit), unit.isKey, new Rational(1, VIDEO_RATE_HZ), ticks);
    if (sound === undefined) continue;
    const rate = new Rational(1, sound.sampleRateHz);
    for (; (soundUnits * AAC_UNIT_SAMPLES) / sound.sampleRateHz < seconds + 1 / rateFps; soundUnits++) {
      const heard = sound.units[soundUnits % sound.units.length] ?? new Uint8Array(0);
      await write(1, heard, true, rate, soundUnits * AAC_UNIT_SAMPLES);
    }
  }
  await output.writeTrailer();
  packet.free();
  if (!format.startsWith('hls')) await output.closeOutput();
  output.freeContext();
}

function pictureOf({ parameterSets: sets }: Clip, { isKey, nals }: ClipUnit): Uint8Array {
  if (sets.codec !== 'av1') return withLengths(nals);
  return Buffer.concat(isKey ? [sets.sequenceHeader, ...nals] : nals);
}

function addVideo(output: FormatContext, clip: Clip): void {
  const stream = output.newStream(null);
  stream.timeBase = new Rational(1, VIDEO_RATE_HZ);
  const { codecpar } = stream;
  codecpar.codecType = AVMEDIA_TYPE_VIDEO;
  codecpar.codecId = CODEC_IDS[clip.parameterSets.codec];
  codecpar.width = clip.widthPx;
  codecpar.height = clip.heightPx;
  codecpar.format = AV_PIX_FMT_YUV420P;
  codecpar.extradata = Buffer.from(encodeDecoderConfiguration(clip.parameterSets));
}

function addSound(output: FormatContext, { sound }: Clip): void {
  if (sound === undefined) return;
  const stream = output.newStream(null);
  stream.timeBase = new Rational(1, sound.sampleRateHz);
  const { codecpar } = stream;
  codecpar.codecType = AVMEDIA_TYPE_AUDIO;
  codecpar.codecId = AV_CODEC_ID_AAC;
  codecpar.format = AV_SAMPLE_FMT_FLTP;
  codecpar.sampleRate = sound.sampleRateHz;
  codecpar.channelLayout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 1, mask: 4n };
  codecpar.frameSize = AAC_UNIT_SAMPLES;
  codecpar.extradata = Buffer.from(sound.audioSpecificConfig);
}

function check(result: number): void {
  FFmpegError.throwIfError(result, 'muxing a clip');
}
