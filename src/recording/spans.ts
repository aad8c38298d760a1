import { wallMs } from '../base/time.ts';
import type { Span } from '../db/archive-index.ts';

/** Adds a span to others that are in order of time and do not overlap; what overlaps or touches becomes one. */
export function addSpan(spans: readonly Span[], added: Span): readonly Span[] {
  const before = spans.filter((span) => span.endWallMs < added.startWallMs);
  const after = spans.filter((span) => span.startWallMs > added.endWallMs);
  const met = spans.slice(before.length, spans.length - after.length);
  const startWallMs = wallMs(Math.min(added.startWallMs, ...met.map((span) => span.startWallMs)));
  const endWallMs = wallMs(Math.max(added.endWallMs, ...met.map((span) => span.endWallMs)));
  return [...before, { startWallMs, endWallMs }, ...after];
}
