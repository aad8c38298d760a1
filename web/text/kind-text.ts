import type { Format } from './format.ts';

interface Told {
  readonly kind: string;
}

type OfKind<Any, Kind> = Any extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Any
    : never
  : never;

/** A text for each kind of something that the server tells with kind and values. */
export type KindTexts<Any extends Told> = {
  readonly [Kind in Any['kind']]: (told: OfKind<Any, Kind>, format: Format) => string;
};

/**
 * In the page's language, or else in the server's words: a newer server may know kinds that the page does not.
 * @param what undefined where there are only the words.
 */
export function kindText<Any extends Told>(
  what: Any | undefined,
  words: string,
  texts: KindTexts<Any>,
  format: Format,
): string {
  if (what === undefined || !Object.hasOwn(texts, what.kind)) return words;
  // The one of its kind.
  const tell = texts[what.kind as Any['kind']] as (told: Any, format: Format) => string;
  return tell(what, format);
}
