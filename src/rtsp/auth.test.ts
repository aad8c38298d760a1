import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Authorizer, strongestChallenge, type Challenge } from './auth.ts';

const RFC7616_CLIENT_NONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const RFC7616_PARTS =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

function challengeOf(...values: string[]): Challenge {
  const challenge = strongestChallenge(values);
  if (challenge === undefined) throw new Error('expected a challenge');
  return challenge;
}

function answer(
  challenge: Challenge,
  credentials = { username: 'Mufasa', password: 'Circle of Life' },
): string {
  const authorizer = new Authorizer(credentials, () => RFC7616_CLIENT_NONCE);
  authorizer.accept(challenge);
  return authorizer.authorization('GET', '/dir/index.html') ?? '';
}

describe('Authorizer', () => {
  it('reproduces the MD5 example of RFC 7616 3.9.1', () => {
    expect(answer(challengeOf(`Digest ${RFC7616_PARTS}, algorithm=MD5`))).toContain(
      'response="8ca523f5e9506fed4657c9700eebdbec"',
    );
  });

  it('reproduces the SHA-256 example of RFC 7616 3.9.1', () => {
    expect(answer(challengeOf(`Digest ${RFC7616_PARTS}, algorithm=SHA-256`))).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    );
  });

  it('answers without qop as RFC 2069 has it', () => {
    const challenge = challengeOf(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    );
    const header = answer(challenge, { username: 'Mufasa', password: 'CircleOfLife' });
    expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(header).not.toMatch(/qop|nc=|cnonce|algorithm/);
  });

  it.each(['MD5-sess', 'SHA-256-sess'])(
    'makes another key for %s and sends the client nonce',
    (algorithm) => {
      const session = answer(challengeOf(`Digest ${RFC7616_PARTS}, algorithm=${algorithm}`));
      const plain = answer(
        challengeOf(`Digest ${RFC7616_PARTS}, algorithm=${algorithm.replace('-sess', '')}`),
      );
      expect(/response="(\w+)"/.exec(session)?.[1]).not.toBe(/response="(\w+)"/.exec(plain)?.[1]);
      expect(session).toContain(`algorithm=${algorithm}`);
      expect(session).toContain(`cnonce="${RFC7616_CLIENT_NONCE}"`);
    },
  );

  it('counts the uses of a nonce and begins anew with the next one', () => {
    const authorizer = new Authorizer({ username: 'u', password: 'p' });
    const count = () => /nc=(\w+)/.exec(authorizer.authorization('PLAY', 'rtsp://h/') ?? '')?.[1];
    authorizer.accept(challengeOf('Digest realm="r", nonce="1", qop="auth"'));
    expect([count(), count()]).toEqual(['00000001', '00000002']);
    authorizer.accept(challengeOf('Digest realm="r", nonce="2", qop="auth"'));
    expect(count()).toBe('00000001');
  });

  it('says nothing before a challenge', () => {
    expect(
      new Authorizer({ username: 'u', password: 'p' }).authorization('PLAY', 'rtsp://h/'),
    ).toBeUndefined();
  });

  it('sends Basic credentials in UTF-8', () => {
    const header = answer(challengeOf('Basic realm="cam"'), { username: 'Jürgen', password: 'p:ä' });
    expect(Buffer.from(header.replace('Basic ', ''), 'base64').toString('utf8')).toBe('Jürgen:p:ä');
  });

  it('sends quotes and backslashes of a realm back as they came', () => {
    expect(answer(challengeOf('Digest realm="a \\"b\\" \\\\", nonce="n"'))).toContain(
      'realm="a \\"b\\" \\\\"',
    );
  });
});

describe('strongestChallenge', () => {
  it('prefers SHA-256 to MD5 and Digest to Basic, over several headers and within one', () => {
    expect(challengeOf('Basic realm="x"', 'Digest realm="x", nonce="n", algorithm=MD5')).toMatchObject({
      hash: 'md5',
    });
    expect(
      challengeOf('Basic realm="x", Digest nonce="a", Digest realm="y",nonce="b",algorithm="SHA-256"'),
    ).toMatchObject({ hash: 'sha256', nonce: 'b' });
  });

  it('passes over what it cannot answer', () => {
    expect(strongestChallenge(['Digest realm="x", nonce="n", algorithm=SHA-512-256'])).toBeUndefined();
    expect(strongestChallenge(['Digest realm="x", nonce="n", qop="auth-int"'])).toBeUndefined();
    expect(strongestChallenge(['Digest realm="x"', 'Negotiate', ''])).toBeUndefined();
  });

  it('understands bare values, odd spaces and a missing realm', () => {
    expect(challengeOf('digest nonce = abc ,stale=TRUE, realm = "IP Camera(12)"')).toMatchObject({
      nonce: 'abc',
      isStale: true,
      realm: 'IP Camera(12)',
    });
    expect(challengeOf('Basic')).toEqual({ scheme: 'basic' });
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => void strongestChallenge([`Digest ${text}`])),
    );
  });
});
