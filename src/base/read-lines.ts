import type { Readable } from 'node:stream';

/**
 * Tells the lines of a text in UTF-8, as they are complete; what follows the last line break when it ends is one too.
 * Of a line that is longer than `maxCharacters` the beginning is told.
 */
export function readLines(from: Readable, maxCharacters: number, onLine: (line: string) => void): void {
  let line = '';
  const take = (text: string) => {
    // Nothing is held that will not be told.
    line += text.slice(0, maxCharacters - line.length);
  };
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const [rest = '', ...begun] = text.split('\n');
    take(rest);
    for (const next of begun) {
      onLine(line.replace(/\r$/, ''));
      line = '';
      take(next);
    }
  });
  from.on('end', () => {
    if (line !== '') onLine(line);
  });
}
