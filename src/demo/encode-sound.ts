import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { AAC_UNIT_SAMPLES, type ClipSound } from './clip.ts';
import { EncodeError } from '../decode/encode-error.ts';

const SAMPLE_RATE_HZ = 16_000;
const BEEP_HZ = 880;
const BEEP_SECONDS = 0.08;
/** FFmpeg's layout of one channel in front: AV_CH_FRONT_CENTER. */
const MONO = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 1, mask: 4n };

/**
 * Encodes a soft beep at each full second of the loop.
 * @throws EncodeError if the encoder fails.
 */
export function encodeSound(loopSeconds: number): ClipSound {
  const codec = Codec.findEncoderByName(FF_ENCODER_AAC);
  if (codec === null) throw new EncodeError('looking for the AAC encoder, found none');
  const context = new CodecContext();
  const frame = new Frame();
  const packet = new Packet();
  try {
    context.allocContext3(codec);
    context.sampleRate = SAMPLE_RATE_HZ;
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.channelLayout = MONO;
    context.bitRate = 32_000n;
    context.timeBase = new Rational(1, SAMPLE_RATE_HZ);
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    EncodeError.check('opening the AAC encoder', context.open2Sync(codec, null));
    packet.alloc();
    frame.alloc();
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.nbSamples = AAC_UNIT_SAMPLES;
    frame.sampleRate = SAMPLE_RATE_HZ;
    frame.channelLayout = MONO;
    EncodeError.check('allocating sound', frame.allocBuffer());
    const units: Uint8Array[] = [];
    const wanted = Math.round((loopSeconds * SAMPLE_RATE_HZ) / AAC_UNIT_SAMPLES);
    // One more than wanted: the encoder's first unit only primes it and is left out.
    for (let unit = 0; units.length <= wanted; unit++) {
      EncodeError.check('preparing sound', frame.makeWritable());
      beep(frame.data?.[0], unit * AAC_UNIT_SAMPLES);
      frame.pts = BigInt(unit * AAC_UNIT_SAMPLES);
      EncodeError.check('encoding sound', context.sendFrameSync(frame));
      while (context.receivePacketSync(packet) >= 0) {
        if (packet.data !== null) units.push(Buffer.from(packet.data));
        packet.unref();
      }
    }
    const config = context.extraData;
    if (config === null) throw new EncodeError('reading the AAC configuration, found none');
    return {
      audioSpecificConfig: Buffer.from(config.subarray(0, 2)),
      sampleRateHz: SAMPLE_RATE_HZ,
      channels: 1,
      units: units.slice(1),
    };
  } finally {
    packet.free();
    frame.free();
    context.freeContext();
  }
}

/** Fills a plane of 32-bit floats with the samples from `firstSample` on. */
function beep(plane: Buffer | undefined, firstSample: number): void {
  if (plane === undefined) throw new EncodeError('writing sound, found no plane');
  for (let index = 0; index < AAC_UNIT_SAMPLES; index++) {
    const seconds = ((firstSample + index) % SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ;
    const envelope = seconds < BEEP_SECONDS ? Math.sin((Math.PI * seconds) / BEEP_SECONDS) : 0;
    plane.writeFloatLE(0.12 * envelope * Math.sin(2 * Math.PI * BEEP_HZ * seconds), index * 4);
  }
}
