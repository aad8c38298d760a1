/**
 * A moment of a piece of footage in ms from its start, written as seconds (`75`, `75.5`), `1:15` or `1:02:03`.
 * @returns undefined if it is none.
 */
export function parseMoment(text: string): number | undefined {
  const [, hours = '0', minutes = '0', seconds = ''] =
    /^(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:\.\d{1,3})?)$/.exec(text) ?? [];
  if (seconds === '') return undefined;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}
