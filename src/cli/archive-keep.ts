import { ArchiveInUseError } from '../archive/archive-in-use.ts';
import { markEvent, recordingsOf } from '../archive/keep-event.ts';
import { findMounted } from '../archive/mounted-volume.ts';
import { describeSize } from '../archive/retention-text.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { Config } from '../config/config.ts';
import { ControlError } from '../control/control-error.ts';
import type { EventRecord } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { inLockedArchive } from './archive-work.ts';
import { ask } from './ask.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { localTime } from './local-time.ts';
import type { ConfigOptions } from './options.ts';
import { useIndex } from './use-index.ts';

export interface KeepOptions extends ConfigOptions {
  readonly undo: boolean;
  readonly json: boolean;
}

/** An event this far from the moment that was given may still be meant: people write minutes. */
const NEAR_MS = 60_000;

/**
 * `preroll archive keep`: marks an event so that no rule deletes its recordings.
 * @returns the exit code.
 * @throws CommandError where there is no event, or the recorder refuses; ArchiveInUseError where another command changes the archive, or a
 *   recorder that cannot be asked.
 */
export async function archiveKeep(camera: string, at: WallMs, options: KeepOptions): Promise<number> {
  return await interruptible(async (signal) => {
    const kept = await useIndex(options, signal, async (index, config) => {
      const name = await knownName(index, camera);
      const event = name === undefined ? undefined : await eventAt(index, name, at);
      if (event === undefined) return undefined;
      await mark(event, index, config, options);
      return { event, segments: await recordingsOf(index, event) };
    });
    if (kept === undefined) {
      throw new CommandError(
        'failed',
        `there is no event of ${camera} at ${localTime(at)}, nor within a minute`,
      );
    }
    const { event, segments } = kept;
    const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const told = {
      ok: true,
      camera: event.camera,
      event: new Date(event.triggerWallMs).toISOString(),
      kept: !options.undo,
      recordings: segments.length,
      bytes,
    };
    const what = `the event of ${event.camera} at ${localTime(event.triggerWallMs)} (${event.causes.join(', ')})`;
    const how = options.undo ? 'is not kept by hand any more' : 'is kept';
    const text = `${what} ${how}: ${segments.length} recordings, ${describeSize(bytes)}\n`;
    process.stdout.write(options.json ? json(told) : text);
    return EXIT.ok;
  });
}

/** A recorder writes the same sidecars, and may be writing one of this event: where one is at work, it is asked to. */
async function mark(
  event: EventRecord,
  index: IndexAccess,
  config: Config,
  options: KeepOptions,
): Promise<void> {
  const isKept = !options.undo;
  try {
    await inLockedArchive(config, 'preroll archive keep', async () => {
      await markEvent(index, await findMounted(config.archive.volumes), event, isKept);
    });
  } catch (inUse) {
    if (!(inUse instanceof ArchiveInUseError)) throw inUse;
    const body = { camera: event.camera, trigger: event.triggerWallMs, kept: isKept };
    await ask(options, { method: 'POST', path: '/api/events/keep', body }).catch((error: unknown) => {
      throw error instanceof ControlError ? inUse : error;
    });
  }
}

/** Without regard to upper and lower case, as folders are named. */
async function knownName(index: IndexAccess, camera: string): Promise<string | undefined> {
  const names = await index.cameras();
  return names.find((name) => name.toLowerCase() === camera.toLowerCase());
}

/** The event of that moment, or the nearest one within a minute. */
async function eventAt(index: IndexAccess, camera: string, at: WallMs): Promise<EventRecord | undefined> {
  const extent = { cameras: [camera], fromWallMs: wallMs(at - NEAR_MS), toWallMs: wallMs(at + NEAR_MS) };
  const events = await index.events(extent);
  const distanceMs = ({ triggerWallMs, fromWallMs, untilWallMs }: EventRecord) =>
    at >= fromWallMs && at <= untilWallMs ? 0 : Math.abs(at - triggerWallMs);
  return events.toSorted((a, b) => distanceMs(a) - distanceMs(b))[0];
}
