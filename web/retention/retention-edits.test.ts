import { describe, expect, test } from 'vitest';
import type { SettingsAnswer } from '../../src/http/api/settings.ts';
import { retentionEdits, retentionScope } from './retention-edits.ts';

const DAY_MS = 86_400_000;
const COMMON = {
  continuousMaxAgeMs: 30 * DAY_MS,
  eventMaxAgeMs: null,
  continuousMaxSizeBytes: null,
  eventMaxSizeBytes: null,
  maxSizeBytes: 1.5e12,
  minAgeMs: 0,
  archiveMaxSizeBytes: null,
  minFreeBytes: 10e9,
};
// All that is looked at.
const SETTINGS = {
  retention: COMMON,
  cameras: [
    { name: 'yard', retention: COMMON },
    { name: 'gate', retention: { ...COMMON, continuousMaxAgeMs: 1.5 * DAY_MS, minAgeMs: DAY_MS } },
  ],
} as unknown as SettingsAnswer;

describe('retentionScope', () => {
  test('of all cameras has what holds for all, in days and GB', () => {
    const { form } = retentionScope(SETTINGS, undefined);
    expect(form).toMatchObject({
      continuousMaxAge: '30',
      eventMaxAge: '',
      maxSize: '1500',
      minAge: '',
      minFree: '10',
    });
  });

  test('of a camera has what is its own, and knows what it inherits', () => {
    expect(Object.values(retentionScope(SETTINGS, 'yard').form).join('')).toBe('');
    const { form, inherited } = retentionScope(SETTINGS, 'gate');
    expect(form).toMatchObject({ continuousMaxAge: '1.5', minAge: '1', maxSize: '' });
    expect(inherited).toMatchObject({ continuousMaxAge: '30', maxSize: '1500' });
  });
});

describe('retentionEdits', () => {
  test('writes what was changed, and takes away what was emptied', () => {
    const scope = retentionScope(SETTINGS, 'gate');
    expect(retentionEdits(scope, scope.form)).toEqual([]);
    const form = { ...scope.form, continuousMaxAge: ' ', eventMaxSize: '2.5', minAge: '0' };
    expect(retentionEdits(scope, form)).toEqual([
      { kind: 'remove', path: ['cameras', 'gate', 'retention', 'continuousMaxAge'] },
      { kind: 'set', path: ['cameras', 'gate', 'retention', 'eventMaxSize'], value: '2.5GB' },
      { kind: 'set', path: ['cameras', 'gate', 'retention', 'minAge'], value: '0d' },
    ]);
  });

  test('for all cameras stands in the section of all', () => {
    const scope = retentionScope(SETTINGS, undefined);
    expect(retentionEdits(scope, { ...scope.form, archiveMaxSize: '800' })).toEqual([
      { kind: 'set', path: ['retention', 'archiveMaxSize'], value: '800GB' },
    ]);
  });
});
