import { aacCodecString, parseAudioSpecificConfig } from '../aac.ts';
import { av1Track } from '../av1.ts';
import { BitstreamError } from '../bit-reader.ts';
import { h264Track } from '../h264.ts';
import { H265_NAL, h265Track } from '../h265.ts';
import { OBU, readObus } from '../obu.ts';
import { opusTrack } from '../opus.ts';
import { VIDEO_CLOCK_RATE_HZ, type AacTrack, type OpusTrack, type VideoTrack } from '../packet.ts';
import { readChildren, readFullBoxHead, requireChild, type ChildBox } from './box-reader.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { readAudioSpecificConfig } from './descriptor.ts';
import { Mp4Error } from './mp4-error.ts';
import type { Mp4Track } from './mp4-track.ts';

/** What stands before the boxes within a sample entry (ISO 14496-12 12.1.3.2 and 12.2.3.2). */
const VISUAL_HEAD_BYTES = 78;
const AUDIO_HEAD_BYTES = 28;
const CHANNEL_COUNT_OFFSET_BYTES = 16;

/**
 * The track that a sample entry (`stsd`) describes; undefined for a codec we do not know.
 * @throws Mp4Error `malformed`, also for parameter sets that cannot be parsed; `unsupported` for video not at 90 kHz.
 */
export function readSampleEntry(entry: ChildBox, index: number, clockRateHz: number): Mp4Track | undefined {
  const { positionBytes } = entry.content;
  try {
    return parseSampleEntry(entry, index, clockRateHz);
  } catch (error) {
    if (!(error instanceof BitstreamError)) throw error;
    throw new Mp4Error('malformed', `cannot parse the ${entry.type} of the file`, positionBytes, error);
  }
}

function parseSampleEntry(
  { type, content }: ChildBox,
  index: number,
  clockRateHz: number,
): Mp4Track | undefined {
  if (type === 'mp4a') return parseAudio(content, index, clockRateHz);
  if (type === 'Opus') return parseOpus(content, index, clockRateHz);
  if (type !== 'avc1' && type !== 'hvc1' && type !== 'av01') return undefined;
  if (clockRateHz !== VIDEO_CLOCK_RATE_HZ) {
    throw new Mp4Error('unsupported', `cannot read video at ${clockRateHz} Hz`, content.positionBytes);
  }
  content.skip(VISUAL_HEAD_BYTES);
  const children = readChildren(content);
  if (type === 'av01') return parseAv1Configuration(requireChild(children, 'av1C', content), index);
  return type === 'avc1'
    ? parseAvcConfiguration(requireChild(children, 'avcC', content), index)
    : parseHevcConfiguration(requireChild(children, 'hvcC', content), index);
}

/** `AVCDecoderConfigurationRecord`, ISO 14496-15 5.3.3.1. */
function parseAvcConfiguration(avcC: ByteCursor, index: number): VideoTrack {
  avcC.skip(4);
  requireNalLengths(avcC);
  const [sps] = takeNalUnits(avcC, avcC.u8() & 0x1f);
  if (sps === undefined) throw avcC.malformed('an avcC without SPS');
  return h264Track(index, sps, takeNalUnits(avcC, avcC.u8()));
}

/** `HEVCDecoderConfigurationRecord`, ISO 14496-15 8.3.3.1. */
function parseHevcConfiguration(hvcC: ByteCursor, index: number): VideoTrack {
  hvcC.skip(21);
  requireNalLengths(hvcC);
  const unitsByType = new Map<number, readonly Uint8Array[]>();
  for (let arrays = hvcC.u8(); arrays > 0; arrays -= 1) {
    const nalUnitType = hvcC.u8() & 0x3f;
    unitsByType.set(nalUnitType, takeNalUnits(hvcC, hvcC.u16()));
  }
  const vps = unitsByType.get(H265_NAL.vps)?.[0];
  const sps = unitsByType.get(H265_NAL.sps)?.[0];
  if (vps === undefined || sps === undefined) throw hvcC.malformed('an hvcC without VPS or SPS');
  return h265Track(index, { codec: 'h265', vps, sps, pps: unitsByType.get(H265_NAL.pps) ?? [] });
}

/**
 * `AV1CodecConfigurationRecord`, "AV1 Codec ISO Media File Format Binding" 2.3. The sequence header may be missing there, and
 * other OBUs may follow; what we write has it alone.
 */
function parseAv1Configuration(av1C: ByteCursor, index: number): VideoTrack {
  av1C.skip(4);
  for (const { type, bytes } of readObus(av1C.take(av1C.remainingBytes))) {
    if (type === OBU.sequenceHeader) return av1Track(index, { codec: 'av1', sequenceHeader: bytes.slice() });
  }
  throw av1C.malformed('an av1C without a sequence header');
}

/** The records of H.264 and H.265 hold the size of the lengths before NAL units in two bits; packets have four bytes. */
function requireNalLengths(configuration: ByteCursor): void {
  const sizeBytes = (configuration.u8() & 3) + 1;
  if (sizeBytes !== 4) {
    throw new Mp4Error(
      'unsupported',
      `cannot read NAL units behind ${sizeBytes}-byte lengths`,
      configuration.positionBytes,
    );
  }
}

/** Copies, so that a track does not keep what was read from the file. */
function takeNalUnits(cursor: ByteCursor, count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () => cursor.take(cursor.u16()).slice());
}

function parseAudio(content: ByteCursor, index: number, clockRateHz: number): AacTrack | undefined {
  const head = content.slice(AUDIO_HEAD_BYTES);
  head.skip(CHANNEL_COUNT_OFFSET_BYTES);
  const channels = head.u16();
  const esds = requireChild(readChildren(content), 'esds', content);
  readFullBoxHead(esds);
  const audioSpecificConfig = readAudioSpecificConfig(esds);
  if (audioSpecificConfig === undefined) return undefined;
  const codecString = aacCodecString(parseAudioSpecificConfig(audioSpecificConfig));
  return { kind: 'audio', index, codec: 'aac', audioSpecificConfig, codecString, clockRateHz, channels };
}

function parseOpus(content: ByteCursor, index: number, clockRateHz: number): OpusTrack {
  const track = opusTrack(index, 2);
  if (clockRateHz !== track.clockRateHz) {
    throw new Mp4Error('unsupported', `cannot read Opus at ${clockRateHz} Hz`, content.positionBytes);
  }
  content.skip(AUDIO_HEAD_BYTES);
  const dOps = requireChild(readChildren(content), 'dOps', content);
  dOps.skip(1);
  return { ...track, channels: dOps.u8() };
}
