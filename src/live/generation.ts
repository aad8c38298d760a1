import type { WallMs } from '../base/time.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';
import { isSameFormat } from '../media/fmp4/sample-entry.ts';
import { encodeDecoderConfiguration } from '../media/fmp4/decoder-configuration.ts';
import { shownSize } from '../media/orientation.ts';
import { isVideo, type Mp4SoundTrack, type Packet, type VideoPacket } from '../media/packet.ts';
import { encodeLiveFrame, MediaMessage } from './live-message.ts';
import { LiveMuxer, type LiveFragment } from './live-muxer.ts';
import { LIVE_FLAG, type LiveTrack } from './protocol.ts';

export interface GenerationOptions {
  /** Its number among those of the server, as messages tell it. */
  readonly gen: number;
  readonly nextSeq: () => number;
  /** The key picture that it begins with. */
  readonly first: VideoPacket;
  readonly firstWallMs: WallMs;
  readonly epochWallMs: WallMs;
  readonly audio: Mp4SoundTrack | undefined;
  /** The usual time between pictures, where it is known; in ticks of the video. */
  readonly intervalTicks: number | undefined;
}

/** What a player is told of a generation, but for what is his own. */
export type GenerationTrack = Pick<
  LiveTrack,
  'gen' | 'mime' | 'video' | 'audio' | 'audioRateHz' | 'audioChannels' | 'w' | 'h' | 'fps'
>;

/** A stretch of a stream that one set of decoders plays: made into messages once for all players. */
export class Generation {
  readonly #options: GenerationOptions;
  readonly #muxer: LiveMuxer;
  readonly #inits = new Map<string, readonly Buffer[]>();

  constructor(options: GenerationOptions) {
    this.#options = options;
    this.#muxer = new LiveMuxer(options);
  }

  get epochUs(): number {
    return this.#muxer.epochUs;
  }

  /** @param withSound whether the player wants sound, if there is any. */
  track(withSound: boolean): GenerationTrack {
    const { gen, first, audio: offered, intervalTicks } = this.#options;
    const { codecString, clockRateHz } = first.track;
    const { widthPx, heightPx } = shownSize(first.track);
    const audio = withSound ? offered : undefined;
    const codecs = audio === undefined ? codecString : `${codecString}, ${audio.codecString}`;
    return {
      gen,
      mime: `video/mp4; codecs="${codecs}"`,
      video: codecString,
      audio: audio?.codecString ?? null,
      audioRateHz: audio?.clockRateHz ?? null,
      audioChannels: audio?.channels ?? null,
      w: widthPx,
      h: heightPx,
      fps: intervalTicks === undefined ? null : Math.round((10 * clockRateHz) / intervalTicks) / 10,
    };
  }

  /**
   * What a player needs before the first picture, as whole frames.
   * @throws Mp4Error, BitstreamError for parameter sets that cannot be used.
   */
  init(mode: 'mse' | 'wc', withSound: boolean): readonly Buffer[] {
    const key = `${mode} ${withSound}`;
    const made = this.#inits.get(key) ?? this.#makeInit(mode, withSound);
    this.#inits.set(key, made);
    return made;
  }

  /**
   * Whether it goes on with this key picture.
   * @param audio the sound that there is beside it.
   */
  holds(picture: VideoPacket, audio: Mp4SoundTrack | undefined): boolean {
    const { first, audio: mine } = this.#options;
    return isSame(picture.track, first.track) && isSame(audio, mine);
  }

  /**
   * @returns undefined for sound that is not told.
   * @throws Mp4Error for a packet that cannot be told; the generation can go on without it.
   */
  message(packet: Packet, wallMs: WallMs): MediaMessage | undefined {
    const fragment = isVideo(packet) ? this.#muxer.picture(packet) : this.#muxer.sound(packet);
    return fragment && this.#wrap(packet, wallMs, fragment);
  }

  #wrap(packet: Packet, captureMs: WallMs, { pieces, epochUs, hasGap }: LiveFragment): MediaMessage {
    const { gen, nextSeq } = this.#options;
    const key = isVideo(packet) && packet.isKey ? LIVE_FLAG.key : 0;
    const flags = key | (hasGap ? LIVE_FLAG.discontinuity : 0) | (isVideo(packet) ? 0 : LIVE_FLAG.sound);
    const accessUnitBytes = packet.data.byteLength;
    return new MediaMessage({
      gen,
      seq: nextSeq(),
      flags,
      captureMs,
      fragment: pieces,
      accessUnitBytes,
      epochUs,
    });
  }

  #makeInit(mode: 'mse' | 'wc', withSound: boolean): readonly Buffer[] {
    const { gen, nextSeq, first, firstWallMs: captureMs, audio } = this.#options;
    const message = (flags: number, payload: Uint8Array) =>
      encodeLiveFrame({ kind: 'init', flags, gen, seq: nextSeq(), captureMs }, [payload]);
    if (mode === 'mse') return [message(0, this.#muxer.init(withSound))];
    const video = message(0, encodeDecoderConfiguration(first.track.parameterSets));
    return withSound && audio !== undefined
      ? [
          video,
          message(LIVE_FLAG.sound, audio.codec === 'aac' ? audio.audioSpecificConfig : new Uint8Array(0)),
        ]
      : [video];
  }
}

function isSame(a: Mp4Track | undefined, b: Mp4Track | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && isSameFormat(a, b));
}
