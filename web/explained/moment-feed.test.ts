import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MomentNotice } from '../../src/http/api/moment.ts';
import { PretendedSocket } from '../api/testing/pretended-socket.ts';
import { MomentFeed, type ExplainedMoment } from './moment-feed.ts';

const FACTS: MomentNotice = {
  t: 'facts',
  facts: { isRecorded: true, gap: null, event: null, mode: 'always+motion', seen: 'still' },
};
const addresses = new Set<string>();
let feed: MomentFeed;
let moment: ExplainedMoment | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', PretendedSocket);
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const address = `blob:${addresses.size}`;
    addresses.add(address);
    return address;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void addresses.delete(address));
  PretendedSocket.made = [];
  moment = undefined;
  feed = new MomentFeed('ws://here/', (changed) => (moment = changed));
  feed.start();
});
afterEach(() => {
  feed.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function tell(...notices: readonly MomentNotice[]): void {
  for (const notice of notices) PretendedSocket.last.tells(notice);
}

function tellPicture(wallMs: number): void {
  tell({ t: 'picture', picture: { wallMs, score: 7, neededScore: 100, isMotion: false } });
  PretendedSocket.last.tells(new Blob(['JPEG']));
}

test('facts and pictures are told as they come, until that is all', () => {
  tell(FACTS);
  tellPicture(1_000);
  expect(moment).toMatchObject({ facts: { seen: 'still' }, pictures: [{ wallMs: 1_000 }], isWhole: false });
  tellPicture(1_200);
  tell({ t: 'unreadable', file: 'yard/12.mp4' }, { t: 'end', problem: null });
  expect(moment).toMatchObject({ unreadable: ['yard/12.mp4'], isWhole: true, problem: undefined });
  expect(moment?.pictures.map(({ address }) => address)).toEqual([...addresses]);
  expect(addresses.size).toBe(2);
  feed.close();
  expect(addresses.size).toBe(0);
});

test('a moment waits for its turn while others are being explained', () => {
  tell(FACTS, { t: 'end', problem: 'busy' });
  expect(moment).toMatchObject({ isQueued: true, isWhole: false, problem: undefined });
  vi.advanceTimersByTime(2_000);
  expect(PretendedSocket.made).toHaveLength(2);
  tell(FACTS, { t: 'end', problem: 'busy' });
  vi.advanceTimersByTime(2_000);
  tell(FACTS);
  expect(moment).toMatchObject({ isQueued: true });
  tellPicture(1_000);
  expect(moment).toMatchObject({ isQueued: false, isWhole: false });
  tell({ t: 'end', problem: null });
  expect(moment).toMatchObject({ isQueued: false, isWhole: true });
  vi.advanceTimersByTime(60_000);
  expect(PretendedSocket.made).toHaveLength(3);
});

test('who leaves waits no longer', () => {
  tell(FACTS, { t: 'end', problem: 'busy' });
  feed.close();
  vi.advanceTimersByTime(60_000);
  expect(PretendedSocket.made).toHaveLength(1);
  expect(moment?.problem).toBeUndefined();
});

test('a connection that is lost is told, and the end of one that has told all is not', () => {
  tellPicture(1_000);
  PretendedSocket.last.close();
  expect(moment).toMatchObject({ isWhole: true, problem: 'lost', pictures: [{ wallMs: 1_000 }] });
});

test('what failed is told', () => {
  tell(FACTS, { t: 'end', problem: 'failed' });
  expect(moment).toMatchObject({ isWhole: true, problem: 'failed' });
  PretendedSocket.last.close();
  expect(moment).toMatchObject({ problem: 'failed' });
});
