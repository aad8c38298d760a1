import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { momentLink } from '../timeline/moment-link.ts';

/** How much of the timeline is shown around an event. */
const AROUND_MS = 600_000;

/** Where the timeline shows the beginning of an event. */
export function timelineLink({ camera, startMs }: EventSummaryJson): string {
  return `/timeline${momentLink({ cameras: [camera], atMs: startMs, spanMs: AROUND_MS })}`;
}

/** Where its footage is exported. */
export function exportLink({ camera, startMs, endMs }: EventSummaryJson): string {
  return `/exports?${new URLSearchParams({ camera, from: String(startMs), to: String(endMs) }).toString()}`;
}
