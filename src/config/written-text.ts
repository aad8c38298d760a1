import { Document, isMap, isSeq, stringify, visit } from 'yaml';

/** A value in one line: collections in braces and brackets. */
export function inlineText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, blockQuote: false }).replace(/\n$/, '');
}

/**
 * `key: value`, over as many lines as it takes, without a line break at the end: maps with a key in each line, lists
 * of lists with an item in each line, all else in one.
 */
export function pairText(key: string, value: unknown): string {
  const document = new Document({ [key]: value });
  visit(document, {
    Map: (_, map) => {
      map.flow = map.items.length === 0;
    },
    Seq: (_, seq) => {
      seq.flow = !seq.items.some((item) => isSeq(item) || isMap(item));
      // What is in an item stays in its line.
      for (const item of seq.items) if (isSeq(item) || isMap(item)) item.flow = true;
      return visit.SKIP;
    },
  });
  return document
    .toString({ lineWidth: 0, blockQuote: false, flowCollectionPadding: false })
    .replace(/\n$/, '');
}
