import { readGapDetail } from '../recording/gap-detail.ts';
import type { ToldGapDetail } from './api/gap-detail.ts';

export function toldGapDetail(detail: string): ToldGapDetail {
  const what = readGapDetail(detail);
  return what === undefined ? { detail } : { detail, what };
}
