import { parseAv1SequenceHeader } from './av1.ts';
import { OBU, readObus, withSize, type Obu } from './obu.ts';

/** What no sample of a file should hold ("AV1 Codec ISO Media File Format Binding" 2.4), and no decoder needs. */
const LEFT_OUT: ReadonlySet<number> = new Set([
  OBU.temporalDelimiter,
  OBU.redundantFrameHeader,
  OBU.tileList,
  OBU.padding,
]);

export function isLeftOut(obuType: number): boolean {
  return LEFT_OUT.has(obuType);
}

/** What there is of interest in a temporal unit: all that is coded for one moment, as a packet holds it. */
export interface TemporalUnit {
  /** As an OBU with its header; undefined if there is none before the first frame. A view. */
  readonly sequenceHeader: Uint8Array | undefined;
  /**
   * The first frame is shown and refers to no other: given a sequence header, decoding can start here. A key frame that is
   * shown later does not count, for the pictures between are not there.
   */
  readonly beginsWithKey: boolean;
  readonly hasFrame: boolean;
}

/**
 * Looks at the headers of a temporal unit.
 * @throws BitstreamError
 */
export function inspectTemporalUnit(data: Uint8Array): TemporalUnit {
  let sequenceHeader: Uint8Array | undefined;
  let frame: Obu | undefined;
  // To the end, for what follows may be no unit at all.
  for (const obu of readObus(data)) {
    if (frame !== undefined) continue;
    if (obu.type === OBU.sequenceHeader) sequenceHeader = obu.bytes;
    else if (isFrame(obu.type)) frame = obu;
  }
  const beginsWithKey = frame !== undefined && isShownKey(frame, sequenceHeader);
  return { sequenceHeader, beginsWithKey, hasFrame: frame !== undefined };
}

/**
 * The units of a temporal unit as a packet holds them: each with its size told, without those that files leave out.
 * @throws BitstreamError
 */
export function packetUnits(stream: Uint8Array): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (const obu of readObus(stream)) if (!isLeftOut(obu.type)) kept.push(withSize(obu));
  return kept;
}

export function isFrame(obuType: number): boolean {
  return obuType === OBU.frame || obuType === OBU.frameHeader;
}

/**
 * AV1 5.9.2: show_existing_frame 0, frame_type 0 (key), show_frame 1. Stills with a reduced header say nothing, and bring
 * their sequence header.
 */
function isShownKey({ payload }: Obu, sequenceHeader: Uint8Array | undefined): boolean {
  if (sequenceHeader !== undefined && parseAv1SequenceHeader(sequenceHeader).isReducedStill) return true;
  return ((payload[0] ?? 0xff) & 0xf0) === 0x10;
}
