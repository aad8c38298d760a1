import type { Sdp, SdpMedia } from './sdp.ts';
import { unsupportedReason } from './track-receiver.ts';

/** What we do with one track that a camera offers. */
export type DescribedMedia =
  | { readonly media: SdpMedia; readonly isPlayed: true }
  | { readonly media: SdpMedia; readonly isPlayed: false; readonly reason: string };

/** Picks the first video and, if wanted, the first sound that we support; says of the others why not. */
export function chooseTracks(sdp: Sdp, wantsAudio: boolean): DescribedMedia[] {
  const taken = new Set<SdpMedia['type']>();
  return sdp.media.map((media) => {
    const reason = refusal(media, taken, wantsAudio);
    if (reason !== undefined) return { media, isPlayed: false, reason };
    taken.add(media.type);
    return { media, isPlayed: true };
  });
}

function refusal(media: SdpMedia, taken: ReadonlySet<string>, wantsAudio: boolean): string | undefined {
  if (media.type === 'other') return 'neither video nor sound';
  const unsupported = unsupportedReason(media);
  if (unsupported !== undefined) return unsupported;
  if (media.type === 'audio' && !wantsAudio) return 'sound is not wanted';
  return taken.has(media.type) ? `another ${media.type} track is played` : undefined;
}
