import type { Frame } from 'node-av/lib';
import { mediaTicks, wallMs, type MediaTicks } from '../base/time.ts';
import { DecodeError } from '../decode/error.ts';
import { FrameSampler } from '../decode/frame-sampler.ts';
import { NativeDecoder } from '../decode/native-decoder.ts';
import { withLengths } from '../media/coded-picture.ts';
import { TrackOrienter } from '../media/orientation.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoTrack } from '../media/packet.ts';
import { userDataOf, userDataUnit } from '../media/user-data.ts';
import { encoderChoices } from './encoder-order.ts';
import { openLine, type EncodingLine } from './encoding-line.ts';
import { labelText } from './label.ts';
import type {
  CameraPacket,
  FromTranscoder,
  ReencodedPacket,
  ReencodeOrder,
  ToTranscoder,
} from './messages.ts';

/** A key picture comes at least this often, so that fragments stay as short as those of other cameras. */
const KEY_INTERVAL_TICKS = 2 * VIDEO_CLOCK_RATE_HZ;

/** More than a decoder holds back. */
const MOST_WRITTEN_BESIDE = 64;

interface Portion {
  readonly number: number;
  /** When its first picture is shown. */
  firstTicks: MediaTicks | undefined;
  /** Of its packets. */
  track: VideoTrack | undefined;
  readonly packets: ReencodedPacket[];
  decodedPictures: number;
  encodedPictures: number;
}

/** A picture in the encoder. */
interface Picture {
  readonly portion: Portion;
  /** What the camera wrote beside it. */
  readonly userData: readonly Uint8Array[];
}

/**
 * The inside of a transcoder: decodes, scales, labels, encodes. Works through each message at once; what decoder and
 * encoder hold back belongs to the portion in which it is shown. Loads native code: not for the recorder's process.
 */
export class Reencoder implements Disposable {
  readonly #order: ReencodeOrder;
  readonly #send: (message: FromTranscoder) => void;
  readonly #sampler: FrameSampler | undefined;
  #track: VideoTrack | undefined;
  #decoder: NativeDecoder | undefined;
  #line: EncodingLine | undefined;
  /** Those not answered yet, the oldest first. */
  #portions: Portion[] = [];
  #underWay: Picture[] = [];
  /**
   * What the camera wrote beside pictures that are in the decoder, by their times. It goes past FFmpeg: libx265 writes it
   * over its own memory where it grows from picture to picture, and few encoders take it.
   */
  readonly #userData = new Map<MediaTicks, readonly Uint8Array[]>();
  /** Re-encoded pictures are to be shown as the camera's are. */
  readonly #orienter = new TrackOrienter();
  #toldTrack: VideoTrack | undefined;
  #toldEncoder: string | undefined;
  #lastTicks = Number.NEGATIVE_INFINITY;
  #lastKeyTicks = Number.NEGATIVE_INFINITY;
  /** Wall time minus media time, of the packet told last. */
  #wallOffsetMs = 0;

  constructor(order: ReencodeOrder, send: (message: FromTranscoder) => void) {
    this.#order = order;
    this.#send = send;
    if (order.reencode.rateFps !== undefined) this.#sampler = new FrameSampler(order.reencode.rateFps);
  }

  /**
   * @throws DecodeError `unusable-track` when the camera's video cannot be decoded here; EncodeError when nothing can
   *   be encoded.
   */
  receive(message: Exclude<ToTranscoder, { readonly type: 'order' | 'stop' }>): void {
    switch (message.type) {
      case 'portion':
        this.#beginPortion(message.portion, message.track);
        return;
      case 'packet':
        this.#decode(message.packet);
        return;
      case 'finish':
        this.#finish();
    }
  }

  [Symbol.dispose](): void {
    this.#decoder?.[Symbol.dispose]();
    this.#decoder = undefined;
    this.#closeLine();
  }

