import { wallMs } from '../../src/base/time.ts';
import type { GapCause } from '../../src/db/records.ts';
import type { Fate, FatedSpan } from './truth.ts';

/** A camera as `preroll archive gaps --json` tells of it. */
export interface ToldCamera {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly cause?: GapCause }[];
}

/** The camera's whole account, in order of time. */
export function accountOf({ from, to, gaps }: ToldCamera): readonly FatedSpan[] {
  const account: FatedSpan[] = [];
  let at = Date.parse(from);
  const add = (untilMs: number, fate: Fate) => {
    if (untilMs > at) account.push({ startWallMs: wallMs(at), endWallMs: wallMs(untilMs), fate });
    at = untilMs;
  };
  for (const gap of gaps) {
    add(Date.parse(gap.from), 'recorded');
    add(Date.parse(gap.to), gap.cause ?? 'unaccounted');
  }
  add(Date.parse(to), 'recorded');
  return account;
}
