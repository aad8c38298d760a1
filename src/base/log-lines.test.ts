import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson, formatLine, plainEntry, type LogEntry } from './log-lines.ts';

const WALL_MS = new Date(2026, 10, 22, 20, 15, 3, 123).getTime();
/** Any UTF-16, lone surrogates too. */
const anyText = fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const asIs = (text: string) => text;

function entry(message: string, fields: LogEntry['fields'] = {}): LogEntry {
  return { wallMs: WALL_MS, level: 'info', message, fields };
}

function line(message: string, fields: LogEntry['fields'] = {}): string {
  return formatLine(plainEntry(entry(message, fields), asIs));
}

function json(message: string, fields: LogEntry['fields'] = {}): unknown {
  return JSON.parse(formatJson(plainEntry(entry(message, fields), asIs)));
}

describe('formatLine', () => {
  test('writes local time, level, camera, message and fields', () => {
    expect(line('connected', { camera: 'yard', port: 554, server: 'Acme RTSP', ok: true })).toBe(
      '2026-11-22 20:15:03.123 INFO  [yard] connected port=554 server="Acme RTSP" ok=true',
    );
  });

  test('escapes line breaks, terminal codes and text that changes direction', () => {
    const text = line('a\r\nb\u001b[31m\u2028\u202e\u0085', { server: 'x\n2026-01-01 INFO forged' });
    expect(text).toBe(
      String.raw`2026-11-22 20:15:03.123 INFO  a\r\nb\u{1b}[31m\u{2028}\u{202e}\u{85} server="x\n2026-01-01 INFO forged"`,
    );
  });

  test('is one printable line whatever a camera sends', () => {
    fc.assert(
      fc.property(anyText, anyText, (message, value) => {
        expect(line(message, { value, [value]: 1, camera: value })).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u,
        );
      }),
    );
  });
});

describe('formatJson', () => {
  test('writes one object with ISO time, whose own members no field replaces', () => {
    expect(json('connected', { camera: 'yard', level: 'forged', size: 3n })).toEqual({
      time: new Date(WALL_MS).toISOString(),
      level: 'info',
      message: 'connected',
      camera: 'yard',
      size: '3',
    });
  });

  test('stays valid JSON on one line whatever is logged', () => {
    fc.assert(
      fc.property(anyText, fc.anything(), (message, value) => {
        const text = formatJson(plainEntry(entry(message, { value }), asIs));
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(text)).toHaveProperty('value');
      }),
    );
  });
});

describe('plainEntry', () => {
  test('redacts messages, keys, nested values and errors with their causes', () => {
    const redact = (text: string) => text.replaceAll('hunter2', '***');
    const error = new Error('outer hunter2', { cause: new Error('inner hunter2') });
    const plain = plainEntry(entry('hunter2', { hunter2: 1, deep: [{ x: 'hunter2' }], error }), redact);
    expect(JSON.stringify(plain)).not.toContain('hunter2');
    expect(formatLine(plain)).toContain('outer ***: inner ***');
  });

  test('does not leave half a secret at the end of a cut text', () => {
    const redact = (text: string) => text.replaceAll('hunter2hunter2', '***');
    for (const length of [4_080, 4_090, 5_110, 5_119]) {
      const plain = plainEntry(entry(`${'x'.repeat(length)}hunter2hunter2${'y'.repeat(9_000)}`), redact);
      expect(plain.message).not.toContain('hunter');
    }
  });

  test('bounds long texts, wide and deep objects, circles and objects that throw', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const wide = Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => ['x'.repeat(1_000)]));
    const trap = {
      get value() {
        throw new Error('trap');
      },
    };
    const text = line('m'.repeat(100_000), {
      long: 'v'.repeat(100_000),
      wide,
      circle,
      trap,
      buffer: Buffer.alloc(9),
    });
    expect(text.length).toBeLessThan(30_000);
    expect(line('x', { circle })).toContain('(deeper)');
    expect(line('x', { trap, buffer: Buffer.alloc(9) })).toBe(
      '2026-11-22 20:15:03.123 INFO  x trap=(unreadable) buffer="(9 bytes)"',
    );
  });
});
