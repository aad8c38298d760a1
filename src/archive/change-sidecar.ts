import { readFile } from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import type { WallMs } from '../base/time.ts';
import { replaceFile } from './replace-file.ts';

/** An event as a sidecar tells it. */
export type ToldEvent = Readonly<Record<string, unknown>>;

/**
 * Changes what a sidecar tells of an event; one that does not tell of it, or is none, stays as it is.
 * @param path of the sidecar, which may be missing.
 * @param change gives what is to be told instead; undefined for nothing.
 * @throws an error of the system.
 */
export async function changeSidecarEvent(
  path: string,
  triggerWallMs: WallMs,
  change: (event: ToldEvent) => ToldEvent | undefined,
): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  const changed = text === undefined ? undefined : changedText(text, new Date(triggerWallMs).toISOString(), change);
  if (changed !== undefined) await replaceFile(path, changed);
}

/** @returns undefined where there is nothing to change. */
function changedText(
  text: string,
  id: string,
  change: (event: ToldEvent) => ToldEvent | undefined,
): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null || !('events' in content)) return undefined;
  const { events } = content;
  if (!Array.isArray(events) || !events.some((event) => isEvent(event, id))) return undefined;
  const changed: unknown[] = events.flatMap((event: unknown) =>
    isEvent(event, id) ? (change(event) ?? []) : [event],
  );
  return `${JSON.stringify({ ...content, events: changed }, undefined, 2)}\n`;
}

function isEvent(value: unknown, id: string): value is ToldEvent {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === id;
}
