import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspSyntaxError } from './error.ts';
import { MessageReader } from './message-reader.ts';
import {
  formatRequest,
  formatResponse,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  MAX_LINE_BYTES,
  type RtspMessage,
} from './message.ts';

function read(bytes: Uint8Array): RtspMessage | undefined {
  return new MessageReader().read(bytes, 0, bytes.length);
}

function readText(text: string): RtspMessage | undefined {
  return read(Buffer.from(text, 'latin1'));
}

describe('MessageReader', () => {
  it('reads back what was formatted, in whatever pieces it comes', () => {
    const name = fc.stringMatching(/^[A-Z][A-Za-z-]{0,20}$/).filter((text) => text !== 'Content-Length');
    const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,60}[\x21-\x7e])?$/);
    const headers = fc.array(fc.tuple(name, value), { maxLength: 10 });
    const body = fc.uint8Array({ maxLength: 300 });
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(headers, body, cuts, (lines, content, sizes) => {
        const sent = formatRequest({ method: 'SETUP', uri: 'rtsp://h/p', headers: lines, body: content });
        const reader = new MessageReader();
        let message: RtspMessage | undefined;
        for (let at = 0, turn = 0; at < sent.length; turn++) {
          const end = Math.min(sent.length, at + (sizes[turn % sizes.length] ?? 1));
          message = reader.read(sent, at, end);
          at = end;
        }
        expect(message).toMatchObject({ kind: 'request', method: 'SETUP', uri: 'rtsp://h/p' });
        expect(message?.headers.lines.slice(0, lines.length)).toEqual(lines);
        expect(Buffer.from(message?.body ?? [])).toEqual(Buffer.from(content));
      }),
    );
  });

  it('takes no more than one message and leaves the rest', () => {
    const first = formatResponse({ status: 200, headers: [['CSeq', '1']], body: Buffer.from('v=0') });
    const reader = new MessageReader();
    const message = reader.read(Buffer.concat([first, Buffer.from('RTSP/1.0')]), 0, first.length + 8);
    expect(message).toMatchObject({ kind: 'response', status: 200, reason: 'OK' });
    expect(reader.consumedTo).toBe(first.length);
  });

  it('waits for the rest of every truncated message', () => {
    const whole = formatResponse({ status: 200, headers: [['CSeq', '1']], body: Buffer.from('v=0') });
    for (let length = 0; length < whole.length; length++) {
      expect(read(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it('tolerates bare line feeds, extra spaces, folded lines and lines without a colon', () => {
    const message = readText(
      'RTSP/1.0  200   OK \nCseq :  3  \nX-Long: a\n  b\nnonsense\nPublic:OPTIONS\n\n',
    );
    expect(message).toMatchObject({ kind: 'response', status: 200, reason: 'OK' });
    expect(message?.headers.get('CSeq')).toBe('3');
    expect(message?.headers.get('x-long')).toBe('a b');
    expect(message?.headers.get('public')).toBe('OPTIONS');
  });

  it('keeps every value of a repeated header', () => {
    const message = readText(
      'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: A\r\nwww-authenticate: B\r\n\r\n',
    );
    expect(message?.headers.all('WWW-Authenticate')).toEqual(['A', 'B']);
  });

  it('says that a web server answered', () => {
    expect(() => readText('HTTP/1.1 400 Bad Request\r\n\r\n')).toThrow(/is the port right/);
  });

  it('refuses a line, a head, a number of lines and a body beyond the bounds', () => {
    expect(() => readText(`RTSP/1.0 200 ${'O'.repeat(MAX_LINE_BYTES)}`)).toThrow(RtspSyntaxError);
    const long = `X: ${'y'.repeat(4000)}\r\n`;
    expect(() => readText(`RTSP/1.0 200 OK\r\n${long.repeat(MAX_HEAD_BYTES / 4000 + 1)}`)).toThrow(
      /65536 bytes/,
    );
    expect(() => readText(`RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(101)}`)).toThrow(/100 lines/);
    expect(() => readText(`RTSP/1.0 200 OK\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`)).toThrow(
      /Content-Length/,
    );
    expect(() => readText('RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n')).toThrow(/Content-Length/);
  });

  it.each(['4;', '4 bytes', '4\t'])('takes the number that a length begins with: %j', (length) => {
    const message = readText(`RTSP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\nbody`);
    expect(Buffer.from(message?.body ?? []).toString()).toBe('body');
  });

  it('tells at the first byte that makes it no message', () => {
    const reader = new MessageReader();
    expect(reader.read(Buffer.from('AB\x01'), 0, 3)).toBeUndefined();
    expect(reader.isAlien).toBe(true);
    expect(reader.consumedTo).toBe(2);
  });

  it('answers any bytes with a message, a wait or a typed error', () => {
    const start = fc.constantFrom('', 'RTSP/1.0 200 OK\r\n', 'OPTIONS * RTSP/1.0\r\n', 'RTSP/');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), (head, bytes) => {
        try {
          read(Buffer.concat([Buffer.from(head), bytes]));
        } catch (error) {
          expect(error).toBeInstanceOf(RtspSyntaxError);
        }
      }),
    );
  });
});

describe('formatRequest', () => {
  it('refuses to send a line break inside a header', () => {
    const forged = { method: 'PLAY', uri: 'rtsp://h/', headers: [['A', 'b\r\nC: d']] as const };
    expect(() => formatRequest(forged)).toThrow(RtspSyntaxError);
  });
});
