import { AV_LOG_QUIET, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { sleep, type Clock } from '../../src/base/clock.ts';
import { wallMs } from '../../src/base/time.ts';
import { PictureEncoder } from '../../src/decode/picture-encoder.ts';
import { splitAnnexB } from '../../src/media/annex-b.ts';
import { createI420 } from '../../src/media/i420.ts';
import { RtspServer } from '../../src/rtsp/server/rtsp-server.ts';
import type { ServedStream } from '../../src/rtsp/server/served-stream.ts';
import { aLaw, beepAt } from '../../src/sound/testing/tones.ts';

const RATE_FPS = 20;
const SIZE = { widthPx: 160, heightPx: 96 };
const SOUND_RATE_HZ = 8_000;
const PACKET_SAMPLES = 160;
const VIDEO_RATE_HZ = 90_000;
/** Of each second. */
const FLASHING_PICTURES = 2;

/** How the camera's sound is sent. */
export interface BeaconSound {
  /** Encoding name of RTP. */
  readonly encoding: string;
  readonly rateHz: number;
  readonly channels: number;
  readonly packetSamples: number;
  /** The packet of so many samples from this one on. */
  readonly packet: (firstSample: number) => Uint8Array;
}

export const A_LAW_BEEPS: BeaconSound = {
  encoding: 'PCMA',
  rateHz: SOUND_RATE_HZ,
  channels: 1,
  packetSamples: PACKET_SAMPLES,
  packet: (first) =>
    Uint8Array.from({ length: PACKET_SAMPLES }, (_, i) => aLaw(beepAt((first + i) / SOUND_RATE_HZ))),
};

interface Pictures {
  /** NAL units of each. */
  readonly units: readonly (readonly Uint8Array[])[];
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

export interface BeaconOptions {
  readonly clock: Clock;
  readonly sound?: BeaconSound;
  /** How much faster the clock of its sound runs, such as 0.0002. */
  readonly drift?: number;
}

interface Shown extends BeaconOptions {
  readonly units: Pictures['units'];
}

/**
 * A camera whose picture is white for a tenth of each second while it beeps: both begin with the second, and so does a
 * GOP.
 */
export class BeaconCamera implements AsyncDisposable {
  readonly #server: RtspServer;
  readonly #stopping = new AbortController();
  readonly #playing: Promise<void>;

  private constructor(server: RtspServer, stream: ServedStream, shown: Shown) {
    this.#server = server;
    this.#playing = play(stream, shown, this.#stopping.signal);
  }

  static async start(options: BeaconOptions): Promise<BeaconCamera> {
    const server = await RtspServer.listen({ clock: options.clock, port: 0 });
    const { units, sps, pps } = encodePictures();
    const { encoding, rateHz: sampleRateHz, channels } = options.sound ?? A_LAW_BEEPS;
    const stream = server.serve({
      path: '/main',
      media: [
        { kind: 'video', codec: 'h264', parameterSets: { codec: 'h264', sps, pps: [pps] } },
        { kind: 'plain-sound', encoding, sampleRateHz, channels },
      ],
    });
    return new BeaconCamera(server, stream, { ...options, units });
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.#server.port}/main`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#playing;
    await this.#server[Symbol.asyncDispose]();
  }
}

async function play(
  stream: ServedStream,
  { clock, sound = A_LAW_BEEPS, drift = 0, units }: Shown,
  signal: AbortSignal,
): Promise<void> {
  const startMs = clock.monotonicMs();
  const startWallMs = clock.wallMs();
  const soundRateHz = sound.rateHz * (1 + drift);
  let pictures = 0;
  let packets = 0;
  const sendPicture = (number: number) =>
    stream.send({
      track: 0,
      parts: units[number % RATE_FPS] ?? [],
      timestamp: (number * VIDEO_RATE_HZ) / RATE_FPS,
      wallMs: wallMs(startWallMs + (number * 1_000) / RATE_FPS),
      isKey: number % RATE_FPS === 0,
    });
  const sendSound = (number: number) => {
    const first = number * sound.packetSamples;
    stream.send({
      track: 1,
      // What the microphone hears is in step with the picture, whatever the sound is clocked by.
      parts: [sound.packet(Math.round(first / (1 + drift)))],
      timestamp: first,
      wallMs: wallMs(startWallMs + (first * 1_000) / soundRateHz),
      isKey: true,
    });
  };
  while (!signal.aborted) {
    const seconds = (clock.monotonicMs() - startMs) / 1_000;
    // In order, as a camera that was held up sends them: sound that came after much picture would count as out of step.
    for (;;) {
      const pictureDue = pictures / RATE_FPS;
      // When its last sample has been heard.
      const soundDue = ((packets + 1) * sound.packetSamples) / soundRateHz;
      if (Math.min(pictureDue, soundDue) > seconds) break;
      if (pictureDue <= soundDue) sendPicture(pictures++);
      else sendSound(packets++);
    }
    await sleep(clock, 5, signal).catch(() => undefined);
  }
}

/** A second of them, the flash first. */
function encodePictures(): Pictures {
  Log.setLevel(AV_LOG_QUIET);
  const units: Uint8Array[][] = [];
  let sps = new Uint8Array(0);
  let pps = new Uint8Array(0);
  const encoder = new PictureEncoder({
    name: FF_ENCODER_LIBX264,
    ...SIZE,
    clockRateHz: RATE_FPS,
    settings: [
      ['preset', 'ultrafast'],
      ['tune', 'zerolatency'],
      ['x264-params', `keyint=${RATE_FPS}:min-keyint=${RATE_FPS}:scenecut=0`],
    ],
    configure(context) {
      context.bitRate = 100_000n;
      context.gopSize = RATE_FPS;
      context.maxBFrames = 0;
    },
    onPacket({ data }) {
      const unit: Uint8Array[] = [];
      for (const nal of splitAnnexB(Buffer.from(data ?? []))) {
        const type = (nal[0] ?? 0) & 0x1f;
        if (type === 7) sps = Uint8Array.from(nal);
        else if (type === 8) pps = Uint8Array.from(nal);
        else if (type <= 5) unit.push(Uint8Array.from(nal));
      }
      units.push(unit);
    },
  });
  const picture = createI420(SIZE.widthPx, SIZE.heightPx);
  for (let i = 0; i < RATE_FPS; i++) {
    picture.y.fill(i < FLASHING_PICTURES ? 230 : 30);
    encoder.encode(picture, i);
  }
  encoder.finish();
  encoder[Symbol.dispose]();
  return { units, sps, pps };
}
