import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findDamagedFragments } from '../../src/archive/check/check-fragments.ts';
import { FileSource } from '../../src/archive/file-source.ts';
import { allSegments } from '../../src/archive/index-rows.ts';
import { readSegment } from '../../src/archive/read-segment.ts';
import { accessTo } from '../../src/db/index-access.ts';
import type { SegmentRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { makeFolder, PrerollProcess } from '../e2e/preroll-process.ts';
import { Ext4Image } from './ext4-image.ts';
import type { Fault } from './fault.ts';
import { lastRecorded } from './last-recorded.ts';
import { missingFor } from './run-program.ts';
import { endedWell, Trial } from './trial.ts';

const CAMERAS = 4;
const CUTS = 50;
const SHORTEST_LIFE_MS = 500;
const LONGEST_LIFE_MS = 6_000;
const IMAGE_MIB = 512;
const PICTURE_MS = 100;
const MOST_LOST_MS = 2_000;

/** What a power cut left, and what the next start made of it. */
interface AfterCut {
  /** Fragments that the index claims, and those of them that are not on the disk as they were written. */
  readonly claimed: number;
  readonly missing: number;
  readonly mostLostMs: number;
  readonly problems: readonly string[];
}

export const fault: Fault = {
  title:
    'a power cut at any moment costs a camera 2 s at most, every byte that the index names is there, and the next start puts all right',
  requires: () => missingFor({ programs: ['mkfs.ext4', 'e2fsck', 'mount', 'umount'], isRoot: true }),
  async run(report) {
    await using folder = await makeFolder();
    await using disk = await Ext4Image.make(folder.path, IMAGE_MIB);
    const archive = { path: join(disk.folder, 'archive'), index: join(disk.folder, 'preroll.db') };
    await using trial = await Trial.make({
      cameras: CAMERAS,
      // The longer GOPs are, the longer may lie between two reads of a camera.
      clip: { gopSeconds: 2 },
      archive: { ...archive, segmentLength: '5s' },
    });
    await using preroll = await trial.record();
    const cuts: AfterCut[] = [];
    while (cuts.length < CUTS) {
      const worst = Math.max(0, ...cuts.map(({ mostLostMs }) => mostLostMs));
      report(cuts.length / CUTS, `cut ${cuts.length + 1} of ${CUTS}, most lost ${worst} ms`);
      await delay(SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      // All that write: the index lives in a process of its own.
      preroll.signal('SIGSTOP', 'group');
      const sent = new Map(Array.from(trial.cameras, ([name, camera]) => [name, camera.framesSent()]));
      const copy = await disk
        .copyAfterPowerCut(folder.path)
        .finally(() => preroll.signal('SIGCONT', 'group'));
      cuts.push(await startAfterCut(copy, folder.path, sent));
    }
    const problems = cuts.flatMap((cut) => cut.problems);
    if (!endedWell(await preroll.interrupt())) problems.push('the recorder did not end well');
    const sum = (count: (cut: AfterCut) => number) => cuts.reduce((all, cut) => all + count(cut), 0);
    const lost = cuts.map(({ mostLostMs }) => mostLostMs).toSorted((a, b) => a - b);
    const mostLostMs = lost.at(-1) ?? 0;
    const missing = sum((cut) => cut.missing);
    return {
      ok: missing === 0 && problems.length === 0 && mostLostMs <= MOST_LOST_MS,
      figures: {
        cuts: CUTS,
        cameras: CAMERAS,
        'fragments that the index named': sum((cut) => cut.claimed),
        'of them missing or damaged': missing,
        'most footage lost in ms': mostLostMs,
        'half of the cuts lost at most, in ms': lost[Math.floor(lost.length / 2)] ?? 0,
        'problems after a start': problems.length,
        ...(problems.length === 0 ? {} : { found: problems.slice(0, 3).join('; ') }),
      },
    };
  },
};

/** @param sent how many pictures each camera had sent when the power was cut. */
async function startAfterCut(
  copy: string,
  parent: string,
  sent: ReadonlyMap<string, number>,
): Promise<AfterCut> {
  await using disk = await Ext4Image.mountCopy(copy, join(parent, 'after'));
  const archive = join(disk.folder, 'archive');
  const database = join(disk.folder, 'preroll.db');
  const { claimed, missing } = await compareClaims(archive, database, parent);
  const folder = await configure(archive, database, parent, [...sent.keys()]);
  const problems = [...(await startAndLeave(folder)), ...(await check(folder))];
  let mostLostMs = 0;
  for (const [camera, count] of sent) {
    const last = await lastRecorded(archive, camera);
    mostLostMs = Math.max(mostLostMs, (count - (last?.number ?? 0)) * PICTURE_MS);
  }
  return { claimed, missing, mostLostMs, problems };
}

/**
 * Looks for what the index names, before anything is put right. On a copy of the database: a connection keeps its file open for
 * longer than the disk is mounted.
 */
async function compareClaims(archive: string, database: string, parent: string) {
  const copy = join(parent, 'claims.db');
  for (const ending of ['', '-wal']) {
    await rm(`${copy}${ending}`, { force: true });
    await cp(`${database}${ending}`, `${copy}${ending}`);
  }
  await rm(`${copy}-shm`, { force: true });
  const index = SqliteIndex.open(copy);
  let claimed = 0;
  let missing = 0;
  try {
    for await (const row of allSegments(accessTo(index))) {
      claimed += row.fragments.length;
      missing += row.fragments.length - (await presentFragments(archive, row));
    }
  } finally {
    index.close();
  }
  return { claimed, missing };
}

async function presentFragments(archive: string, row: SegmentRecord): Promise<number> {
  try {
    await using source = await FileSource.open(join(archive, row.path));
    const { scanned } = await readSegment(source, row, undefined);
    const damaged = await findDamagedFragments(source, scanned, 'deep');
    const bad = new Set(damaged.map(({ fragment }) => fragment.positionBytes));
    const whole = new Map(
      scanned.fragments.map(({ positionBytes, sizeBytes }) => [positionBytes, sizeBytes]),
    );
    return row.fragments.filter(
      ({ offsetBytes, sizeBytes }) => whole.get(offsetBytes) === sizeBytes && !bad.has(offsetBytes),
    ).length;
  } catch {
    // No file, or none that can be read.
    return 0;
  }
}

/** A recorder for what is left, without its cameras. @returns its folder. */
async function configure(
  archive: string,
  database: string,
  parent: string,
  cameras: readonly string[],
): Promise<string> {
  const folder = join(parent, 'restart');
  await mkdir(folder, { recursive: true });
  const off = { url: 'rtsp://127.0.0.1:1/', enabled: false };
  const config = {
    archive: { path: archive, index: database },
    log: { level: 'debug' },
    cameras: Object.fromEntries(cameras.map((name) => [name, off])),
  };
  await writeFile(join(folder, 'preroll.yaml'), JSON.stringify(config));
  return folder;
}

/** Starts the recorder until it has put all right. @returns what went wrong. */
async function startAndLeave(folder: string): Promise<string[]> {
  await using preroll = PrerollProcess.start(['run'], { folder });
  await preroll.says(/the archive (has been put right|is as it should be)/);
  const ended = await preroll.interrupt();
  const problems = endedWell(ended) ? [] : [`the next start ended with ${String(ended.code)}`];
  return [...problems, ...(preroll.stderr.match(/^.* ERROR .*$/gm) ?? [])];
}

/** @returns what is wrong with the archive, every byte of it read. */
async function check(folder: string): Promise<string[]> {
  const { code, stdout, stderr } = await PrerollProcess.run(['archive', 'check', '--deep'], { folder });
  return code === 0 ? [] : [`${stdout}${stderr}`.slice(0, 500)];
}
