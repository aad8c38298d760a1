import { expect, test } from 'vitest';
import { eventOf, parseSidecar, SidecarError } from './read-sidecar.ts';

const WHOLE = {
  camera: 'yard',
  file: '20-15-00.mp4',
  kind: 'event',
  start: '2026-11-22T20:15:00.123Z',
  end: '2026-11-22T20:16:00.000Z',
  endedBy: 'the file was full',
  continues: '20-14-00.mp4',
  events: [{ id: 'x', trigger: '2026-11-22T20:15:01.000Z' }, { no: 'id' }, 7],
};
const parse = (content: unknown) => parseSidecar(JSON.stringify(content), 'a.json', '20-15-00.mp4');

test('reads what a sidecar tells', () => {
  expect(parse(WHOLE)).toEqual({
    camera: 'yard',
    kind: 'event',
    startWallMs: Date.UTC(2026, 10, 22, 20, 15, 0, 123),
    endWallMs: Date.UTC(2026, 10, 22, 20, 16),
    endedBy: 'the file was full',
    continues: '20-14-00.mp4',
    annotations: [WHOLE.events[0]],
  });
});

test('takes one without an end for that of a file that grows, and without a kind for a continuous one', () => {
  const { end: _end, endedBy: _endedBy, kind: _kind, events: _events, ...rest } = WHOLE;
  expect(parse(rest)).toMatchObject({
    kind: 'continuous',
    endWallMs: undefined,
    endedBy: undefined,
    annotations: [],
  });
});

test.each([
  ['nothing', ''],
  ['half of it', JSON.stringify(WHOLE).slice(0, 60)],
  ['no object', '[]'],
  ['nothing that it knows', '{}'],
  ['another recording', JSON.stringify({ ...WHOLE, file: '../20-15-00.mp4' })],
  ['no time', JSON.stringify({ ...WHOLE, start: 'yesterday' })],
])('refuses a file that holds %s', (_, text) => {
  expect(() => parseSidecar(text, 'a.json', '20-15-00.mp4')).toThrow(SidecarError);
});

test('makes an event of an annotation, and none of one without times', () => {
  const annotation = {
    id: '2026-11-22T20:15:01.000Z',
    trigger: '2026-11-22T20:15:01.000Z',
    from: '2026-11-22T20:14:56.000Z',
    until: '2026-11-22T20:15:11.000Z',
    causes: ['motion', 3],
    zones: ['door'],
    score: 12,
    peak: { score: 20 },
  };
  expect(eventOf('yard', annotation)).toMatchObject({
    camera: 'yard',
    triggerWallMs: Date.UTC(2026, 10, 22, 20, 15, 1),
    isOpen: false,
    causes: ['motion'],
    zones: ['door'],
    score: 12,
    peakScore: 20,
    detail: annotation,
  });
  expect(eventOf('yard', { ...annotation, kept: true })).toMatchObject({ isKept: true, detail: annotation });
  expect(eventOf('yard', { ...annotation, until: undefined })).toBeUndefined();
});
