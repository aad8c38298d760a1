import type { EngineSetting } from '../config/config.ts';
import { openStream, type OpenStream, type StreamOptions } from './open-stream.ts';
import { isProtocolFailure } from './protocol-failure.ts';

/**
 * Opens a stream that is looked at once: with the engine `auto` by FFmpeg where our own client does not understand the camera.
 * @throws RtspError, SourceError; the signal's reason.
 */
export async function openByEither(
  options: Omit<StreamOptions, 'engine'>,
  setting: EngineSetting,
  signal: AbortSignal,
): Promise<OpenStream> {
  if (setting !== 'auto') return await openStream({ ...options, engine: setting }, signal);
  try {
    return await openStream({ ...options, engine: 'native' }, signal);
  } catch (error) {
    if (options.address.input.kind !== 'rtsp' || !isProtocolFailure(error)) throw error;
    return await openStream({ ...options, engine: 'ffmpeg' }, signal);
  }
}
