import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { mediaTicks, wallMs, type WallMs } from '../../base/time.ts';
import { accessTo, type IndexAccess } from '../../db/index-access.ts';
import type { EventRecord, RunRecord, SegmentKind, SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { memorySource } from '../../media/fmp4/byte-source.ts';
import { FileMuxer } from '../../media/fmp4/file-muxer.ts';
import type { TrackRun } from '../../media/fmp4/fragment.ts';
import { h264HighTrack, stereoTrack } from '../../media/fmp4/testing/test-tracks.ts';
import type { Packet } from '../../media/packet.ts';
import { readSegment } from '../read-segment.ts';
import { eventOf, readSidecar } from '../read-sidecar.ts';
import { writeSidecar, type Annotation } from '../sidecar.ts';
import { writeIdentity } from '../volume-identity.ts';

/** A full minute, so that names and times agree. */
export const START = wallMs(Date.UTC(2026, 10, 22, 20, 15));

export interface TestRecording {
  readonly camera?: string;
  /** After `START`. */
  readonly startMs?: number;
  /** Of 2 s each. */
  readonly fragments?: number;
  readonly kind?: SegmentKind;
  readonly annotations?: readonly Annotation[];
  /** As a killed recorder leaves it: row and sidecar of an open file. */
  readonly isOpen?: boolean;
}

/** An archive of one volume with its index, as the recorder leaves it. */
export class TestArchive implements AsyncDisposable {
  readonly volume: VolumeRecord;
  readonly indexPath: string;
  #index: SqliteIndex;

  private constructor(volume: VolumeRecord, indexPath: string) {
    this.volume = volume;
    this.indexPath = indexPath;
    this.#index = SqliteIndex.open(indexPath);
    this.#index.apply([{ type: 'volume', volume }]);
  }

  static async create(): Promise<TestArchive> {
    const folder = await mkdtemp(join(tmpdir(), 'preroll-archive-'));
    const path = join(folder, 'archive');
    return new TestArchive({ id: await writeIdentity(path), path }, join(folder, 'preroll.db'));
  }

  get index(): SqliteIndex {
    return this.#index;
  }

  get access(): IndexAccess {
    return accessTo(this.#index);
  }

  /** The absolute path of a file. */
  at(path: string): string {
    return join(this.volume.path, path);
  }

  /** Closes the index, so that something can be done to its file, and opens it again. */
  async withClosedIndex(work: () => Promise<void>): Promise<void> {
    this.#index.close();
    await work();
    this.#index = SqliteIndex.open(this.indexPath);
  }

  /**
   * Adds a recording: file, sidecar and what the index knows of it.
   * @returns its path below the volume's folder.
   */
  async record(recording: TestRecording = {}): Promise<string> {
    const path = await this.writeFile(recording);
    const row = await this.describe(path, recording);
    this.#index.apply([
      { type: 'run', run: runOf(row) },
      { type: 'segment', segment: { ...row, isOpen: recording.isOpen ?? false } },
    ]);
    return path;
  }

  /** Adds file and sidecar of a recording only. */
  async writeFile(recording: TestRecording = {}): Promise<string> {
    const { camera = 'yard', startMs = 0, kind = 'continuous', annotations = [], isOpen = false } = recording;
    const start = wallMs(START + startMs);
    const [day = '', time = ''] = new Date(start).toISOString().split('T');
    const path = `${camera}/${day}/${time.slice(0, 8).replaceAll(':', '-')}.mp4`;
    await mkdir(dirname(this.at(path)), { recursive: true });
    const content = encodeRecording(start, recording);
    await writeFile(this.at(path), content);
    const { segment } = await readSegment(memorySource(content), { volume: this.volume.id, path }, undefined);
    await writeSidecar(this.at(path), {
      camera,
      file: basename(path),
      kind,
      startWallMs: start,
      endWallMs: isOpen ? undefined : segment?.endWallMs,
      endedBy: isOpen ? undefined : 'the file was full',
      continues: undefined,
      tracks: [h264HighTrack, stereoTrack],
      annotations,
    });
    return path;
  }

  /** What the index should know of a file. */
  async describe(path: string, { isOpen = false }: TestRecording = {}): Promise<SegmentRecord> {
    const key = { volume: this.volume.id, path };
    const source = memorySource(new Uint8Array(await readFile(this.at(path))));
    const { segment } = await readSegment(source, key, await readSidecar(this.at(path)));
    if (segment === undefined) throw new Error(`${path} holds no picture`);
    return isOpen ? { ...segment, isOpen, endedBy: undefined } : segment;
  }

  /** What the index is told of events as sidecars tell them. */
  eventsOf(camera: string, annotations: readonly Annotation[]): EventRecord[] {
    return annotations.flatMap((annotation) => eventOf(camera, annotation) ?? []);
  }

  /** All files below the volume's folder, relative, in order. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.volume.path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.volume.path.length + 1))
      .toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#index.close();
    await rm(dirname(this.volume.path), { recursive: true, force: true });
  }
}

function runOf({ camera, runStartWallMs }: SegmentRecord): RunRecord {
  return {
    camera,
    startWallMs: runStartWallMs,
    endWallMs: undefined,
    endKind: undefined,
    endMessage: undefined,
  };
}

const PICTURE_TICKS = 18_000;
const PICTURES = 10;
const SOUND_TICKS = 1024;

/** A file with pictures of a few bytes that hold what they claim to. */
export function encodeRecording(start: WallMs, { fragments = 3, startMs = 0 }: TestRecording): Uint8Array {
  const muxer = new FileMuxer({
    tracks: [h264HighTrack, stereoTrack],
    createdAt: start,
    // All of a test's recordings are of one run.
    runStartWallMs: START,
  });
  const pieces = Array.from({ length: fragments }, (_, i) =>
    muxer.encode([pictures(startMs * 90 + i * PICTURES * PICTURE_TICKS), sound(startMs * 48 + i * 96_000)]),
  );
  return new Uint8Array(Buffer.concat(pieces.flat()));
}

function pictures(startTicks: number): TrackRun {
  const packets = Array.from({ length: PICTURES }, (_, i): Packet => {
    const isKey = i === 0;
    const dts = mediaTicks(startTicks + i * PICTURE_TICKS);
    const nal = [isKey ? 0x65 : 0x41, ...Array.from({ length: 20 + i }, (_each, at) => (at * 37 + startTicks) & 0xff)];
    return { track: h264HighTrack, isKey, dts, pts: dts, data: Uint8Array.of(0, 0, 0, nal.length, ...nal) };
  });
  return { track: h264HighTrack, packets, nextDts: mediaTicks(startTicks + PICTURES * PICTURE_TICKS) };
}

function sound(startTicks: number): TrackRun {
  const packets = Array.from({ length: 93 }, (_, i): Packet => {
    const dts = mediaTicks(startTicks + i * SOUND_TICKS);
    return { track: stereoTrack, isKey: true, dts, pts: dts, data: Uint8Array.of(0x21, i, 3, 4) };
  });
  return { track: stereoTrack, packets, nextDts: undefined };
}
