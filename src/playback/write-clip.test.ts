import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import { checksumOf } from '../media/fmp4/checksum.ts';
import { h264HighTrack } from '../media/fmp4/testing/test-tracks.ts';
import { SampleTable } from '../media/mp4/sample-table.ts';
import { readMovie } from '../media/mp4/testing/read-movie.ts';
import type { FinishedClip } from './clip.ts';
import { writeClip, type WriteClipOptions } from './write-clip.ts';

let folder = '';
let path = '';
let source = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-write-'));
  path = join(folder, 'clip.mp4');
  source = join(folder, 'source.mp4');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** More than is copied at once. */
const PAYLOAD = Buffer.alloc(3_000_001, 'payload');

/** A picture of all of the source but its first 10 bytes, and one of its first 10. */
async function makeClip(): Promise<FinishedClip> {
  await writeFile(source, Buffer.concat([Buffer.alloc(10, 'head'), PAYLOAD]));
  const table = new SampleTable(h264HighTrack);
  table.addChunk(0, [
    { sizeBytes: PAYLOAD.byteLength, isKey: true, dts: 0, pts: 0 },
    { sizeBytes: 10, isKey: true, dts: 3600, pts: 3600 },
  ]);
  table.end(7200);
  return {
    tracks: [{ table, emptyTicks: 0, mediaTime: 0, playedTicks: 7200 }],
    payload: {
      sizeBytes: PAYLOAD.byteLength + 10,
      extents: [
        { path: source, positionBytes: 10, sizeBytes: PAYLOAD.byteLength, checksum: checksumOf([PAYLOAD]) },
        { path: source, positionBytes: 0, sizeBytes: 10, checksum: undefined },
      ],
    },
    recorded: [{ fromWallMs: wallMs(1e12), toWallMs: wallMs(1e12 + 80) }],
    lengthMs: 80,
    pictures: 2,
  };
}

function options(changes: Partial<WriteClipOptions> = {}): WriteClipOptions {
  const signal = new AbortController().signal;
  return { path, isReplaced: false, onProgress: () => undefined, signal, ...changes };
}

const left = async () => (await readdir(folder)).filter((name) => name !== basename(source)).toSorted();

describe('writeClip', () => {
  it('writes tables first, the bytes they name behind them, and a checksum beside it', async () => {
    const shares: number[] = [];
    const written = await writeClip(await makeClip(), options({ onProgress: (share) => shares.push(share) }));
    const file = await readFile(path);
    const { boxes, tracks } = readMovie(file);
    expect(boxes).toEqual(['ftyp', 'moov', 'mdat']);
    const pieces = tracks[0]?.samples.map(({ positionBytes, sizeBytes }) =>
      file.subarray(positionBytes, positionBytes + sizeBytes),
    );
    expect(pieces?.map((piece) => piece.equals(PAYLOAD))).toEqual([true, false]);
    expect(pieces?.[1]?.toString()).toBe('headheadhe');
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(written).toEqual({ path, sizeBytes: file.byteLength, sha256, damages: [] });
    expect(await readFile(`${path}.sha256`, 'utf8')).toBe(`${sha256}  clip.mp4\n`);
    expect(await left()).toEqual(['clip.mp4', 'clip.mp4.sha256']);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it.skipIf(spawnSync('sha256sum', ['--version']).status !== 0)(
    'names any file so that sha256sum finds it',
    async () => {
      const strange = join(folder, 'a\\b\nc.mp4');
      await writeClip(await makeClip(), options({ path: strange }));
      const sums = await readdir(folder).then((names) => names.filter((name) => name.endsWith('.sha256')));
      const { status, stdout } = spawnSync('sha256sum', ['-c', ...sums], { cwd: folder });
      expect([status, String(stdout)]).toEqual([0, '\\a\\\\b\\nc.mp4: OK\n']);
    },
  );

  it('tells of bytes that are not as they were recorded', async () => {
    const clip = await makeClip();
    const bytes = await readFile(source);
    bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 4, 2_000_000);
    await writeFile(source, bytes);
    const { damages } = await writeClip(clip, options());
    expect(damages).toEqual([clip.payload.extents[0]]);
  });

  it('replaces files only when told, and never one that came meanwhile', async () => {
    const clip = await makeClip();
    await writeFile(path, 'theirs');
    await expect(writeClip(clip, options())).rejects.toMatchObject({ kind: 'exists' });
    expect(await readFile(path, 'utf8')).toBe('theirs');
    await rm(path);
    const onProgress = () => void writeFile(path, 'theirs');
    await expect(writeClip(clip, options({ onProgress }))).rejects.toMatchObject({ kind: 'exists' });
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await left()).toEqual(['clip.mp4']);
    const { sizeBytes } = await writeClip(clip, options({ isReplaced: true }));
    expect((await readFile(path)).byteLength).toBe(sizeBytes);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const cancelled = new AbortController();
    const onProgress = () => cancelled.abort(new Error('cancelled'));
    const writing = writeClip(await makeClip(), options({ onProgress, signal: cancelled.signal }));
    await expect(writing).rejects.toThrow('cancelled');
    expect(await left()).toEqual([]);
  });

  it('says so and leaves nothing behind when a recording is cut or deleted meanwhile', async () => {
    const clip = await makeClip();
    await truncate(source, 1_000_000);
    await expect(writeClip(clip, options())).rejects.toMatchObject({ kind: 'changed' });
    await rm(source);
    await expect(writeClip(clip, options())).rejects.toMatchObject({ kind: 'changed' });
    expect(await left()).toEqual([]);
  });
});
