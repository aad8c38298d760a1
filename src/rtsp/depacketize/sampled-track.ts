import { BitstreamError } from '../../media/bit-reader.ts';
import type { SampledTrack } from '../../media/packet.ts';
import type { SdpMedia } from '../sdp.ts';

const MAX_CHANNELS = 8;

/** Encoding names of RFC 3551 4.5 in upper case: what a sample is, and its bits. */
const ENCODINGS: ReadonlyMap<string, Pick<SampledTrack, 'codec' | 'bitsPerSample'>> = new Map([
  ['PCMA', { codec: 'pcma', bitsPerSample: 8 }],
  ['PCMU', { codec: 'pcmu', bitsPerSample: 8 }],
  ['L16', { codec: 'l16', bitsPerSample: 16 }],
  ...[2, 3, 4, 5].flatMap((bits): [string, Pick<SampledTrack, 'codec' | 'bitsPerSample'>][] => [
    [`G726-${bits * 8}`, { codec: 'g726', bitsPerSample: bits }],
    [`AAL2-G726-${bits * 8}`, { codec: 'aal2-g726', bitsPerSample: bits }],
  ]),
]);

/** @throws BitstreamError for an encoding that is not made of samples. */
export function sampledTrack(index: number, { encoding, clockRateHz, channels }: SdpMedia): SampledTrack {
  const found = ENCODINGS.get(encoding);
  if (found === undefined) throw new BitstreamError(`the encoding ${encoding} is not supported`);
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw new BitstreamError(`${channels} channels of ${encoding} are not supported`);
  }
  return { kind: 'audio', index, ...found, clockRateHz, channels };
}
