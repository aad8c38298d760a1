import { BitReader, BitstreamError } from './bit-reader.ts';
import { OBU, readObus } from './obu.ts';
import { VIDEO_CLOCK_RATE_HZ, type Av1ParameterSets, type VideoTrack } from './packet.ts';
import { checkedPictureSize } from './picture-size.ts';

/** What we use of a sequence header (AV1 5.5). */
export interface Av1SequenceHeader {
  /** 0 main, 1 high, 2 professional */
  readonly profile: number;
  /** seq_level_idx of the first operating point, 0..31: 4 * (major - 2) + minor, or 31 for one without bounds. */
  readonly levelIndex: number;
  /** 0 main tier, 1 high tier */
  readonly tier: number;
  readonly bitDepth: 8 | 10 | 12;
  readonly isMonochrome: boolean;
  readonly chromaSubsamplingX: 0 | 1;
  readonly chromaSubsamplingY: 0 | 1;
  /** 0 unknown, 1 vertical, 2 colocated */
  readonly chromaSamplePosition: number;
  /** Luma spans 0..255 instead of 16..235. */
  readonly isFullRange: boolean;
  /** Every picture is a key picture and says nothing of itself. */
  readonly isReducedStill: boolean;
  /** The largest size of a picture. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Only levels above 3.3 have a high tier (AV1 5.5.1). */
const LAST_LEVEL_WITHOUT_TIER = 7;
const BT709 = 1;
const SRGB = 13;
const IDENTITY = 0;
const PROFILES = 3;

/**
 * Reads a sequence header.
 * @param obu header and size included.
 * @throws BitstreamError
 */
export function parseAv1SequenceHeader(obu: Uint8Array): Av1SequenceHeader {
  const [unit, another] = readObus(obu);
  if (unit?.type !== OBU.sequenceHeader || another !== undefined) {
    throw new BitstreamError(`reading an AV1 sequence header: the OBU has type ${unit?.type ?? 'none'}`);
  }
  const reader = new BitReader(unit.payload);
  const profile = reader.bits(3);
  if (profile >= PROFILES) throw new BitstreamError(`reading an AV1 sequence header: profile ${profile}`);
  reader.skip(1);
  const isReducedStill = reader.flag();
  const level = isReducedStill ? { levelIndex: reader.bits(5), tier: 0 } : readOperatingPoints(reader);
  const size = readSize(reader);
  skipCodingTools(reader, isReducedStill);
  return { profile, ...level, isReducedStill, ...size, ...readColour(reader, profile) };
}

/**
 * The track that a sequence header describes.
 * @throws BitstreamError
 */
export function av1Track(index: number, parameterSets: Av1ParameterSets): VideoTrack {
  const parsed = parseAv1SequenceHeader(parameterSets.sequenceHeader);
  return {
    kind: 'video',
    index,
    codec: 'av1',
    parameterSets,
    widthPx: parsed.widthPx,
    heightPx: parsed.heightPx,
    codecString: av1CodecString(parsed),
    // What is shown later is coded, but not told as a picture of its own, before.
    reorderDepth: 0,
    isFullRange: parsed.isFullRange,
    clockRateHz: VIDEO_CLOCK_RATE_HZ,
  };
}

/** "AV1 Codec ISO Media File Format Binding" 5, for example `av01.0.04M.08`. */
export function av1CodecString({ profile, levelIndex, tier, bitDepth }: Av1SequenceHeader): string {
  return `av01.${profile}.${twoDigits(levelIndex)}${tier === 0 ? 'M' : 'H'}.${twoDigits(bitDepth)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Of the first point, which is the stream with all its layers. */
function readOperatingPoints(reader: BitReader) {
  const hasTiming = reader.flag();
  if (hasTiming) skipTiming(reader);
  const delayBits = hasTiming && reader.flag() ? readDecoderModel(reader) : undefined;
  const tellsDisplayDelay = reader.flag();
  const points = 1 + reader.bits(5);
  let first: { readonly levelIndex: number; readonly tier: number } | undefined;
  for (let point = 0; point < points; point += 1) {
    reader.skip(12);
    const levelIndex = reader.bits(5);
    const tier = levelIndex > LAST_LEVEL_WITHOUT_TIER ? reader.bits(1) : 0;
    first ??= { levelIndex, tier };
    if (delayBits !== undefined && reader.flag()) reader.skip(2 * delayBits + 1);
    if (tellsDisplayDelay && reader.flag()) reader.skip(4);
  }
  return first ?? { levelIndex: 0, tier: 0 };
}

/** AV1 5.5.3 */
function skipTiming(reader: BitReader): void {
  reader.skip(64);
  const isEven = reader.flag();
  // uvlc() is ue(v) under another name (AV1 4.10.3), apart from 32 zeros and more, which no camera has between pictures.
  if (isEven) reader.ue('num_ticks_per_picture_minus_1', 2 ** 32 - 2);
}

/** AV1 5.5.4. @returns how many bits delays have. */
function readDecoderModel(reader: BitReader): number {
  const delayBits = 1 + reader.bits(5);
  reader.skip(32 + 5 + 5);
  return delayBits;
}

function readSize(reader: BitReader) {
  const widthBits = 1 + reader.bits(4);
  const heightBits = 1 + reader.bits(4);
  const widthPx = 1 + reader.bits(widthBits);
  return checkedPictureSize(widthPx, 1 + reader.bits(heightBits));
}

/** From the numbers of frames to the film's restoration (AV1 5.5.1). */
function skipCodingTools(reader: BitReader, isReducedStill: boolean): void {
  if (!isReducedStill && reader.flag()) reader.skip(4 + 3);
  // Superblocks, two kinds of intra prediction.
  reader.skip(3);
  if (!isReducedStill) skipInterTools(reader);
  // Super-resolution, CDEF, loop restoration.
  reader.skip(3);
}

function skipInterTools(reader: BitReader): void {
  reader.skip(4);
  const hasOrderHint = reader.flag();
  if (hasOrderHint) reader.skip(2);
  const choosesScreenContent = reader.flag();
  const mayBeScreenContent = choosesScreenContent || reader.flag();
  // seq_choose_integer_mv, else seq_force_integer_mv.
  if (mayBeScreenContent && !reader.flag()) reader.skip(1);
  if (hasOrderHint) reader.skip(3);
}

type Colour = Pick<
  Av1SequenceHeader,
  | 'bitDepth'
  | 'isMonochrome'
  | 'chromaSubsamplingX'
  | 'chromaSubsamplingY'
  | 'chromaSamplePosition'
  | 'isFullRange'
>;

/** AV1 5.5.2 */
function readColour(reader: BitReader, profile: number): Colour {
  const isHigh = reader.flag();
  const bitDepth = isHigh ? (profile === 2 && reader.flag() ? 12 : 10) : 8;
  const isMonochrome = profile !== 1 && reader.flag();
  const isRgb = readsSrgb(reader) && !isMonochrome;
  const isFullRange = isRgb || reader.flag();
  const [chromaSubsamplingX, chromaSubsamplingY] = isMonochrome
    ? ([1, 1] as const)
    : isRgb
      ? ([0, 0] as const)
      : readSubsampling(reader, profile, bitDepth);
  const tellsPosition = !isMonochrome && chromaSubsamplingX === 1 && chromaSubsamplingY === 1;
  const chromaSamplePosition = tellsPosition ? reader.bits(2) : 0;
  return {
    bitDepth,
    isMonochrome,
    chromaSubsamplingX,
    chromaSubsamplingY,
    chromaSamplePosition,
    isFullRange,
  };
}

function readsSrgb(reader: BitReader): boolean {
  if (!reader.flag()) return false;
  const primaries = reader.bits(8);
  const transfer = reader.bits(8);
  return reader.bits(8) === IDENTITY && primaries === BT709 && transfer === SRGB;
}

function readSubsampling(reader: BitReader, profile: number, bitDepth: number): readonly [0 | 1, 0 | 1] {
  if (profile === 0) return [1, 1];
  if (profile === 1) return [0, 0];
  if (bitDepth !== 12) return [1, 0];
  if (!reader.flag()) return [0, 0];
  return [1, reader.flag() ? 1 : 0];
}
