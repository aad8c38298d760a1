import type { EventSummaryJson } from '../../src/http/api/events.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';

interface EventStory {
  readonly began: string;
  readonly ended: string;
}

/** Shorter is not worth a sentence. */
const LEAST_PRE_ROLL_MS = 500;

/** In words, why an event began and why it ended. @param detail its JSON file; undefined while it is on its way. */
export function useEventStory(
  event: EventSummaryJson,
  detail: Readonly<Record<string, unknown>> | undefined,
  format: Format,
): EventStory {
  const { whyBegan, whyEnded } = useText('events');
  const { startMs, endMs, triggerMs, isOpen, zones } = event;
  const sentences = event.causes.map((cause) => {
    if (cause === 'motion') {
      const score = typeof detail?.score === 'number' ? detail.score : (event.peakScore ?? 0);
      return whyBegan.motion(format.number(score), zones.join(', '));
    }
    if (cause === 'unwatched' || cause === 'loud' || cause === 'schedule' || cause === 'manual') {
      return whyBegan[cause];
    }
    return whyBegan.rule(cause);
  });
  if (typeof detail?.continues === 'string') sentences.unshift(whyBegan.continues);
  if (triggerMs - startMs >= LEAST_PRE_ROLL_MS) {
    sentences.push(whyBegan.preRoll(format.duration(triggerMs - startMs)));
  }
  const began = sentences.join(' ');
  if (isOpen) return { began, ended: whyEnded.open };
  const lastMotionMs = typeof detail?.lastMotion === 'string' ? Date.parse(detail.lastMotion) : Number.NaN;
  const ended =
    Number.isNaN(lastMotionMs) || lastMotionMs > endMs
      ? whyEnded.over(format.timeWithSeconds(endMs))
      : whyEnded.still(format.timeWithSeconds(lastMotionMs), format.duration(endMs - lastMotionMs));
  return { began, ended };
}
