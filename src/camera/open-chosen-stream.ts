import type { EngineChoice } from './engine-choice.ts';
import { openStream, type OpenStream, type StreamOptions } from './open-stream.ts';
import { playWithPatience } from './play-with-patience.ts';

/**
 * Opens a stream, an RTSP camera's by the engine that its turn it is, and tells the choice what becomes of it.
 * @throws RtspError, SourceError; the signal's reason.
 */
export async function openChosenStream(
  options: Omit<StreamOptions, 'engine'>,
  choice: EngineChoice,
  signal: AbortSignal,
): Promise<OpenStream> {
  if (options.address.input.kind !== 'rtsp')
    return await openStream({ ...options, engine: 'ffmpeg' }, signal);
  const attempt = choice.attempt();
  const watched = async <Result>(work: Promise<Result>, until: AbortSignal): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (!until.aborted) attempt.failed(error);
      throw error;
    }
  };
  const { patienceMs: ms } = attempt;
  const { camera, clock } = options;
  const patience = ms === undefined ? undefined : { ms, hasPicture: () => attempt.hasPicture, camera, clock };
  const stream = await watched(openStream({ ...options, engine: attempt.engine }, signal), signal);
  return {
    ...stream,
    play: (onPacket, until) => {
      const playing =
        patience === undefined
          ? stream.play(onPacket, until)
          : playWithPatience(stream, onPacket, patience, until);
      return watched(playing, until);
    },
    runStarted: () => attempt.runStarted(),
    [Symbol.asyncDispose]: () => {
      attempt[Symbol.dispose]();
      return stream[Symbol.asyncDispose]();
    },
  };
}
