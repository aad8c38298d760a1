/** A usual format of each codec family that cameras send: who plays it plays the others too. */
const VIDEO = { avc1: 'avc1.640028', hvc1: 'hvc1.1.6.L120.90', av01: 'av01.0.08M.08' };
const AUDIO = { mp4a: 'mp4a.40.2', opus: 'opus' };

export interface PlayableCodecs {
  /** The first four letters of codec strings. */
  readonly video: readonly string[];
  readonly audio: readonly string[];
}

/** @returns what this browser plays by Media Source Extensions; nothing where it has none. */
export function playableCodecs(): PlayableCodecs {
  return { video: familiesOf('video', VIDEO), audio: familiesOf('audio', AUDIO) };
}

function familiesOf(type: string, codecs: Readonly<Record<string, string>>): string[] {
  const Source = mediaSourceClass();
  if (Source === undefined) return [];
  return Object.entries(codecs)
    .filter(([, codec]) => Source.isTypeSupported(`${type}/mp4; codecs="${codec}"`))
    .map(([family]) => family);
}

/** Phones of Apple have another class, which spares them memory. */
export function mediaSourceClass(): typeof MediaSource | undefined {
  const { ManagedMediaSource, MediaSource: Plain } = globalThis as {
    ManagedMediaSource?: typeof MediaSource;
    MediaSource?: typeof MediaSource;
  };
  return Plain ?? ManagedMediaSource;
}
