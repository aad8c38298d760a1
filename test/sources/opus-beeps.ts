import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_LOG_QUIET,
  AV_SAMPLE_FMT_S16,
  FF_ENCODER_LIBOPUS,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet, Rational } from 'node-av/lib';
import { beepAt } from '../../src/sound/testing/tones.ts';
import type { BeaconSound } from './beacon-camera.ts';

const RATE_HZ = 48_000;
const PACKET_SAMPLES = 960;
const PACKETS = RATE_HZ / PACKET_SAMPLES;

/** The sound of a beacon as Opus: the second second of what an encoder makes of it, over and over. */
export function opusBeeps(): BeaconSound {
  const packets = encode(3).slice(PACKETS, 2 * PACKETS);
  return {
    encoding: 'opus',
    rateHz: RATE_HZ,
    channels: 2,
    packetSamples: PACKET_SAMPLES,
    packet: (first) => packets[Math.round(first / PACKET_SAMPLES) % PACKETS] ?? new Uint8Array(0),
  };
}

function encode(seconds: number): Uint8Array[] {
  Log.setLevel(AV_LOG_QUIET);
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBOPUS);
  if (codec === null) throw new Error('FFmpeg here has no encoder for Opus');
  const context = new CodecContext();
  context.allocContext3(codec);
  const layout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 1, mask: 4n };
  context.sampleRate = RATE_HZ;
  context.sampleFormat = AV_SAMPLE_FMT_S16;
  context.channelLayout = layout;
  context.bitRate = 48_000n;
  context.timeBase = new Rational(1, RATE_HZ);
  FFmpegError.throwIfError(context.open2Sync(codec, null), 'opening the Opus encoder');
  const frame = new Frame();
  frame.alloc();
  const packet = new Packet();
  packet.alloc();
  const packets: Uint8Array[] = [];
  for (let first = 0; first < seconds * RATE_HZ; first += PACKET_SAMPLES) {
    frame.format = AV_SAMPLE_FMT_S16;
    frame.nbSamples = PACKET_SAMPLES;
    frame.sampleRate = RATE_HZ;
    frame.channelLayout = layout;
    FFmpegError.throwIfError(frame.allocBuffer(), 'allocating sound');
    for (let i = 0; i < PACKET_SAMPLES; i++) {
      frame.data?.[0]?.writeInt16LE(Math.round(beepAt((first + i) / RATE_HZ) * 32_767), i * 2);
    }
    frame.pts = BigInt(first);
    FFmpegError.throwIfError(context.sendFrameSync(frame), 'encoding sound');
    frame.unref();
    while (context.receivePacketSync(packet) >= 0) {
      packets.push(Uint8Array.from(packet.data ?? []));
      packet.unref();
    }
  }
  packet.free();
  frame.free();
  context.freeContext();
  return packets;
}
