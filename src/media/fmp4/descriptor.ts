import { bytes, u16, u32, u8, zeros, type Part } from './box.ts';
import type { ByteCursor } from './byte-cursor.ts';

/** Tags of ISO 14496-1 7.2.2.1. */
const ES_DESCRIPTOR = 0x03;
const DECODER_CONFIG_DESCRIPTOR = 0x04;
const DECODER_SPECIFIC_INFO = 0x05;
const SL_CONFIG_DESCRIPTOR = 0x06;
/** `objectTypeIndication` of ISO 14496-3 audio (ISO 14496-1 7.2.6.6). */
const OBJECT_TYPE_MPEG4_AUDIO = 0x40;

/** The elementary stream descriptor of an AAC track, the content of its `esds` box. */
export function audioDescriptor(trackId: number, audioSpecificConfig: Uint8Array): Part {
  return descriptor(
    ES_DESCRIPTOR,
    // No dependency, URL or clock reference.
    u16(trackId),
    u8(0),
    descriptor(
      DECODER_CONFIG_DESCRIPTOR,
      // streamType 5 (audio), upStream 0, the reserved bit 1; buffer size and bit rates unknown.
      u8(OBJECT_TYPE_MPEG4_AUDIO, 0x15),
      zeros(3),
      u32(0, 0),
      descriptor(DECODER_SPECIFIC_INFO, bytes(audioSpecificConfig)),
    ),
    // Predefined 2: the file format carries the timing (ISO 14496-14 3.1.2).
    descriptor(SL_CONFIG_DESCRIPTOR, u8(2)),
  );
}

/** The size in the four-byte form of ISO 14496-1 8.3.3: seven bits a byte, the high bit set on all but the last. */
function descriptor(tag: number, ...content: readonly Part[]): Part {
  const size = content.reduce((sum, part) => sum + part.sizeBytes, 0);
  return {
    sizeBytes: 5 + size,
    write(out) {
      out.u8(tag);
      for (const shift of [21, 14, 7]) out.u8(0x80 | ((size >>> shift) & 0x7f));
      out.u8(size & 0x7f);
      for (const part of content) part.write(out);
    },
  };
}

/**
 * The AudioSpecificConfig within an `esds` box, a copy; undefined if the track is not MPEG-4 audio.
 * @throws Mp4Error `malformed`
 */
export function readAudioSpecificConfig(esds: ByteCursor): Uint8Array | undefined {
  const elementaryStream = enterDescriptor(esds, ES_DESCRIPTOR);
  elementaryStream.skip(2);
  if (elementaryStream.u8() >>> 5 !== 0) throw esds.malformed('an elementary stream with dependencies');
  const decoderConfig = enterDescriptor(elementaryStream, DECODER_CONFIG_DESCRIPTOR);
  if (decoderConfig.u8() !== OBJECT_TYPE_MPEG4_AUDIO) return undefined;
  decoderConfig.skip(12);
  const specificInfo = enterDescriptor(decoderConfig, DECODER_SPECIFIC_INFO);
  return specificInfo.take(specificInfo.remainingBytes).slice();
}

/** The content of the descriptor that comes next. */
function enterDescriptor(cursor: ByteCursor, expectedTag: number): ByteCursor {
  const tag = cursor.u8();
  if (tag !== expectedTag) throw cursor.malformed(`descriptor ${tag} where ${expectedTag} belongs`);
  let size = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = cursor.u8();
    size = size * 0x80 + (byte & 0x7f);
    if (byte < 0x80) return cursor.slice(size);
  }
  throw cursor.malformed('a descriptor size of more than four bytes');
}
