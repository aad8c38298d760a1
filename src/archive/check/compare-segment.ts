import type { FragmentRecord, SegmentRecord } from '../../db/records.ts';
import type { ProblemKind } from './problem.ts';

type Told = string | number | undefined;

/** How a row of the index differs from what its file tells; nothing where it does not. */
export function compareSegment(
  row: SegmentRecord,
  file: SegmentRecord,
): readonly { readonly kind: ProblemKind; readonly message: string }[] {
  const differences: { kind: ProblemKind; message: string }[] = [];
  const compare = (kind: ProblemKind, what: string, found: Told, expected: Told) => {
    if (found === expected) return;
    const message = `the index says ${what} ${describe(found)}, the file ${describe(expected)}`;
    differences.push({ kind, message });
  };
  compare('wrong-size', 'size', row.sizeBytes, file.sizeBytes);
  compare('wrong-times', 'start', iso(row.startWallMs), iso(file.startWallMs));
  compare('wrong-times', 'end', iso(row.endWallMs), iso(file.endWallMs));
  compare('wrong-times', 'start of the run', iso(row.runStartWallMs), iso(file.runStartWallMs));
  compare('wrong-description', 'camera', row.camera, file.camera);
  compare('wrong-description', 'kind', row.kind, file.kind);
  compare('wrong-description', 'video', videoText(row), videoText(file));
  compare('wrong-description', 'sound', audioText(row), audioText(file));
  const at = firstDifference(row.fragments, file.fragments);
  if (at !== undefined) {
    compare('wrong-fragments', `fragment ${at + 1}`, fragmentText(row, at), fragmentText(file, at));
  }
  return differences;
}

/** Times of fragments are kept in the index more finely than they are told. */
const SAME_MS = 0.5;

function firstDifference(a: readonly FragmentRecord[], b: readonly FragmentRecord[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [one, other] = [a[i], b[i]];
    const isSame =
      one?.offsetBytes === other?.offsetBytes &&
      one?.sizeBytes === other?.sizeBytes &&
      one?.isKey === other?.isKey &&
      Math.abs((one?.startMs ?? 0) - (other?.startMs ?? 0)) < SAME_MS &&
      Math.abs((one?.durationMs ?? 0) - (other?.durationMs ?? 0)) < SAME_MS;
    if (!isSame) return i;
  }
  return undefined;
}

function fragmentText({ fragments }: SegmentRecord, at: number): string | undefined {
  const fragment = fragments[at];
  if (fragment === undefined) return undefined;
  const { offsetBytes, sizeBytes, startMs, durationMs, isKey } = fragment;
  return `${sizeBytes} bytes at ${offsetBytes}, ${durationMs} ms at ${startMs}${isKey ? ', key' : ''}`;
}

function videoText({ video }: SegmentRecord): string {
  return `${video.codec} ${video.widthPx}x${video.heightPx}`;
}

function audioText({ audio }: SegmentRecord): string | undefined {
  return audio && `${audio.codec} ${audio.sampleRateHz} Hz ${audio.channels} ch`;
}

function iso(wallMs: number): string {
  return Number.isFinite(wallMs) && Math.abs(wallMs) <= 8.64e15 ? new Date(wallMs).toISOString() : String(wallMs);
}

function describe(value: Told): string {
  return value === undefined ? 'nothing' : String(value);
}
