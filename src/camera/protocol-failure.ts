import { RtspError, type RtspErrorKind } from '../rtsp/error.ts';
import { SourceError, type SourceErrorKind } from './source-error.ts';

/** Another client may understand what ours did not. */
const RTSP_KINDS: ReadonlySet<RtspErrorKind> = new Set(['protocol', 'unsupported', 'media']);
const SOURCE_KINDS: ReadonlySet<SourceErrorKind> = new Set(['refused', 'unsupported', 'media', 'died']);

/**
 * Statuses by which a camera says that it does not understand what it is asked, or does not do it so (RFC 2326 11):
 * another client may ask in another way. Not those that speak of the path, of rights or of too many viewers.
 */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([
  400, 405, 406, 451, 454, 455, 456, 457, 458, 459, 460, 461, 501, 505, 551,
]);

/**
 * Whether a stream ended because what the camera says was not understood, so that the other engine may do better: not
 * because it is away, silent, slow, wants another password, gives us nothing on purpose, or is no camera: of a server
 * that only chatters, FFmpeg reads every byte (16 s and more, tried), in which the camera may come back.
 */
export function isProtocolFailure(error: unknown): boolean {
  if (error instanceof SourceError) return SOURCE_KINDS.has(error.kind);
  if (!(error instanceof RtspError)) return false;
  if (error.kind === 'refused') return NOT_UNDERSTOOD.has(error.context.status ?? 0);
  return RTSP_KINDS.has(error.kind);
}
