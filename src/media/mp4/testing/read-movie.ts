import { findChild, readChildren, readFullBoxHead, requireChild } from '../../fmp4/box-reader.ts';
import { ByteCursor } from '../../fmp4/byte-cursor.ts';

/** A sample as the tables of an ordinary MP4 tell it; times count from the track's first decoding. */
export interface ReadSample {
  readonly positionBytes: number;
  readonly sizeBytes: number;
  readonly isKey: boolean;
  readonly dts: number;
  readonly pts: number;
}

export interface ReadTrack {
  readonly samples: readonly ReadSample[];
  readonly durationTicks: number;
  /** Length in ticks of the movie, and where on the track's time line; -1 for an empty one. */
  readonly edits: readonly { readonly lastsTicks: number; readonly mediaTime: number }[];
}

export interface ReadMovie {
  /** The types of the file's boxes, in order. */
  readonly boxes: readonly string[];
  readonly durationTicks: number;
  readonly tracks: readonly ReadTrack[];
}

/** Expands the tables of a whole file as ISO 14496-12 8.6 and 8.7 tell to, one sample at a time. For tests. */
export function readMovie(file: Uint8Array): ReadMovie {
  const boxes = readChildren(new ByteCursor(file, 0));
  const moov = requireChild(boxes, 'moov', new ByteCursor(file, 0));
  const children = readChildren(moov);
  const mvhd = requireChild(children, 'mvhd', moov);
  readFullBoxHead(mvhd);
  mvhd.skip(20);
  return {
    boxes: boxes.map(({ type }) => type),
    durationTicks: mvhd.u64(),
    tracks: children.filter(({ type }) => type === 'trak').map(({ content }) => readTrack(content)),
  };
}

function readTrack(trak: ByteCursor): ReadTrack {
  const children = readChildren(trak);
  const mdia = requireChild(children, 'mdia', trak);
  const media = readChildren(mdia);
  const mdhd = requireChild(media, 'mdhd', mdia);
  readFullBoxHead(mdhd);
  mdhd.skip(20);
  const minf = requireChild(media, 'minf', mdia);
  const stbl = requireChild(readChildren(minf), 'stbl', minf);
  const edts = requireChild(children, 'edts', trak);
  return {
    samples: readSamples(stbl),
    durationTicks: mdhd.u64(),
    edits: readEdits(requireChild(readChildren(edts), 'elst', edts)),
  };
}

function readEdits(elst: ByteCursor): ReadTrack['edits'] {
  readFullBoxHead(elst);
  return Array.from({ length: elst.u32() }, () => {
    const edit = { lastsTicks: elst.u64(), mediaTime: elst.i64() };
    elst.skip(4);
    return edit;
  });
}

function readSamples(stbl: ByteCursor): readonly ReadSample[] {
  const tables = readChildren(stbl);
  const stsz = requireChild(tables, 'stsz', stbl);
  readFullBoxHead(stsz);
  if (stsz.u32() !== 0) throw stsz.malformed('samples of one size');
  const sizesBytes = Array.from({ length: stsz.u32() }, () => stsz.u32());
  const durations = readRuns(requireChild(tables, 'stts', stbl), false);
  const ctts = findChild(tables, 'ctts');
  const offsets = ctts === undefined ? undefined : readRuns(ctts, true);
  const stss = findChild(tables, 'stss');
  const keys = stss === undefined ? undefined : readKeys(stss);
  const positions = readPositions(tables, stbl, sizesBytes);
  let dts = 0;
  return sizesBytes.map((sizeBytes, i) => {
    const at = dts;
    dts += durations[i] ?? Number.NaN;
    return {
      positionBytes: positions[i] ?? Number.NaN,
      sizeBytes,
      isKey: keys?.has(i + 1) ?? true,
      dts: at,
      pts: at + (offsets === undefined ? 0 : (offsets[i] ?? Number.NaN)),
    };
  });
}

function readRuns(table: ByteCursor, maySign: boolean): number[] {
  const { version } = readFullBoxHead(table);
  const values: number[] = [];
  for (let runs = table.u32(); runs > 0; runs -= 1) {
    const count = table.u32();
    const value = maySign && version === 1 ? table.i32() : table.u32();
    for (let i = 0; i < count; i += 1) values.push(value);
  }
  return values;
}

function readKeys(stss: ByteCursor): ReadonlySet<number> {
  readFullBoxHead(stss);
  return new Set(Array.from({ length: stss.u32() }, () => stss.u32()));
}

function readPositions(
  tables: Parameters<typeof findChild>[0],
  stbl: ByteCursor,
  sizesBytes: readonly number[],
): number[] {
  const stsc = requireChild(tables, 'stsc', stbl);
  readFullBoxHead(stsc);
  const runs = Array.from({ length: stsc.u32() }, () => ({
    firstChunk: stsc.u32(),
    samples: stsc.u32(),
    description: stsc.u32(),
  }));
  const co64 = requireChild(tables, 'co64', stbl);
  readFullBoxHead(co64);
  const positions: number[] = [];
  for (let chunk = 1, chunks = co64.u32(); chunk <= chunks; chunk += 1) {
    const run = runs.findLast(({ firstChunk }) => firstChunk <= chunk);
    if (run?.description !== 1) throw stsc.malformed(`no samples for chunk ${chunk}`);
    let positionBytes = co64.u64();
    for (let i = 0; i < run.samples; i += 1) {
      const sizeBytes = sizesBytes[positions.length];
      positions.push(positionBytes);
      positionBytes += sizeBytes ?? Number.NaN;
    }
  }
  return positions;
}
