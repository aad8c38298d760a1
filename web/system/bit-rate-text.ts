import type { Format } from '../text/format.ts';

/** `850 kbit/s`, `4.2 Mbit/s` */
export function bitRateText(bitsPerSecond: number, format: Format): string {
  const kilobits = bitsPerSecond / 1_000;
  return kilobits < 1_000
    ? `${format.number(kilobits)} kbit/s`
    : `${format.number(kilobits / 1_000, 1)} Mbit/s`;
}
