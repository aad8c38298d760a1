import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createI420, rgb, type I420Picture } from '../media/i420.ts';
import { InputError } from './input-error.ts';
import { Mp4Writer } from './mp4-writer.ts';
import { encodePng } from './png.ts';
import { SeriesWriter, type SeriesRow } from './series.ts';
import { VideoFile } from './video-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-lab-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One luma all over, and the colour given. */
function plain(luma: number, colour = { u: 128, v: 128 }): I420Picture {
  const picture = createI420(64, 48);
  picture.y.fill(luma);
  picture.u.fill(colour.u);
  picture.v.fill(colour.v);
  return picture;
}

function writeFilm(path: string, ticks: readonly number[]): void {
  using film = new Mp4Writer({ path, widthPx: 64, heightPx: 48, rateFps: 5 });
  for (const [index, at] of ticks.entries()) film.write(plain(20 + ((10 * index) % 200)), at);
  film.finish();
}

/** Time in ms and first luma of each picture. */
function readAll(file: VideoFile): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const more = () =>
    file.advance((picture) => void found.push([picture.pts / 90, picture.readLuma().data[0] ?? 0]));
  while (more());
  return found;
}

describe('Mp4Writer and VideoFile', () => {
  it('write and read pictures with their times, however uneven', () => {
    const path = join(folder, 'film.mp4');
    writeFilm(path, [0, 18_000, 36_000, 90_000]);
    using file = new VideoFile(path);
    expect(file.durationMs).toBeGreaterThan(700);
    const found = readAll(file);
    expect(found.map(([ms]) => ms)).toEqual([0, 200, 400, 1000]);
    for (const [index, [, luma]] of found.entries()) expect(Math.abs(luma - 20 - 10 * index)).toBeLessThan(3);
    expect(file.damaged).toBe(0);
    expect(file.lengthTicks).toBeGreaterThan(90_000);
  });

  it('keeps times in order, whatever it is told', () => {
    const path = join(folder, 'film.mp4');
    writeFilm(path, [0, 18_000, 18_000, 9_000]);
    using file = new VideoFile(path);
    expect(readAll(file)).toHaveLength(4);
  });
});

describe('VideoFile', () => {
  it('begins with the key picture at a moment, with the times of the whole file', () => {
    const path = join(folder, 'film.mp4');
    // A key picture every five seconds.
    writeFilm(
      path,
      Array.from({ length: 60 }, (_, index) => index * 18_000),
    );
    const timesFrom = (ms: number) => {
      using file = new VideoFile(path);
      file.skipTo(ms);
      return readAll(file).map(([at]) => at);
    };
    expect(timesFrom(0)).toHaveLength(60);
    expect(timesFrom(4_000)[0]).toBe(5_000);
    expect(timesFrom(5_000.4)).toEqual(Array.from({ length: 35 }, (_, index) => 5_000 + 200 * index));
    expect(timesFrom(20_000)).toEqual([]);
  });

  const refusal = (path: string) => {
    try {
      new VideoFile(path)[Symbol.dispose]();
      return undefined;
    } catch (error) {
      return error instanceof InputError ? error.kind : error;
    }
  };

  it('says what is wrong with files that are none', () => {
    const write = (name: string, content: Uint8Array | string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    expect(refusal(join(folder, 'missing.mp4'))).toBe('missing');
    expect(refusal(folder)).toBe('unreadable');
    expect(refusal(write('empty.mp4', ''))).toBe('unreadable');
    expect(refusal(write('junk.mp4', Buffer.alloc(5_000, 'junk')))).toBe('unreadable');
    expect(
      refusal(write('list.m3u8', '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n')),
    ).toBe('unreadable');
    const silence = Buffer.concat([wavHeader(8_000), Buffer.alloc(8_000, 128)]);
    expect(refusal(write('sound.wav', silence))).toBe('no-video');
  });

  it('refuses a file without what describes its pictures', () => {
    const path = join(folder, 'film.mp4');
    writeFilm(path, [0, 18_000, 36_000]);
    truncateSync(path, 60);
    expect(refusal(path)).toBe('unreadable');
    const png = join(folder, 'still.png');
    writeFileSync(png, encodePng(plain(100)).subarray(0, -30));
    expect(refusal(png)).toBe('unreadable');
  });

  it('leaves out and counts what is damaged', () => {
    const path = join(folder, 'film.mp4');
    writeFilm(path, [0, 18_000, 36_000, 54_000]);
    const content = readFileSync(path);
    // The pictures lie right before the tables.
    content.fill(0xff, content.indexOf('moov') - 4 - 8, content.indexOf('moov') - 4);
    writeFileSync(path, content);
    using file = new VideoFile(path);
    const found = readAll(file);
    expect(found.length).toBeLessThan(4);
    expect(found[0]?.[0]).toBe(0);
    expect(file.damaged).toBeGreaterThan(0);
  });
});

describe('encodePng', () => {
  it('gives pictures that decode to their colours', () => {
    const { y, u, v } = rgb(0xff0000);
    writeFileSync(join(folder, 'red.png'), encodePng(plain(Math.round(y), { u, v })));
    using file = new VideoFile(join(folder, 'red.png'));
    const found = createI420(64, 48);
    while (file.advance((picture) => picture.readI420(found)));
    expect(Math.abs((found.y[0] ?? 0) - y)).toBeLessThan(2);
    expect(Math.abs((found.u[0] ?? 0) - u)).toBeLessThan(3);
    expect(Math.abs((found.v[0] ?? 0) - v)).toBeLessThan(3);
  });
});

describe('SeriesWriter', () => {
  const row: SeriesRow = {
    time: 1.20000001,
    count: 1600,
    score: 1600,
    motion: true,
    event: false,
    zones: ['front, left', 'door'],
    boxes: [{ x: 1 / 3, y: 0, width: 0.5, height: 0.25 }],
  };

  function write(format: 'json' | 'csv', rows: readonly SeriesRow[]): string {
    const path = join(folder, `series.${format}`);
    using series = new SeriesWriter(path, format, { input: 'a "b".mp4' });
    for (const one of rows) series.add(one);
    series.finish();
    return readFileSync(path, 'utf8');
  }

  it('writes JSON, with rows or without', () => {
    expect(JSON.parse(write('json', []))).toEqual({ input: 'a "b".mp4', pictures: [] });
    const boxes = [{ x: 0.3333, y: 0, width: 0.5, height: 0.25 }];
    expect(JSON.parse(write('json', [row, row]))).toEqual({
      input: 'a "b".mp4',
      pictures: [
        { ...row, time: 1.2, boxes },
        { ...row, time: 1.2, boxes },
      ],
    });
  });

  it('writes CSV', () => {
    expect(write('csv', [row])).toBe(
      'time,count,score,motion,event,zones,boxes\r\n1.2,1600,1600,1,0,"front, left;door",0.3333 0 0.5 0.25\r\n',
    );
  });
});

/** Of unsigned 8-bit mono at 8 kHz. */
function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
