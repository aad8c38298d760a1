import { useFormat, useText } from '../text/text-provider.tsx';
import type { Format } from '../text/format.ts';
import { ApiError, type ToldReason } from './api-error.ts';

/** A text for each reason. */
export type ReasonTexts = {
  readonly [Code in ToldReason['code']]: (
    reason: Extract<ToldReason, { readonly code: Code }>,
    format: Format,
  ) => string;
};

/** @returns what tells a person of an error. */
export function useErrorText(): (error: unknown) => string {
  const texts = useText('errors');
  const format = useFormat();
  return (error) => errorText(error, texts, format);
}

/** In the page's language, or else in the server's words: a newer server may know reasons that the page does not. */
export function errorText(error: unknown, texts: ReasonTexts, format: Format): string {
  const reason = error instanceof ApiError ? error.reason : undefined;
  if (reason !== undefined && Object.hasOwn(texts, reason.code)) return textOf(reason, texts, format);
  return error instanceof Error ? error.message : String(error);
}

function textOf<Code extends ToldReason['code']>(
  reason: Extract<ToldReason, { readonly code: Code }>,
  texts: ReasonTexts,
  format: Format,
): string {
  return texts[reason.code](reason, format);
}
