import { renameSync, rmSync } from 'node:fs';
import type { WallMs } from '../base/time.ts';

/*
 * A database is up to three files. The one without ending comes last: what a crash in between leaves is a database without
 * its log, not a log without its own database.
 */
const ENDINGS = ['-wal', '-shm', ''];

/**
 * Renames a database, so that a new one can take its place and somebody can look at it. Nobody may have it open.
 * @param why becomes part of its name.
 * @returns its new path.
 * @throws an error of the system.
 */
export function setDatabaseAside(path: string, why: 'damaged' | 'replaced', now: WallMs): string {
  const moment = new Date(now).toISOString().replaceAll(':', '-');
  const aside = `${path}.${why}-${moment}`;
  renameDatabase(path, aside);
  return aside;
}

/** What is not there stays so. Nobody may have it open. @throws an error of the system. */
export function renameDatabase(from: string, to: string): void {
  for (const ending of ENDINGS) {
    try {
      renameSync(`${from}${ending}`, `${to}${ending}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** If it is there. Nobody may have it open. @throws an error of the system. */
export function removeDatabase(path: string): void {
  for (const ending of ENDINGS) rmSync(`${path}${ending}`, { force: true });
}
