import type { FileKey, SegmentRecord, VolumeRecord } from '../../db/records.ts';
import type { ScannedFile } from '../../media/fmp4/fragment-scan.ts';
import { Mp4Error } from '../../media/fmp4/mp4-error.ts';
import { FileSource } from '../file-source.ts';
import type { IndexAccess } from '../../db/index-access.ts';
import { findEvent, knowsRun } from '../index-rows.ts';
import { cameraOf, readSegment } from '../read-segment.ts';
import { readSidecar, SidecarError, type Sidecar } from '../read-sidecar.ts';
import { compareSegment } from './compare-segment.ts';
import { findDamagedFragments, isHeaderDamaged, type CheckDepth } from './check-fragments.ts';
import type { Problem, ProblemKind } from './problem.ts';

export interface RecordingToCheck {
  readonly volume: VolumeRecord;
  /** Below the volume's folder. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** What the index says of it; undefined where it says nothing. */
  readonly row: SegmentRecord | undefined;
  readonly depth: CheckDepth;
}

/** What was found out about a recording. */
export interface CheckedRecording {
  readonly problems: readonly Problem[];
  /** How long its footage lasts. */
  readonly mediaMs: number;
}

/**
 * Compares a recording that nobody writes to with its own checksums, its sidecar and the index.
 * @param index undefined where there is none to compare with.
 * @throws an error of the system, IndexError.
 */
export async function checkRecording(
  index: IndexAccess | undefined,
  recording: RecordingToCheck,
): Promise<CheckedRecording> {
  const { volume, path, file } = recording;
  const problems: Problem[] = [];
  const report = (kind: ProblemKind, message: string) => problems.push({ kind, volume, path, message });
  const sidecar = await checkSidecar(file, path, report);
  await using source = await FileSource.open(file);
  if (source.sizeBytes === 0) {
    report('empty-file', 'nothing was written to it');
    return { problems, mediaMs: 0 };
  }
  const key: FileKey = { volume: volume.id, path };
  const read = await readSegment(source, key, sidecar).catch(asProblem);
  if (read instanceof Mp4Error) {
    report('unreadable-file', read.message);
    return { problems, mediaMs: 0 };
  }
  const { scanned, segment, run, events } = read;
  await checkFile(source, recording, scanned, report);
  if (segment === undefined && scanned.damages.length === 0) report('empty-file', 'it holds no picture');
  if (sidecar !== undefined && !isHeaderDamaged(scanned)) {
    checkAgainstSidecar(sidecar, path, scanned, report);
  }
  const isFileWell = problems.every(({ kind }) => SIDECAR_KINDS.includes(kind));
  if (index !== undefined && segment !== undefined && isFileWell) {
    const kind = sidecar?.kind ?? recording.row?.kind ?? segment.kind;
    checkRow(recording.row, { ...segment, kind }, report);
    if (!(await knowsRun(index, run))) {
      report('missing-run', `the index does not know the run of ${new Date(run.startWallMs).toISOString()}`);
    }
    for (const { camera, triggerWallMs } of events) {
      if ((await findEvent(index, camera, triggerWallMs)) !== undefined) continue;
      report('missing-event', `the index does not know the event of ${new Date(triggerWallMs).toISOString()}`);
    }
  }
  return { problems, mediaMs: segment === undefined ? 0 : segment.endWallMs - segment.startWallMs };
}

const SIDECAR_KINDS: readonly ProblemKind[] = ['missing-sidecar', 'damaged-sidecar', 'unfinished-sidecar'];

type Report = (kind: ProblemKind, message: string) => void;

async function checkSidecar(file: string, path: string, report: Report): Promise<Sidecar | undefined> {
  try {
    const sidecar = await readSidecar(file);
    if (sidecar === undefined) report('missing-sidecar', 'there is no JSON file beside it');
    else if (sidecar.endWallMs === undefined) report('unfinished-sidecar', 'it does not say when the recording ended');
    else if (sidecar.camera !== cameraOf(path)) report('damaged-sidecar', `it speaks of camera ${sidecar.camera}`);
    else return sidecar;
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error;
    report('damaged-sidecar', error.message);
  }
  return undefined;
}

function checkAgainstSidecar(sidecar: Sidecar, path: string, { header }: ScannedFile, report: Report): void {
  if (sidecar.startWallMs === header.createdAt) return;
  const [said, is] = [sidecar.startWallMs, header.createdAt].map((ms) => new Date(ms).toISOString());
  report('damaged-sidecar', `it says that ${path} starts at ${said}, the file says ${is}`);
}

async function checkFile(
  source: FileSource,
  { row, depth }: RecordingToCheck,
  scanned: ScannedFile,
  report: Report,
): Promise<void> {
  const { damages, tear, wholeSizeBytes } = scanned;
  if (isHeaderDamaged(scanned)) report('damaged-header', 'it is not as it was written');
  for (const { positionBytes, sizeBytes, cause } of damages) {
    report('damaged-fragment', `${sizeBytes} bytes from byte ${positionBytes} on: ${cause.message}`);
  }
  for (const { fragment, problem } of await findDamagedFragments(source, scanned, depth)) {
    const { sequenceNumber, positionBytes } = fragment;
    report('damaged-fragment', `fragment ${sequenceNumber}, from byte ${positionBytes} on: ${problem}`);
  }
  if (row !== undefined && source.sizeBytes < row.sizeBytes) {
    report('cut-short', `the file has ${source.sizeBytes} bytes, the index says ${row.sizeBytes}`);
  } else if (tear !== undefined) {
    const wasWhole = row !== undefined && row.sizeBytes > wholeSizeBytes;
    const message = `${tear.sizeBytes} bytes from byte ${tear.positionBytes} on: ${tear.cause.message}`;
    report(wasWhole ? 'damaged-fragment' : 'torn-tail', message);
  }
}

function checkRow(row: SegmentRecord | undefined, segment: SegmentRecord, report: Report): void {
  if (row === undefined) {
    report('missing-row', 'the index does not know it');
    return;
  }
  if (row.isOpen) report('left-open', 'the index takes it for open, and no recorder runs');
  for (const { kind, message } of compareSegment(row, segment)) report(kind, message);
}

function asProblem(thrown: unknown): Mp4Error {
  if (thrown instanceof Mp4Error) return thrown;
  throw thrown;
}
