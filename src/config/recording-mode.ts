import type { TimeZone } from './folder-template.ts';
import { isInSpan, type WeeklySpan } from './weekly-span.ts';

export const RECORDING_MODES = [
  'motion',
  'always',
  'always+motion',
  'timelapse',
  'timelapse+motion',
  'off',
] as const;

/** What is recorded of a camera by itself. In every one of them a rule may ask for events. */
export type RecordingMode = (typeof RECORDING_MODES)[number];

/** The mode that holds where no span does, and the spans of every week that have another one. */
export interface ModeSchedule {
  readonly mode: RecordingMode;
  /** Of several spans that hold the last one counts. */
  readonly spans: readonly { readonly span: WeeklySpan; readonly mode: RecordingMode }[];
}

/** @param wallMs since the Unix epoch. */
export function modeAt({ mode, spans }: ModeSchedule, wallMs: number, zone: TimeZone): RecordingMode {
  return spans.findLast(({ span }) => isInSpan(span, wallMs, zone))?.mode ?? mode;
}

/** Every mode that may come. */
export function modesOf({ mode, spans }: ModeSchedule): ReadonlySet<RecordingMode> {
  return new Set([mode, ...spans.map((each) => each.mode)]);
}

/** What is recorded while no event asks for more: everything, key pictures only, or nothing. */
export function recordsOf(mode: RecordingMode): 'everything' | 'key pictures' | 'nothing' {
  if (mode === 'always' || mode === 'always+motion') return 'everything';
  return mode === 'timelapse' || mode === 'timelapse+motion' ? 'key pictures' : 'nothing';
}

/** Whether motion is looked for. */
export function looksForMotion(mode: RecordingMode): boolean {
  return mode === 'motion' || mode === 'always+motion' || mode === 'timelapse+motion';
}
