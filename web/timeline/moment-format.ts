import { useMemo } from 'react';
import { makeFormat, type Format } from '../text/format.ts';
import { useFormat } from '../text/text-provider.tsx';

/** Times as they are written where the cameras are, which may be elsewhere than the browser. */
export function useMomentFormat(timeZone: string): Format {
  const { locale } = useFormat();
  return useMemo(() => makeFormat(locale, timeZone), [locale, timeZone]);
}

/** A moment; without its day where it follows another one of the same day. Empty where there is none. */
export function momentText(format: Format, ms: number, afterMs: number | undefined): string {
  if (!Number.isFinite(ms)) return '';
  const isSameDay = afterMs !== undefined && format.day(ms) === format.day(afterMs);
  return isSameDay ? format.timeWithSeconds(ms) : format.dateTime(ms);
}
