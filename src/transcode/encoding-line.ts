import { AVCOL_RANGE_JPEG, type AVPixelFormat } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { ReencodeConfig } from '../config/config.ts';
import { EncodeError } from '../decode/encode-error.ts';
import type { VideoTrack } from '../media/packet.ts';
import { Canvas } from './canvas.ts';
import type { EncoderChoice } from './encoder-choice.ts';
import { Label } from './label.ts';
import type { ReencodedPacket } from './messages.ts';
import { pictureSize } from './picture-size.ts';
import { VideoEncoder } from './video-encoder.ts';

export interface EncodingLineOptions {
  readonly choice: EncoderChoice;
  readonly config: ReencodeConfig;
  readonly onPacket: (packet: ReencodedPacket) => void;
}

export interface Picture {
  /** As it was decoded. The encoder may go on holding its picture. */
  readonly frame: Frame;
  readonly isKey: boolean;
  /** What is burnt in, if the line's pictures have a label at all. */
  readonly label: string | undefined;
}

/** The camera's rate where nothing else is known. */
const USUAL_RATE_FPS = 25;

/** All that happens to decoded pictures of one size: scaling, the label, encoding. Dispose of it. */
export class EncodingLine implements Disposable {
  readonly #source: SourceFormat;
  readonly #pixelFormat: AVPixelFormat;
  /** Undefined where pictures are encoded as they were decoded, without a copy. */
  readonly #canvas: Canvas | undefined;
  readonly #label = new Label();
  readonly #options: EncodingLineOptions;
  /** Undefined before the first picture. */
  #encoder: VideoEncoder | undefined;

  /** @param like the pictures to come. @throws EncodeError */
  constructor(like: Frame, options: EncodingLineOptions) {
    const { choice, config } = options;
    this.#options = options;
    this.#source = sourceFormat(like);
    this.#pixelFormat = choice.pixelFormat(like.colorRange === AVCOL_RANGE_JPEG);
    const { width, height, format } = this.#source;
    const size = pictureSize({ widthPx: width, heightPx: height }, config);
    const isAsItIs = size.widthPx === width && size.heightPx === height && this.#pixelFormat === format;
    if (config.hasLabel || !isAsItIs) this.#canvas = new Canvas({ ...size, pixelFormat: this.#pixelFormat });
  }

  get track(): VideoTrack | undefined {
    return this.#encoder?.track;
  }

  /** Whether pictures of this kind can go through it. */
  takes(frame: Frame): boolean {
    const { width, height, format, colorRange } = this.#source;
    return (
      frame.width === width &&
      frame.height === height &&
      frame.format === format &&
      frame.colorRange === colorRange
    );
  }

  /** @throws EncodeError */
  encode({ frame, isKey, label }: Picture): void {
    const drawn =
      this.#canvas?.draw(frame, (planes) => {
        if (label !== undefined) this.#label.burn(label, planes);
      }) ?? frame;
    this.#encoder ??= this.#openEncoder(drawn);
    this.#encoder.encode(drawn, isKey);
  }

  /** Lets out all packets; nothing can be encoded after it. @throws EncodeError */
  finish(): void {
    this.#encoder?.finish();
  }

  [Symbol.dispose](): void {
    this.#encoder?.[Symbol.dispose]();
    this.#canvas?.[Symbol.dispose]();
  }

  #openEncoder(like: Frame): VideoEncoder {
    const { choice, config, onPacket } = this.#options;
    const rateFps = Math.min(config.rateFps ?? USUAL_RATE_FPS, USUAL_RATE_FPS);
    const pixelFormat = this.#pixelFormat;
    return new VideoEncoder({ choice, codec: config.codec, like, pixelFormat, rateFps, onPacket });
  }
}

/**
 * Opens a line with the first choice that works.
 * @param first the picture that it begins with, on which choices that depend on the machine are tried.
 * @throws EncodeError when none does, for the reason of the last one.
 */
export function openLine(
  first: Frame,
  choices: readonly EncoderChoice[],
  options: Omit<EncodingLineOptions, 'choice'>,
): { readonly line: EncodingLine; readonly choice: EncoderChoice } {
  let reason: unknown = new EncodeError('choosing an encoder, found none to choose from');
  for (const choice of choices) {
    try {
      tryOut(first, choice, options.config);
      return { line: new EncodingLine(first, { ...options, choice }), choice };
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      reason = error;
    }
  }
  throw reason;
}

/** Some drivers open and then encode nothing. */
function tryOut(first: Frame, choice: EncoderChoice, config: ReencodeConfig): void {
  const packets: ReencodedPacket[] = [];
  using line = new EncodingLine(first, { choice, config, onPacket: (packet) => void packets.push(packet) });
  line.encode({ frame: first, isKey: true, label: undefined });
  line.finish();
  if (packets[0]?.isKey !== true) {
    throw new EncodeError(`trying the encoder ${choice.name}, found that it made no key picture`);
  }
}

type SourceFormat = Pick<Frame, 'width' | 'height' | 'format' | 'colorRange'>;

function sourceFormat({ width, height, format, colorRange }: Frame): SourceFormat {
  return { width, height, format, colorRange };
}
