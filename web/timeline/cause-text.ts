import type { ToldGapDetail } from '../../src/http/api/gap-detail.ts';
import { kindText } from '../text/kind-text.ts';
import { useFormat, useText } from '../text/text-provider.tsx';

/** @returns what names an event's cause; those of rules are called as the rule calls them. */
export function useCauseText(): (cause: string) => string {
  const { causes } = useText('timeline');
  return (cause) => (Object.hasOwn(causes, cause) ? causes[cause as keyof typeof causes] : cause);
}

/** @returns what tells more of it than the cause; may be empty. */
export function useGapDetailText(): (gap: ToldGapDetail) => string {
  const { gapDetails } = useText('timeline');
  const format = useFormat();
  return ({ what, detail }) => kindText(what, detail, gapDetails, format);
}

/** @returns what says why there is no footage, by the cause of the gap. */
export function useGapText(): (cause: string) => string {
  const { gaps } = useText('timeline');
  return (cause) => (Object.hasOwn(gaps, cause) ? gaps[cause as keyof typeof gaps] : gaps.unknown);
}
