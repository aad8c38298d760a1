import { describe, expect, it } from 'vitest';
import type { FootageJson, FootageSegmentJson } from '../../../src/http/api/footage.ts';
import { FootageMap } from './footage-map.ts';

const { signal } = new AbortController();

/** A minute, a fragment of two seconds each; times in seconds. */
function segment(startSeconds: number, different: Partial<FootageSegmentJson> = {}): FootageSegmentJson {
  const startMs = startSeconds * 1000;
  return {
    id: String(startMs),
    runMs: 0,
    startMs,
    endMs: startMs + 60_000,
    isOpen: false,
    isTimelapse: false,
    mime: 'video/mp4; codecs="avc1.64001f"',
    codec: 'avc1.64001f',
    widthPx: 640,
    heightPx: 360,
    hasSound: false,
    fragments: Array.from({ length: 30 }, (_, i) => [i * 2_000, 2_000, 50_000, 1]).flat(),
    ...different,
  };
}

class Server {
  segments: readonly FootageSegmentJson[] = [];
  gaps: FootageJson['gaps'] = [];
  nowMs = 1_000_000_000;
  readonly asked: [number, number][] = [];
  elapsedMs = 0;

  readonly map = new FootageMap(
    async (fromMs, toMs) => {
      this.asked.push([fromMs, toMs]);
      const segments = this.segments.filter((one) => one.startMs < toMs && one.endMs > fromMs);
      const before = this.segments
        .filter((one) => one.startMs < fromMs)
        .map((one) => Math.min(one.endMs, fromMs));
      const after = this.segments.filter((one) => one.endMs > toMs).map((one) => Math.max(one.startMs, toMs));
      return {
        fromMs,
        toMs,
        nowMs: this.nowMs,
        segments,
        gaps: this.gaps,
        previousMs: before.length === 0 ? null : Math.max(...before),
        nextMs: after.length === 0 ? null : Math.min(...after),
      };
    },
    () => this.elapsedMs,
  );

  async at(seconds: number): Promise<string> {
    const found = await this.map.find(seconds * 1000, signal);
    if (found.kind === 'footage') return `${found.place.segment.id}/${found.place.index}`;
    const { fromMs, toMs, cause } = found.gap;
    return `${cause} from ${fromMs / 1000} to ${toMs / 1000}`;
  }
}

function serverOf(...segments: readonly FootageSegmentJson[]): Server {
  const server = new Server();
  server.segments = segments;
  return server;
}

