import { describe, expect, test } from 'vitest';
import { parseWeeklySpan } from '../../src/config/weekly-span.ts';
import type { CameraSettings } from '../../src/http/api/settings.ts';
import { recordingEdits, recordingForm } from './recording-edits.ts';
import { paint } from './week.ts';

function camera(schedule: Readonly<Record<string, string>>): CameraSettings {
  const settings = {
    name: 'yard',
    mode: 'motion',
    schedule: Object.entries(schedule).map(([when, mode]) => {
      const span = parseWeeklySpan(when);
      return { when, mode, stretches: 'problem' in span ? [] : span.stretches };
    }),
    event: {
      preRollMs: 5_000,
      postRollMs: 2_500,
      minimalDurationMs: 10_000,
      maximalLengthMs: 600_000,
      loudDbfs: null,
    },
  };
  // All that is looked at.
  return settings as unknown as CameraSettings;
}

const SATURDAY = { firstDay: 5, lastDay: 5, startMinute: 0, endMinute: 1_440 };

describe('recordingEdits', () => {
  test('writes nothing where nothing was changed, however the schedule is written', () => {
    const same = camera({ 'MON-fri 8:00-18:00': 'off', 'mon 09:00-10:00': 'always' });
    expect(recordingEdits(same, recordingForm(same))).toEqual([]);
  });

  test('writes what was changed, in the units of the form', () => {
    const form = {
      ...recordingForm(camera({})),
      mode: 'always' as const,
      preRollS: '7.5',
      maximalLengthMin: '5',
    };
    expect(recordingEdits(camera({}), form)).toEqual([
      { kind: 'set', path: ['cameras', 'yard', 'mode'], value: 'always' },
      { kind: 'set', path: ['cameras', 'yard', 'event', 'preRoll'], value: '7.5s' },
      { kind: 'set', path: ['cameras', 'yard', 'event', 'maximalLength'], value: '5m' },
    ]);
  });

  test('leaves lines of the schedule that stay as they are written', () => {
    const before = camera({ 'MON-fri 8:00-18:00': 'off', sun: 'always' });
    const { week, ...form } = recordingForm(before);
    const painted = paint(
      paint(week, SATURDAY, 'timelapse'),
      { ...SATURDAY, firstDay: 6, lastDay: 6 },
      'off',
    );
    expect(recordingEdits(before, { ...form, week: painted })).toEqual([
      { kind: 'set', path: ['cameras', 'yard', 'schedule', 'sat'], value: 'timelapse' },
      { kind: 'set', path: ['cameras', 'yard', 'schedule', 'sun'], value: 'off' },
    ]);
  });

  test('takes a schedule away of which nothing is left, and lines that no longer hold', () => {
    const before = camera({ sat: 'always', 'sun 10:00-12:00': 'off' });
    const { week, ...form } = recordingForm(before);
    const withoutSaturday = paint(week, SATURDAY, undefined);
    expect(recordingEdits(before, { ...form, week: withoutSaturday })).toEqual([
      { kind: 'remove', path: ['cameras', 'yard', 'schedule', 'sat'] },
    ]);
    const empty = paint(week, { firstDay: 0, lastDay: 6, startMinute: 0, endMinute: 1_440 }, undefined);
    expect(recordingEdits(before, { ...form, week: empty })).toEqual([
      { kind: 'remove', path: ['cameras', 'yard', 'schedule'] },
    ]);
  });
});
