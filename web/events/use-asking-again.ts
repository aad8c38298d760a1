import { useEffect, useState } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { askAgainInMs, picturesComeUntilMs } from './ask-again.ts';

interface AskedPicture {
  readonly isMissing: boolean;
  readonly setMissing: (isMissing: boolean) => void;
  /** How many times it was asked for again: a picture of another number is another element, which the browser asks for. */
  readonly tries: number;
}

/** What has only just begun has no footage yet that could be shown: its picture is asked for again until there is one. */
export function useAskingAgain(event: EventSummaryJson): AskedPicture {
  const [isMissing, setMissing] = useState(false);
  const [tries, setTries] = useState(0);
  const untilMs = picturesComeUntilMs(event);
  useEffect(() => {
    const waitMs = isMissing ? askAgainInMs(tries, untilMs, Date.now()) : undefined;
    if (waitMs === undefined) return undefined;
    const timer = setTimeout(() => setTries(tries + 1), waitMs);
    return () => clearTimeout(timer);
  }, [isMissing, tries, untilMs]);
  return { isMissing, setMissing, tries };
}
