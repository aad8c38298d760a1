/** What an address of the timeline holds. */
export interface MomentLink {
  /** Empty: none is named. */
  readonly cameras: readonly string[];
  readonly atMs: number | undefined;
  /** How much time is shown. */
  readonly spanMs: number | undefined;
}

const LONGEST_SPAN_S = 100 * 86_400;

/** @param search of an address. What makes no sense is left out. */
export function parseMomentLink(search: string): MomentLink {
  const parameters = new URLSearchParams(search);
  const at = Date.parse(parameters.get('at') ?? '');
  const spanS = Number(parameters.get('span') ?? Number.NaN);
  return {
    cameras: [...new Set(parameters.getAll('camera').filter((camera) => camera !== ''))],
    atMs: Number.isFinite(at) && at >= 0 ? at : undefined,
    spanMs: spanS > 0 && spanS <= LONGEST_SPAN_S ? spanS * 1_000 : undefined,
  };
}

/** The search of an address, with its `?`: the moment to the millisecond, the zoom to a second. */
export function momentLink({ cameras, atMs, spanMs }: MomentLink): string {
  const parameters = new URLSearchParams();
  for (const camera of cameras) parameters.append('camera', camera);
  if (atMs !== undefined) parameters.set('at', new Date(Math.floor(atMs)).toISOString());
  if (spanMs !== undefined) parameters.set('span', String(Math.max(1, Math.round(spanMs / 1_000))));
  return `?${parameters.toString().replaceAll('%3A', ':')}`;
}