  #beginPortion(number: number, track: VideoTrack | undefined): void {
    if (track !== undefined) {
      this.#finishDecoder();
      this.#track = track;
    }
    this.#portions.push({
      number,
      firstTicks: undefined,
      track: undefined,
      packets: [],
      decodedPictures: 0,
      encodedPictures: 0,
    });
  }

  #decode(packet: CameraPacket): void {
    const portion = this.#portions.at(-1);
    if (portion === undefined || this.#track === undefined) return;
    portion.firstTicks ??= packet.pts;
    this.#wallOffsetMs = packet.wallMs - packet.pts / 90;
    this.#decoder ??= new NativeDecoder(this.#track, { showsDamaged: true });
    const { decoder, track } = { decoder: this.#decoder, track: this.#track };
    this.#keepUserData(packet.pts, userDataOf(track.codec, packet.data));
    survive(() => decoder.decode({ ...packet, track }, (frame) => this.#encode(frame)));
  }

  #keepUserData(pts: MediaTicks, userData: readonly Uint8Array[]): void {
    if (userData.length === 0) return;
    this.#userData.set(pts, userData);
    const [oldest] = this.#userData.keys();
    if (this.#userData.size > MOST_WRITTEN_BESIDE && oldest !== undefined) this.#userData.delete(oldest);
  }

  #encode(frame: Frame): void {
    const ticks = mediaTicks(Number(frame.pts));
    const userData = this.#userData.get(ticks) ?? [];
    this.#userData.delete(ticks);
    const portion = this.#portions.findLast(({ firstTicks = Infinity }) => firstTicks <= ticks);
    if (portion === undefined || ticks <= this.#lastTicks) return;
    portion.decodedPictures++;
    const intervalTicks = ticks - this.#lastTicks;
    this.#lastTicks = ticks;
    if (this.#sampler?.accept(ticks) === false) return;
    const isKey = portion.encodedPictures === 0 || this.#isKeyDue(ticks, intervalTicks);
    if (isKey) this.#lastKeyTicks = ticks;
    portion.encodedPictures++;
    this.#underWay.push({ portion, userData });
    this.#lineFor(frame).encode({ frame, isKey, label: this.#labelAt(ticks) });
  }

  /** Half a picture early rather than late, since pictures do not come in perfectly even intervals. */
  #isKeyDue(ticks: MediaTicks, intervalTicks: number): boolean {
    return ticks - this.#lastKeyTicks + intervalTicks / 2 > KEY_INTERVAL_TICKS;
  }

  #labelAt(ticks: MediaTicks): string | undefined {
    const { reencode, camera, timeZone } = this.#order;
    if (!reencode.hasLabel) return undefined;
    return labelText(camera, wallMs(ticks / 90 + this.#wallOffsetMs), timeZone);
  }

  #lineFor(frame: Frame): EncodingLine {
    if (this.#line?.takes(frame) === true) return this.#line;
    this.#closeLine();
    const config = this.#order.reencode;
    const { line, choice } = openLine(frame, encoderChoices(config), {
      config,
      onPacket: (packet) => this.#take(packet),
    });
    this.#line = line;
    if (choice.name !== this.#toldEncoder) this.#send({ type: 'encoder', name: choice.name });
    this.#toldEncoder = choice.name;
    return line;
  }

  #take(packet: ReencodedPacket): void {
    const picture = this.#underWay.shift();
    if (picture === undefined) return;
    const { portion, userData } = picture;
    while (this.#portions[0] !== undefined && this.#portions[0] !== portion) this.#answer();
    const track = this.#line?.track;
    portion.track = track && this.#orienter.orient(track, this.#track?.orientation);
    portion.packets.push(userData.length === 0 ? packet : this.#withUserData(packet, userData));
  }

  #withUserData(packet: ReencodedPacket, userData: readonly Uint8Array[]): ReencodedPacket {
    const unit = userDataUnit(this.#order.reencode.codec, userData);
    return { ...packet, data: Buffer.concat([withLengths([unit]), packet.data]) };
  }

  #answer(): void {
    const portion = this.#portions.shift();
    if (portion === undefined) return;
    const { number, track, packets, decodedPictures } = portion;
    const isNew = track !== undefined && track !== this.#toldTrack;
    if (isNew) this.#toldTrack = track;
    this.#send({
      type: 'reencoded',
      portion: number,
      track: isNew ? track : undefined,
      packets,
      decodedPictures,
    });
  }

  #finish(): void {
    this.#finishDecoder();
    this.#closeLine();
    while (this.#portions.length > 0) this.#answer();
    this.#track = undefined;
    this.#userData.clear();
    this.#lastTicks = Number.NEGATIVE_INFINITY;
    this.#lastKeyTicks = Number.NEGATIVE_INFINITY;
    this.#sampler?.reset();
  }

  #finishDecoder(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder === undefined) return;
    survive(() => decoder.finish((frame) => this.#encode(frame)));
    decoder[Symbol.dispose]();
  }

  #closeLine(): void {
    this.#line?.finish();
    this.#line?.[Symbol.dispose]();
    this.#line = undefined;
  }
}

/** What a camera sends may be damaged; whatever can be seen of it is recorded all the same. */
function survive(decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof DecodeError) || error.kind === 'unusable-track') throw error;
  }
}
