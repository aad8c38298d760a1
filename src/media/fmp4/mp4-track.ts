import { isMp4Sound, type Mp4SoundTrack, type Track, type VideoTrack } from '../packet.ts';

/** A track whose packets an MP4 file holds as they are. */
export type Mp4Track = VideoTrack | Mp4SoundTrack;

/** Samples have no sample entry that players accept, so those tracks stay out of the file. */
export function isMp4Track(track: Track): track is Mp4Track {
  return track.kind === 'video' || isMp4Sound(track);
}

/** `track_ID` of a track: its index counted from one, because zero is not allowed (ISO 14496-12 8.3.2.3). */
export function trackId(track: Mp4Track): number {
  return track.index + 1;
}
