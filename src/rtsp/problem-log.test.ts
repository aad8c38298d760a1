import { describe, expect, it } from 'vitest';
import type { Log } from '../base/log.ts';
import { monotonicMs } from '../base/time.ts';
import { ProblemLog } from './problem-log.ts';

function newLog() {
  const lines: [level: string, message: string, fields: unknown][] = [];
  const write = (level: string) => (message: string, fields: unknown) =>
    void lines.push([level, message, fields]);
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: () => log,
  };
  return { problems: new ProblemLog(log), lines };
}

describe('ProblemLog', () => {
  it('sums up what happened since its last line, ten seconds ago or more', () => {
    const { problems, lines } = newLog();
    problems.note({ kind: 'lost', sequence: 7, count: 12 });
    problems.write(monotonicMs(0));
    problems.note({ kind: 'lost', sequence: 100, count: 2 });
    problems.note({ kind: 'lost', sequence: 200, count: 3 });
    problems.note({ kind: 'damaged', sequence: 201, timestamp: 0 });
    problems.write(monotonicMs(9999));
    problems.write(monotonicMs(10_000));
    problems.write(monotonicMs(30_000));
    expect(lines).toEqual([
      ['warn', 'trouble with the media: 12 packets lost', { firstSequence: 7 }],
      [
        'warn',
        'trouble with the media: 5 packets lost, 1 access units dropped for missing parts',
        { firstSequence: 100 },
      ],
    ]);
  });

  it('writes at once at the end', () => {
    const { problems, lines } = newLog();
    for (const reason of ['a', 'b']) {
      problems.note({ kind: 'malformed', sequence: undefined, reason });
      problems.write(monotonicMs(0), true);
    }
    expect(lines.map(([, , fields]) => fields)).toEqual([{ lastReason: 'a' }, { lastReason: 'b' }]);
  });

  it('does not warn of a wait for a key picture', () => {
    const { problems, lines } = newLog();
    problems.note({ kind: 'awaiting-key', sequence: 1, reason: 'key' });
    problems.write(monotonicMs(0));
    expect(lines.map(([level]) => level)).toEqual(['debug']);
  });
});