describe('FootageMap', () => {
  it('finds the fragment of a moment, and asks once for what is around it', async () => {
    const server = serverOf(segment(600), segment(660));
    expect(await server.at(600)).toBe('600000/0');
    expect(await server.at(601.999)).toBe('600000/0');
    expect(await server.at(602)).toBe('600000/1');
    expect(await server.at(659.999)).toBe('600000/29');
    expect(server.asked).toHaveLength(1);
    expect(await server.at(660)).toBe('660000/0');
  });

  it('tells from where to where footage is missing, and why', async () => {
    const server = serverOf(segment(0), segment(600), segment(100_000));
    server.gaps = [{ fromMs: 60_000, toMs: 300_000, cause: 'unreachable', detail: 'no route' }];
    expect(await server.at(100)).toBe('unreachable from 60 to 600');
    expect(await server.at(400)).toBe('unknown from 60 to 600');
    expect(await server.at(50_000)).toBe('unknown from 660 to 100000');
    expect(await server.at(100_060.5)).toBe('100000000/29');
    expect(await server.at(200_000)).toBe('unknown from 100060 to Infinity');
  });

  it('takes less than a second without pictures for none', async () => {
    const server = serverOf(segment(0), segment(60.8));
    expect(await server.at(60.5)).toBe('0/29');
    const last = server.map.peek(59_000);
    const next = last?.kind === 'footage' ? server.map.after(last.place) : undefined;
    expect(next?.segment.id).toBe('60800');
    expect(next && server.map.before(next)?.index).toBe(29);
  });

  it('finds holes within a file', async () => {
    const holed = segment(0, { fragments: [0, 2_000, 1, 1, 30_000, 2_000, 1, 1] });
    const server = serverOf(holed);
    expect(await server.at(10)).toBe('unknown from 2 to 30');
    const first = server.map.peek(0);
    expect(first?.kind === 'footage' && server.map.after(first.place)).toBeUndefined();
  });

  it('goes on in a file that reaches back over the one before', async () => {
    const server = serverOf(segment(0), segment(50));
    await server.at(0);
    const last = server.map.peek(49_000);
    let place = last?.kind === 'footage' ? last.place : undefined;
    const ends: number[] = [];
    while (place !== undefined) {
      ends.push(place.endMs);
      place = server.map.after(place);
    }
    expect(ends.at(-1)).toBe(110_000);
    expect(ends.every((endMs, i) => i === 0 || endMs > (ends[i - 1] ?? 0))).toBe(true);
  });

  it('never goes back, where a file ends shortly before the one beside it', async () => {
    const lapse = (start: number) => segment(start, { id: `${start}t`, isTimelapse: true });
    const event = segment(10, { fragments: [0, 49_500, 1, 1], endMs: 59_500 });
    const server = serverOf(lapse(0), event, lapse(60.8));
    const found = await server.map.find(59_000, signal);
    let place = found.kind === 'footage' ? found.place : undefined;
    const names: string[] = [];
    for (let count = 0; place !== undefined && count < 4; count += 1) {
      names.push(`${place.segment.id}/${place.index}`);
      place = server.map.after(place);
    }
    expect(names).toEqual(['10000/0', '0t/29', '60.8t/0', '60.8t/1']);
  });

  it('prefers what was recorded as it came to a time-lapse', async () => {
    const lapse = segment(0, { id: '0t', isTimelapse: true });
    expect(await serverOf(segment(0), lapse).at(10)).toBe('0/5');
    expect(await serverOf(lapse, segment(120)).at(10)).toBe('0t/5');
  });

  it('asks again for what may have grown, but not at once', async () => {
    const server = serverOf(segment(0, { endMs: 10_000, isOpen: true, fragments: [0, 10_000, 1, 1] }));
    server.nowMs = 12_000;
    expect(await server.at(13)).toBe('present from 10 to Infinity');
    server.segments = [
      segment(0, { endMs: 14_000, isOpen: true, fragments: [0, 10_000, 1, 1, 10_000, 4_000, 1, 1] }),
    ];
    server.elapsedMs = 1_000;
    expect(await server.at(13)).toBe('present from 10 to Infinity');
    server.elapsedMs = 2_500;
    expect(server.map.peek(13_000)).toBeUndefined();
    expect(await server.at(13)).toBe('0/1');
  });

  it('knows what is being recorded just now from what is missing', async () => {
    const server = serverOf(segment(0));
    server.nowMs = 63_000;
    expect(await server.at(62)).toBe('present from 60 to Infinity');
    server.gaps = [{ fromMs: 60_500, toMs: 63_000, cause: 'unreachable', detail: '' }];
    server.elapsedMs = 5_000;
    expect(await server.at(62)).toBe('unreachable from 60 to Infinity');
    server.gaps = [];
    server.nowMs = 90_000;
    server.map.forget();
    server.elapsedMs = 10_000;
    expect(await server.at(62)).toBe('unknown from 60 to Infinity');
  });

  it('asks on where an answer ends early', async () => {
    const server = serverOf(segment(0), segment(60), segment(120));
    const asked: number[] = [];
    const map = new FootageMap(async (fromMs, toMs) => {
      asked.push(fromMs);
      const endMs = Math.min(toMs, Math.floor(Math.max(0, fromMs) / 60_000) * 60_000 + 60_000);
      const segments = server.segments.filter((one) => one.startMs < endMs && one.endMs > fromMs);
      return { fromMs, toMs: endMs, nowMs: 1e9, segments, gaps: [], previousMs: null, nextMs: null };
    });
    await map.ensure(0, 180_000, signal);
    expect(asked).toEqual([-20_000, 60_000, 120_000]);
    expect([0, 70_000, 179_999].map((at) => map.peek(at)?.kind)).toEqual(['footage', 'footage', 'footage']);
  });

  it('finds what must be decoded before a fragment without a key picture', async () => {
    const fragments = [1, 0, 0, 1, 0].flatMap((isKey, i) => [i * 2_000, 2_000, 1, isKey]);
    const server = serverOf(segment(0, { fragments }));
    const found = await server.map.find(5_000, signal);
    const group = found.kind === 'footage' ? server.map.groupOf(found.place) : [];
    expect(group.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('asks again for what it was told to forget, which may have been deleted since', async () => {
    const server = new Server();
    server.segments = [segment(0), segment(60)];
    expect(await server.at(30)).toBe('0/15');
    server.segments = [segment(60)];
    server.gaps = [{ fromMs: 0, toMs: 60_000, cause: 'deleted', detail: '' }];
    expect(await server.at(30)).toBe('0/15');
    server.map.forget();
    expect(server.map.peek(30_000)).toBeUndefined();
    expect(await server.at(30)).toBe('deleted from 0 to 60');
  });
});
