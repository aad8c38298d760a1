import type { Path } from './located.ts';
import type { ModeSchedule } from './recording-mode.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ValidCamera } from './schema.ts';
import { parseWeeklySpan, type WeeklySpan } from './weekly-span.ts';

/** @param path of the camera. */
export function resolveModes(
  { mode, schedule = {} }: ValidCamera,
  path: Path,
  context: ResolveContext,
): ModeSchedule {
  const spans = Object.entries(schedule).map(([text, other]) => ({
    span: resolveSpan(text, [...path, 'schedule', text], context),
    mode: other,
  }));
  return { mode, spans };
}

export function resolveSpans(texts: readonly string[], path: Path, context: ResolveContext): WeeklySpan[] {
  return texts.map((text, i) => resolveSpan(text, [...path, i], context));
}

function resolveSpan(text: string, path: Path, context: ResolveContext): WeeklySpan {
  const span = parseWeeklySpan(text);
  if (!('problem' in span)) return span;
  context.report(path, span.problem);
  return { text, stretches: [] };
}
