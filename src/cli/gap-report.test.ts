import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { CameraTimeline, Span } from '../db/archive-index.ts';
import { gapJson, gapMetrics, gapTable, lengthText, reportOn } from './gap-report.ts';

const START = new Date(2026, 10, 20, 8).getTime();
const span = (from: number, to: number): Span => ({
  startWallMs: wallMs(START + from * 1000),
  endWallMs: wallMs(START + to * 1000),
});

const timeline: CameraTimeline = {
  camera: 'front "yard"',
  recorded: [span(0, 1800), span(1863.25, 3590)],
  gaps: [
    { camera: 'front', ...span(1800, 1820), cause: 'stalled', detail: 'found no media for 8000 ms' },
    { camera: 'front', ...span(1820, 1863.25), cause: 'unreachable', detail: 'connecting failed' },
  ],
  events: [],
};
const report = reportOn(span(0, 3600), timeline);

describe('a report on gaps', () => {
  test('for people has each gap and the sums, and shouts about what nobody knows', () => {
    expect(gapTable([report])).toBe(
      `camera        from                 to                   length  cause        detail
front "yard"  2026-11-20 08:30:00  2026-11-20 08:30:20  20.0 s  stalled      found no media for 8000 ms
front "yard"  2026-11-20 08:30:20  2026-11-20 08:31:03  43.3 s  unreachable  connecting failed
front "yard"  2026-11-20 08:59:50  2026-11-20 09:00:00  10.0 s  ?            nobody knows why

front "yard": recorded 98.0 % of 1 h 0 min; not recorded: unreachable 43.3 s, stalled 20.0 s; NOT ACCOUNTED FOR: 10.0 s
`,
    );
  });

  test('without gaps is a line a camera', () => {
    const whole = { ...timeline, camera: 'gate', recorded: [span(-5, 3700)], gaps: [] };
    expect(gapTable([reportOn(span(0, 3600), whole)])).toBe('gate: recorded 100 % of 1 h 0 min\n');
  });

  test('for scripts is good only if all is accounted for', () => {
    expect(gapJson([report])).toMatchObject({
      ok: false,
      cameras: [
        {
          camera: 'front "yard"',
          recordedSeconds: 3526.75,
          missingSeconds: { unreachable: 43.25, stalled: 20 },
          unaccountedSeconds: 10,
          gaps: [
            { cause: 'stalled', seconds: 20 },
            { cause: 'unreachable', seconds: 43.25 },
            { seconds: 10 },
          ],
        },
      ],
    });
    expect(gapJson([reportOn(span(0, 3590), timeline)])).toMatchObject({ ok: true });
  });

  test('for Prometheus has a line for each cause, with labels escaped', () => {
    expect(gapMetrics([report])).toBe(`# HELP preroll_recorded_seconds Time of a camera that is recorded.
# TYPE preroll_recorded_seconds gauge
preroll_recorded_seconds{camera="front \\"yard\\""} 3526.75
# HELP preroll_missing_seconds Time of a camera that is not recorded, by cause.
# TYPE preroll_missing_seconds gauge
preroll_missing_seconds{camera="front \\"yard\\"",cause="unreachable"} 43.25
preroll_missing_seconds{camera="front \\"yard\\"",cause="stalled"} 20
# HELP preroll_unaccounted_seconds Time of a camera that is neither recorded nor has a cause.
# TYPE preroll_unaccounted_seconds gauge
preroll_unaccounted_seconds{camera="front \\"yard\\""} 10
`);
  });

  test.each([
    [0, '0.000 s'],
    [340, '0.340 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [3_599_600, '1 h 0 min'],
    [86_399_000, '1 d 0 h'],
    [439_200_000, '5 d 2 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(lengthText(ms)).toBe(text);
  });

  test('never rounds a share up to all', () => {
    const almost = { ...timeline, recorded: [span(0, 86_400 * 30 - 1)], gaps: [] };
    expect(gapTable([reportOn(span(0, 86_400 * 30), almost)])).toContain('recorded 99.99 % of 30 d 0 h');
  });
});
