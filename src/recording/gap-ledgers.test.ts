import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog, type Log, type LogFields } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { makeSegment } from '../db/testing/records.ts';
import { GapLedgers, type NotWanted } from './gap-ledgers.ts';
import type { Reason } from './missing-time.ts';
import { IndexOfGaps } from './testing/index-of-gaps.ts';

const START = Date.UTC(2026, 10, 20, 12);
const STARTING: Reason = { cause: 'starting', detail: '' };
const UNREACHABLE: Reason = { cause: 'unreachable', detail: 'connecting failed' };

let clock: SimulatedClock;
let index: IndexOfGaps;
let lines: string[];
let ledgers: GapLedgers;

beforeEach(() => {
  clock = new SimulatedClock(START);
  index = new IndexOfGaps();
  lines = [];
  ledgers = new GapLedgers({
    clock,
    log: journal({}),
    tellIndex: (write) => index.apply([write]),
  });
});

function journal(fields: LogFields): Log {
  return {
    ...silentLog,
    warn: (message) => void lines.push(`${String(fields['camera'])}: ${message}`),
    with: (more) => journal({ ...fields, ...more }),
  };
}

const record = (fromMs: number, lengthMs: number) =>
  makeSegment(0, {
    startWallMs: wallMs(START + fromMs),
    endWallMs: wallMs(START + fromMs + lengthMs),
    fragments: [],
  });

describe('the ledgers of all cameras', () => {
  test('are settled from time to time, and finished when the recorder stops', async () => {
    ledgers.open('yard', wallMs(START), STARTING, () => undefined);
    await clock.advance(8_500);
    expect(index.since(START)).toEqual([[0, 4, 'starting']]);
    ledgers.stopping();
    await clock.advance(200);
    ledgers[Symbol.dispose]();
    const told = [
      [0, 8.5, 'starting'],
      [8.5, 8.7, 'shutdown'],
    ];
    expect(index.since(START)).toEqual(told);
    await clock.advance(60_000);
    expect(index.since(START)).toEqual(told);
  });

  test('ask why nothing is wanted, which a camera that is away outweighs unless it holds in any case', async () => {
    let notWanted: NotWanted | undefined = { cause: 'policy', detail: 'mode motion', isInAnyCase: false };
    const ledger = ledgers.open('yard', wallMs(START), STARTING, () => notWanted);
    await clock.advance(2_000);
    ledger.playing();
    await clock.advance(20_000);
    ledger.away(UNREACHABLE);
    await clock.advance(20_000);
    notWanted = { cause: 'policy', detail: 'mode off', isInAnyCase: true };
    await clock.advance(13_000);
    expect(index.gaps.map(({ cause, detail }) => `${cause}: ${detail}`)).toEqual([
      'starting: ',
      'policy: mode motion',
      'unreachable: connecting failed',
      'policy: mode off',
    ]);
  });

  test('tell in the log how long a serious gap was, when it is over', async () => {
    const ledger = ledgers.open('yard', wallMs(START), STARTING, () => undefined);
    ledger.playing();
    ledger.recorded(record(0, 10_000));
    await clock.advance(10_000);
    ledger.away(UNREACHABLE);
    await clock.advance(63_400);
    expect(lines).toEqual([]);
    ledger.playing();
    ledger.recorded(record(73_400, 1_000));
    await clock.advance(2_000);
    expect(lines).toEqual(['yard: not recorded for 63.4 s (unreachable): connecting failed']);
  });

  test('do not tell in the log what is short or as it should be', async () => {
    const ledger = ledgers.open('yard', wallMs(START), STARTING, () => undefined);
    await clock.advance(30_000);
    ledger.playing();
    ledger.recorded(record(30_000, 10_000));
    await clock.advance(10_000);
    ledger.away(UNREACHABLE);
    await clock.advance(4_000);
    ledger.playing();
    ledger.recorded(record(44_000, 1_000));
    await clock.advance(2_000);
    expect(index.gaps).toHaveLength(2);
    expect(lines).toEqual([]);
  });
});
