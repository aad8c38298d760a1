import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactCredentials, SecretRedactor } from './redact.ts';

/** What some work takes of this process's CPU, however busy the machine is. */
function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('redactCredentials', () => {
  test.each([
    ['rtsp://admin:hunter2@10.0.0.5/live', 'rtsp://admin:***@10.0.0.5/live'],
    ['rtsp://admin:p@ss:w#rd%@10.0.0.5:554/live?x=1', 'rtsp://admin:***@10.0.0.5:554/live?x=1'],
    ['rtsp://admin:w/rd@10.0.0.5/live', 'rtsp://admin:***@10.0.0.5/live'],
    ['rtsp://sometoken@10.0.0.5/live', 'rtsp://***@10.0.0.5/live'],
    ['from rtsp://a:b@c/d to http://e:f@g', 'from rtsp://a:***@c/d to http://e:***@g'],
    ['["rtsp://a:b@c/d","rtsp://e:f@g"]', '["rtsp://a:***@c/d","rtsp://e:***@g"]'],
    ['Authorization: Digest username="a", response="0123"', 'Authorization: ***'],
    ['tried Basic YWRtaW46aHVudGVyMg== once', 'tried Basic *** once'],
    [
      'rtsp://1.2.3.4/user=admin&password=hunter2&channel=1',
      'rtsp://1.2.3.4/user=admin&password=***&channel=1',
    ],
    ['{"password":"hunter 2"}', '{"password":"***"}'],
  ])('masks %s', (text, masked) => {
    expect(redactCredentials(text)).toBe(masked);
  });

  test.each([
    'rtsp://10.0.0.5:554/live',
    'rtsp://[fe80::1]:554/live',
    'rtsp://10.0.0.5/mailbox/user@example.org',
    'rtsp://10.0.0.5:554, and a@b',
    'cameras.yard.password: expected a password',
    'Basic authentication was refused',
  ])('leaves %s as it is', (text) => {
    expect(redactCredentials(text)).toBe(text);
  });

  test('takes hostile text in linear time', () => {
    const hostile = ['rtsp://'.repeat(20_000), `a${':'.repeat(100_000)}`, `rtsp://${':@'.repeat(50_000)}`];
    const cpuMs = cpuMsOf(() => {
      for (const text of hostile) redactCredentials(text);
    });
    expect(cpuMs).toBeLessThan(2_000);
  });
});

describe('SecretRedactor', () => {
  const redactor = new SecretRedactor([
    { username: 'admin', password: 'p@ss w"rd/ü' },
    { username: 'x', password: 'abc' },
  ]);

  test.each([
    ['plain', 'p@ss w"rd/ü'],
    ['percent-encoded', encodeURIComponent('p@ss w"rd/ü')],
    ['percent-encoded in lower case', encodeURIComponent('p@ss w"rd/ü').toLowerCase()],
    ['percent-encoded in part', 'p%40ss w"rd/ü'],
    ['with + for a space', 'p@ss+w"rd/ü'],
    ['in a JSON string', JSON.stringify('p@ss w"rd/ü').slice(1, -1)],
    ['in Latin-1', Buffer.from('p@ss w"rd/ü').toString('latin1')],
    ['with dots for what is not ASCII', 'p@ss w"rd/.'],
    ['with a dot for each byte that is not ASCII', 'p@ss w"rd/..'],
    ['in base64', Buffer.from('admin:p@ss w"rd/ü').toString('base64')],
    ['in base64url', Buffer.from('admin:p@ss w"rd/ü').toString('base64url')],
  ])('masks a password %s', (_, form) => {
    expect(redactor.redact(`before ${form} after`)).toMatch(/^before \*\*\*=* after$/);
  });

  test.each(['p@ss...', 'p@ss w"r...', 'p@ss%20w%2...', 'p@ss w"rd/ü...', 'p@ss w…'])(
    'masks the beginning of a password at the end of an excerpt: %s',
    (excerpt) => {
      expect(redactor.redact(`found ${excerpt} here`)).toMatch(/^found \*\*\*(\.\.\.|…) here$/);
    },
  );

  test('takes long passwords and hostile text in linear time', () => {
    const long = new SecretRedactor([{ username: 'a', password: 'a'.repeat(256) }]);
    const cpuMs = cpuMsOf(() => long.redact('a'.repeat(255).concat('b').repeat(40)));
    expect(cpuMs).toBeLessThan(2_000);
  });

  test('does not mask every occurrence of a very short password, but its base64', () => {
    expect(redactor.redact('abc')).toBe('abc');
    expect(redactor.redact(Buffer.from('x:abc').toString('base64'))).toBe('***');
  });

  test('masks the longer of two passwords of which one contains the other', () => {
    const two = new SecretRedactor([
      { username: 'a', password: 'hunter' },
      { username: 'a', password: 'hunter2000' },
    ]);
    expect(two.redact('it is hunter2000')).toBe('it is ***');
  });

  test('masks any password, however it is encoded', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }), (password) => {
        const canary = `<${password}>`;
        const own = new SecretRedactor([{ username: 'u', password: canary }]);
        for (const form of [canary, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1)]) {
          expect(own.redact(`. ${form} .`)).not.toContain(form);
        }
      }),
    );
  });
});
