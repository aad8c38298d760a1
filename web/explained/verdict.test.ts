import { expect, test } from 'vitest';
import type { MomentFacts } from '../../src/http/api/moment.ts';
import { verdictOf } from './verdict.ts';

const AT = 1_000_000;
const facts: MomentFacts = { isRecorded: true, gap: null, event: null, mode: 'always+motion', seen: 'still' };
const picture = (wallMs: number, score: number) => ({
  wallMs,
  score,
  neededScore: 100,
  isMotion: score >= 100,
});

test('an event that went on is told, or that it had yet to begin', () => {
  const event = { triggerMs: AT, untilMs: AT + 10_000, causes: ['motion'], zones: [] };
  expect(verdictOf(AT + 1, { ...facts, event }, undefined)).toEqual({ kind: 'event' });
  expect(verdictOf(AT - 1, { ...facts, event }, undefined)).toEqual({ kind: 'pre-roll' });
});

test('without one the mode is asked, then whether there is a recording', () => {
  expect(verdictOf(AT, { ...facts, mode: 'always' }, [])).toEqual({ kind: 'not-looking' });
  expect(verdictOf(AT, { ...facts, mode: 'off' }, [])).toEqual({ kind: 'not-looking' });
  const gap = { cause: 'policy', detail: '' };
  expect(verdictOf(AT, { ...facts, isRecorded: false, gap }, [])).toEqual({ kind: 'policy' });
  const lost = { cause: 'unreachable', detail: '' };
  expect(verdictOf(AT, { ...facts, isRecorded: false, gap: lost }, [])).toEqual({ kind: 'not-recorded' });
});

test('what the detector makes of the pictures near the moment counts, once all have come', () => {
  expect(verdictOf(AT, facts, undefined)).toBeUndefined();
  expect(verdictOf(AT, facts, [])).toEqual({ kind: 'unknown' });
  const far = picture(AT - 5_000, 900);
  expect(verdictOf(AT, facts, [far, picture(AT - 200, 7), picture(AT, 60)])).toEqual({
    kind: 'too-little',
    highest: 60,
    needed: 100,
  });
  expect(verdictOf(AT, facts, [picture(AT, 60), picture(AT + 200, 140)])).toEqual({
    kind: 'enough',
    highest: 140,
    needed: 100,
  });
});
