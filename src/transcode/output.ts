import { isVideo, shownAtMs, type Packet, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import type { Run, StreamSink } from '../media/run.ts';
import type { ReencodedPacket } from './messages.ts';
import type { Portion } from './portion.ts';

type Kind = 'as it came' | 're-encoded';

/** What the recorder gets: the camera's pictures or re-encoded ones, on tracks that say why one follows the other. */
export class Output {
  readonly #sink: StreamSink;
  #kind: Kind | undefined;
  /** The track of the last picture as it came here, and the one that the recorder knows it by. */
  #given: VideoTrack | undefined;
  #known: VideoTrack | undefined;

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  /** @param reason why it is not re-encoded. */
  passOn(packet: Packet, run: Run, reason: string): void {
    const track = isVideo(packet) ? this.#know(packet.track, 'as it came', reason) : packet.track;
    this.#sink.packet(track === packet.track ? packet : { ...packet, track }, run);
  }

  /** Gives pictures in the place of those of a portion, in step with its sound. */
  replace(portion: Portion, pictures: readonly ReencodedPacket[], track: VideoTrack): void {
    const known = this.#know(track, 're-encoded', 're-encoding goes on');
    const coded = pictures.map((picture) => asPacket(picture, known));
    const sound = portion.packets.filter((packet) => !isVideo(packet));
    for (const packet of inStep(coded, sound)) this.#sink.packet(packet, portion.run);
  }

  #know(given: VideoTrack, kind: Kind, reason: string): VideoTrack {
    const isOtherKind = this.#kind !== undefined && kind !== this.#kind;
    if (this.#known === undefined || given !== this.#given) {
      this.#known = isOtherKind ? { ...given, changeReason: reason } : given;
    }
    this.#kind = kind;
    this.#given = given;
    return this.#known;
  }
}

/** There are no B pictures: they are decoded in the order in which they are shown. */
function asPacket({ isKey, pts, data }: ReencodedPacket, track: VideoTrack): VideoPacket {
  return { track, isKey, pts, dts: pts, data };
}

/** Both in the order of their times; the first picture is first all the same, for nothing is recorded before it. */
function inStep(pictures: readonly VideoPacket[], sound: readonly Packet[]): readonly Packet[] {
  const [first, ...others] = pictures;
  const rest = [...sound, ...others].toSorted((a, b) => shownAtMs(a) - shownAtMs(b));
  return first === undefined ? rest : [first, ...rest];
}
