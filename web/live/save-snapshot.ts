import { ApiError, kindOfStatus } from '../api/api-error.ts';
import { urlOf } from '../api/client.ts';

/**
 * Saves the camera's picture of now as a file, as large as the camera makes it.
 * @throws {ApiError}
 */
export async function saveSnapshot(camera: string, now: Date): Promise<void> {
  const path = `api/cameras/${encodeURIComponent(camera)}/snapshot`;
  const response = await fetch(urlOf(path)).catch((error: unknown) => {
    throw new ApiError('unreachable', `GET ${path}: no answer`, { cause: error });
  });
  if (!response.ok) throw new ApiError(kindOfStatus(response.status), await messageOf(response));
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${camera} ${localTime(now)}.jpg`;
  link.click();
  URL.revokeObjectURL(address);
}

async function messageOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => undefined)) as
    { error?: { message?: string } } | undefined;
  return answer?.error?.message ?? `The server answered with status ${response.status}.`;
}

/** `2026-11-27 14-05-09`: sorts by time and is allowed in names of files everywhere. */
function localTime(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-');
}
