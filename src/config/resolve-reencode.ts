import type { ReencodeConfig } from './config.ts';
import type { Path } from './located.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ValidReencode } from './schema.ts';

const DEFAULT_QUALITY = 23;

/** How video is encoded that cannot be recorded as it comes, where a camera has no section `reencode`. */
export const PLAIN_ENCODING: ReencodeConfig = {
  codec: 'h264',
  encoder: 'auto',
  widthPx: undefined,
  heightPx: undefined,
  rateFps: undefined,
  rateControl: { kind: 'quality', quality: DEFAULT_QUALITY },
  hasLabel: false,
};

/** How a camera's video is re-encoded; undefined where it is not. */
export function resolveReencode(
  section: ValidReencode | undefined,
  path: Path,
  context: ResolveContext,
): ReencodeConfig | undefined {
  if (section === undefined) return undefined;
  const { codec, encoder, widthPx, heightPx, rateFps, quality, bitRateKbps, label } = section;
  if (quality !== undefined && bitRateKbps !== undefined) {
    context.report([...path, 'bitRateKbps'], 'and quality are both set; keep one of them');
  }
  if (encoder === 'v4l2m2m' && bitRateKbps === undefined) {
    context.report([...path, 'encoder'], 'v4l2m2m knows no constant quality; set bitRateKbps too');
  }
  return {
    codec,
    encoder,
    widthPx: even(widthPx),
    heightPx: even(heightPx),
    rateFps,
    rateControl:
      bitRateKbps === undefined
        ? { kind: 'quality', quality: quality ?? DEFAULT_QUALITY }
        : { kind: 'bit-rate', bitRateBps: bitRateKbps * 1000 },
    hasLabel: label,
  };
}

function even(px: number | undefined): number | undefined {
  return px === undefined ? undefined : px - (px % 2);
}
