import { BitstreamError } from '../../media/bit-reader.ts';
import type { AccessUnitSink } from './depacketizer.ts';
import type { VideoCodec } from './video-codec.ts';

/** Far beyond the parameter sets of any camera. */
const MAX_SPROP_CHARACTERS = 16_384;
const MAX_SPROP_SETS = 64;

/**
 * Takes the parameter sets that a session description gives: base64, separated by commas (RFC 6184 8.1, RFC 7798
 * 7.1). A set that is malformed is told and left out; the stream may bring a better one.
 */
export function offerSprop(sprop: string | undefined, codec: VideoCodec, sink: AccessUnitSink): void {
  if (sprop === undefined) return;
  for (const base64 of sprop.slice(0, MAX_SPROP_CHARACTERS).replaceAll('"', '').split(',', MAX_SPROP_SETS)) {
    const nal = withoutStartCode(Buffer.from(base64.trim(), 'base64'));
    if (nal.length === 0) continue;
    try {
      if (codec.role(nal[0] ?? 0, nal[1] ?? 0) === 'parameters') codec.offer(nal);
    } catch (error) {
      if (!(error instanceof BitstreamError)) throw error;
      const reason = `reading the session description: ${error.message}`;
      sink.onProblem({ kind: 'malformed', sequence: undefined, reason });
    }
  }
}

/** Some cameras put an Annex B start code before the sets of their description. */
function withoutStartCode(nal: Uint8Array): Uint8Array {
  const zeros = nal.findIndex((byte) => byte !== 0);
  return zeros >= 2 && nal[zeros] === 1 ? nal.subarray(zeros + 1) : nal;
}
