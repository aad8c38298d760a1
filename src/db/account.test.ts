import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { account, accountBegins, accountEnds, type AccountEntry } from './account.ts';
import type { Span } from './archive-index.ts';
import type { GapCause, GapRecord } from './records.ts';

function span([from, to]: readonly [number, number]): Span {
  return { startWallMs: wallMs(from), endWallMs: wallMs(to) };
}

function gap([from, to, cause]: readonly [number, number, GapCause]): GapRecord {
  return { camera: 'yard', ...span([from, to]), cause, detail: '' };
}

function accountOf(
  recorded: readonly (readonly [number, number])[],
  gaps: readonly (readonly [number, number, GapCause])[],
): (readonly [number, number, string])[] {
  const known = { recorded: recorded.map(span), gaps: gaps.map(gap) };
  return account(span([0, 100_000]), known).map((entry) => [entry.startWallMs, entry.endWallMs, name(entry)]);
}

const name = (entry: AccountEntry) => (entry.kind === 'missing' ? entry.cause : entry.kind);

describe('account', () => {
  test('tells what is recorded, what is missing, and what nobody knows', () => {
    const gaps = [
      [40_000, 70_000, 'stalled'],
      [70_000, 80_000, 'unreachable'],
    ] as const;
    expect(accountOf([[-5000, 40_000]], gaps)).toEqual([
      [0, 40_000, 'recorded'],
      [40_000, 70_000, 'stalled'],
      [70_000, 80_000, 'unreachable'],
      [80_000, 100_000, 'unaccounted'],
    ]);
  });

  test('takes footage for granted where a gap was told too, and the gap that began last where two were', () => {
    const gaps = [
      [0, 60_000, 'policy'],
      [50_000, 120_000, 'crash'],
    ] as const;
    expect(accountOf([[20_000, 30_000]], gaps)).toEqual([
      [0, 20_000, 'policy'],
      [20_000, 30_000, 'recorded'],
      [30_000, 50_000, 'policy'],
      [50_000, 100_000, 'crash'],
    ]);
  });

  test('counts a pause of a second between footage as recorded, unless it is told as a gap', () => {
    const recorded = [
      [0, 20_000],
      [21_000, 40_000],
      [40_300, 60_000],
      [61_001, 100_000],
    ] as const;
    expect(accountOf(recorded, [[40_000, 40_300, 'camera']])).toEqual([
      [0, 40_000, 'recorded'],
      [40_000, 40_300, 'camera'],
      [40_300, 60_000, 'recorded'],
      [60_000, 61_001, 'unaccounted'],
      [61_001, 100_000, 'recorded'],
    ]);
  });

  test('equals an account by the millisecond', () => {
    const times = fc.tuple(fc.integer({ min: -20, max: 120 }), fc.integer({ min: 1, max: 40 }));
    const causes = fc.constantFrom<GapCause>('policy', 'stalled', 'crash');
    const gapTimes = fc.tuple(times, causes);
    fc.assert(
      fc.property(fc.array(times, { maxLength: 8 }), fc.array(gapTimes, { maxLength: 8 }), (some, others) => {
        const recorded = some.map(([from, length]) => span([from, from + length]));
        const gaps = others.map(([[from, length], cause]) => gap([from, from + length, cause]));
        const entries = account(span([0, 100]), { recorded, gaps });
        expect(entries.flatMap(millisecondsOf)).toEqual(plainAccount(recorded, gaps));
        for (const [at, entry] of entries.entries()) {
          expect(entry.startWallMs).toBe(entries[at - 1]?.endWallMs ?? 0);
          expect(entry.endWallMs).toBeGreaterThan(entry.startWallMs);
        }
      }),
    );
  });
});

function millisecondsOf(entry: AccountEntry): string[] {
  return Array.from({ length: entry.endWallMs - entry.startWallMs }, () => name(entry));
}

/** Every millisecond by itself; all pauses here are shorter than a second. */
function plainAccount(recorded: readonly Span[], gaps: readonly GapRecord[]): string[] {
  const byStart = gaps.toSorted((a, b) => a.startWallMs - b.startWallMs);
  const names = Array.from({ length: 100 }, (_, ms) => {
    const holds = (one: Span) => one.startWallMs <= ms && one.endWallMs > ms;
    if (recorded.some(holds)) return 'recorded';
    return byStart.findLast(holds)?.cause ?? 'unaccounted';
  });
  return names.map((one, ms) => {
    if (one !== 'unaccounted') return one;
    const before = names.slice(0, ms).findLast((other) => other !== 'unaccounted');
    const after = names.slice(ms).find((other) => other !== 'unaccounted');
    return before === 'recorded' && after === 'recorded' ? 'recorded' : one;
  });
}

test('an account begins with the first thing known and ends with the last', () => {
  const known = { recorded: [span([30, 40])], gaps: [gap([20, 30, 'starting'])] };
  expect([accountBegins(known), accountEnds(known)]).toEqual([20, 40]);
  const nothing = { recorded: [], gaps: [] };
  expect([accountBegins(nothing), accountEnds(nothing)]).toEqual([undefined, undefined]);
});
