import type { SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';

/** As of the section `retention`. */
export const CAMERA_OPTIONS = [
  'continuousMaxAge',
  'eventMaxAge',
  'continuousMaxSize',
  'eventMaxSize',
  'maxSize',
  'minAge',
] as const;
export const ARCHIVE_OPTIONS = ['archiveMaxSize', 'minFree'] as const;

export type RetentionOption = (typeof CAMERA_OPTIONS)[number] | (typeof ARCHIVE_OPTIONS)[number];

/** What stands in each field, in days or GB; empty where nothing is said. */
export type RetentionForm = Readonly<Record<RetentionOption, string>>;

type Limits = Readonly<Record<RetentionOption, number | null>>;

const DAY_MS = 86_400_000;
const GB = 1e9;

export function isAge(option: RetentionOption): boolean {
  return option.endsWith('Age');
}

/** All cameras where none is named. */
export interface RetentionScope {
  readonly camera: string | undefined;
  readonly options: readonly RetentionOption[];
  /** Keys above the options. */
  readonly path: readonly string[];
  /** What stands in the file of this scope alone. */
  readonly form: RetentionForm;
  /** What holds where a field is empty, as it would stand in it. */
  readonly inherited: RetentionForm;
}

export function retentionScope(settings: SettingsAnswer, name: string | undefined): RetentionScope {
  const common: Limits = limitsOf(settings.retention);
  const camera = settings.cameras.find((one) => one.name === name);
  if (camera === undefined) {
    return {
      camera: undefined,
      options: [...CAMERA_OPTIONS, ...ARCHIVE_OPTIONS],
      path: ['retention'],
      form: formOf(common),
      inherited: formOf({ ...NOTHING }),
    };
  }
  const limits = limitsOf({ ...camera.retention, archiveMaxSizeBytes: null, minFreeBytes: null });
  const own = CAMERA_OPTIONS.filter((option) => limits[option] !== common[option]);
  return {
    camera: camera.name,
    options: CAMERA_OPTIONS,
    path: ['cameras', camera.name, 'retention'],
    form: formOf({ ...NOTHING, ...Object.fromEntries(own.map((option) => [option, limits[option]])) }, true),
    inherited: formOf(common),
  };
}

/** What is to be written so that the scope is as the form says. */
export function retentionEdits(scope: RetentionScope, form: RetentionForm): readonly SettingsEdit[] {
  return scope.options
    .filter((option) => form[option].trim() !== scope.form[option])
    .map((option) => {
      const path = [...scope.path, option];
      const text = form[option].trim();
      if (text === '') return { kind: 'remove', path };
      return { kind: 'set', path, value: `${text}${isAge(option) ? 'd' : 'GB'}` };
    });
}

const NOTHING: Limits = {
  continuousMaxAge: null,
  eventMaxAge: null,
  continuousMaxSize: null,
  eventMaxSize: null,
  maxSize: null,
  minAge: null,
  archiveMaxSize: null,
  minFree: null,
};

function limitsOf(told: SettingsAnswer['retention']): Limits {
  return {
    continuousMaxAge: told.continuousMaxAgeMs,
    eventMaxAge: told.eventMaxAgeMs,
    continuousMaxSize: told.continuousMaxSizeBytes,
    eventMaxSize: told.eventMaxSizeBytes,
    maxSize: told.maxSizeBytes,
    minAge: told.minAgeMs,
    archiveMaxSize: told.archiveMaxSizeBytes,
    minFree: told.minFreeBytes,
  };
}

/** @param isOwn of a camera: then that nothing is guaranteed is something that it says. */
function formOf(limits: Limits, isOwn = false): RetentionForm {
  const text = (option: RetentionOption): string => {
    const limit = limits[option];
    if (limit === null || (option === 'minAge' && limit === 0 && !isOwn)) return '';
    // Two hours are no simple part of a day.
    return String(Number((limit / (isAge(option) ? DAY_MS : GB)).toFixed(4)));
  };
  return {
    continuousMaxAge: text('continuousMaxAge'),
    eventMaxAge: text('eventMaxAge'),
    continuousMaxSize: text('continuousMaxSize'),
    eventMaxSize: text('eventMaxSize'),
    maxSize: text('maxSize'),
    minAge: text('minAge'),
    archiveMaxSize: text('archiveMaxSize'),
    minFree: text('minFree'),
  };
}
