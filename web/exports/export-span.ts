/** What is to be exported, as an address holds it. */
export interface ExportSpan {
  readonly cameras: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

const USUAL_MS = 10 * 60_000;

/** @param search of an address: `camera`, again and again, `from` and `to`. Without them the last ten minutes. */
export function parseExportSpan(search: string, nowMs: number): ExportSpan {
  const parameters = new URLSearchParams(search);
  const toMs = momentOf(parameters.get('to')) ?? nowMs;
  const fromMs = momentOf(parameters.get('from')) ?? toMs - USUAL_MS;
  return { cameras: [...new Set(parameters.getAll('camera').filter((name) => name !== ''))], fromMs, toMs };
}

/** ISO 8601, or ms since 1970. */
function momentOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) && ms >= 0 && ms <= 8.64e15 ? ms : undefined;
}
