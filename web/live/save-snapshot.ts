import { askFile } from '../api/client.ts';

/**
 * Saves the camera's picture of now as a file, as large as the camera makes it.
 * @throws {ApiError}
 */
export async function saveSnapshot(camera: string, now: Date): Promise<void> {
  const picture = await askFile(`api/cameras/${encodeURIComponent(camera)}/snapshot`);
  const address = URL.createObjectURL(picture);
  const link = document.createElement('a');
  link.href = address;
  link.download = `${camera} ${localTime(now)}.jpg`;
  link.click();
  URL.revokeObjectURL(address);
}

/** `2026-11-27 14-05-09`: sorts by time and is allowed in names of files everywhere. */
function localTime(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-');
}
