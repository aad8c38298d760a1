import type { CameraSettings, SettingsEdit } from '../../src/http/api/settings.ts';
import { isSameWeek, scheduleOf, weekOf, type Mode, type ScheduledSpan, type Week } from './week.ts';

/** What of a camera's settings tells what is recorded. */
export type RecordingPart = Pick<CameraSettings, 'name' | 'mode' | 'schedule' | 'event'>;

/** Durations as they are written in the form. */
export interface RecordingForm {
  readonly mode: Mode;
  readonly week: Week;
  readonly preRollS: string;
  readonly postRollS: string;
  readonly minimalDurationS: string;
  readonly maximalLengthMin: string;
  /** Empty where loud sound makes no events. */
  readonly loudDbfs: string;
}

export type DurationField = Exclude<keyof RecordingForm, 'mode' | 'week' | 'loudDbfs'>;

/** Option of the section `event`, and its unit. */
export const DURATIONS: Readonly<
  Record<
    DurationField,
    {
      readonly option: 'preRoll' | 'postRoll' | 'minimalDuration' | 'maximalLength';
      readonly unit: 's' | 'm';
    }
  >
> = {
  preRollS: { option: 'preRoll', unit: 's' },
  postRollS: { option: 'postRoll', unit: 's' },
  minimalDurationS: { option: 'minimalDuration', unit: 's' },
  maximalLengthMin: { option: 'maximalLength', unit: 'm' },
};

export function recordingForm({ mode, schedule, event }: Omit<RecordingPart, 'name'>): RecordingForm {
  return {
    // The server gives one of the modes there are.
    mode: mode as Mode,
    week: weekOf(spansOf(schedule)),
    preRollS: String(event.preRollMs / 1_000),
    postRollS: String(event.postRollMs / 1_000),
    minimalDurationS: String(event.minimalDurationMs / 1_000),
    maximalLengthMin: String(event.maximalLengthMs / 60_000),
    loudDbfs: event.loudDbfs === null ? '' : String(event.loudDbfs),
  };
}

/** What is to be written so that the camera is as the form says; what stays is not touched. */
export function recordingEdits(camera: RecordingPart, form: RecordingForm): readonly SettingsEdit[] {
  const path = (...keys: string[]): string[] => ['cameras', camera.name, ...keys];
  const before = recordingForm(camera);
  // Those of the interface.
  const fields = Object.keys(DURATIONS) as DurationField[];
  return [
    ...(form.mode === before.mode ? [] : [set(path('mode'), form.mode)]),
    ...fields
      .filter((field) => form[field] !== before[field])
      .map((field) => {
        const { option, unit } = DURATIONS[field];
        return set(path('event', option), `${form[field].trim()}${unit}`);
      }),
    ...(form.loudDbfs.trim() === before.loudDbfs ? [] : [loudEdit(path('event', 'loudDbfs'), form.loudDbfs)]),
    ...(isSameWeek(form.week, before.week)
      ? []
      : scheduleEdits(path('schedule'), spansOf(camera.schedule), scheduleOf(form.week))),
  ];
}

function loudEdit(path: string[], written: string): SettingsEdit {
  return written.trim() === '' ? { kind: 'remove', path } : set(path, Number(written));
}

/** Lines that mean the same keep how they are written, and their comments. */
function scheduleEdits(
  path: string[],
  before: readonly ScheduledSpan[],
  after: readonly ScheduledSpan[],
): readonly SettingsEdit[] {
  if (after.length === 0) return [{ kind: 'remove', path }];
  const wanted = after.map(({ when, mode, stretches }) => {
    const same = before.find((line) => minutesOf(line.stretches) === minutesOf(stretches));
    return { when: same?.when ?? when, mode };
  });
  const gone = before.filter(({ when }) => !wanted.some((line) => line.when === when));
  const changed = wanted.filter(({ when, mode }) => before.find((line) => line.when === when)?.mode !== mode);
  return [
    ...gone.map(({ when }): SettingsEdit => ({ kind: 'remove', path: [...path, when] })),
    ...changed.map(({ when, mode }) => set([...path, when], mode)),
  ];
}

function spansOf(schedule: CameraSettings['schedule']): readonly ScheduledSpan[] {
  // As above.
  return schedule.map(({ when, mode, stretches }) => ({ when, mode: mode as Mode, stretches }));
}

function minutesOf(stretches: ScheduledSpan['stretches']): string {
  const sorted = stretches.toSorted((a, b) => a.startMinute - b.startMinute);
  return sorted.map(({ startMinute, endMinute }) => `${startMinute}-${endMinute}`).join(' ');
}

function set(path: string[], value: unknown): SettingsEdit {
  return { kind: 'set', path, value };
}
