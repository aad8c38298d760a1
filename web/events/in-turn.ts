const AT_ONCE = 4;

export interface Outcome<Item> {
  readonly done: readonly Item[];
  readonly failed: readonly { readonly item: Item; readonly error: unknown }[];
}

/** Does the same with each, a few at once. One that fails does not keep the others from it. */
export async function inTurn<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<Outcome<Item>> {
  const done: Item[] = [];
  const failed: { readonly item: Item; readonly error: unknown }[] = [];
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    // The lanes share the iterator: each item is taken once.
    for (const item of waiting) {
      try {
        await work(item);
        done.push(item);
      } catch (error) {
        failed.push({ item, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return { done, failed };
}
