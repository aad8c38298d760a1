/** What may stand at an option, for programs and for pages in another language; people are told it by the option's error text. */
export type ExpectedValue =
  | { readonly code: 'expected-address' }
  /** A duration, because of what another option says. */
  | { readonly code: 'expected-at-least'; readonly leastMs: number }
  | { readonly code: 'expected-at-most'; readonly mostMs: number }
  | { readonly code: 'expected-choice'; readonly choices: readonly string[] }
  | { readonly code: 'expected-duration'; readonly leastMs: number; readonly mostMs: number }
  | { readonly code: 'expected-name' }
  | { readonly code: 'expected-number'; readonly least: number; readonly most: number }
  | { readonly code: 'expected-size'; readonly leastBytes: number; readonly mostBytes: number }
  | { readonly code: 'expected-whole-number'; readonly least: number; readonly most: number };
