import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { selfMadeCertificate, type Certificate } from './certificate.ts';
import { WebListener, type WebListenerOptions } from './web-listener.ts';

const DAY_MS = 86_400_000;

let folder: string;
let certificate: Certificate;
let server: Server;
let listener: WebListener;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-tls-'));
  certificate = await selfMadeCertificate(folder, new SimulatedClock(Date.now()));
  server = createServer((asked, response) => {
    asked.on('end', () => response.end('encrypted' in asked.socket ? 'encrypted' : 'plain'));
    asked.resume();
  });
});
afterEach(async () => {
  await listener?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function make(options: Partial<WebListenerOptions> = {}): WebListener {
  listener = new WebListener({ server, encryption: 'lan', certificate, isTrusted: () => false, ...options });
  return listener;
}

async function get(scheme: 'http' | 'https', port: number, host = '127.0.0.1', body = ''): Promise<string> {
  const send = scheme === 'http' ? httpRequest : httpsRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host, port, path: '/a?b', method: 'POST', agent: false, rejectUnauthorized: false };
    send(options, resolve).on('error', reject).end(body);
  });
  const text = (await response.toArray()).join('');
  return response.headers.location ?? text;
}

/** An address of this machine that others of the network see; the machine need not have one. */
function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

describe('one port', () => {
  test('answers HTTP and HTTPS from this machine, whole bodies too', async () => {
    const port = await make().listen('loopback', 0);
    expect(await get('http', port, '127.0.0.1', 'x'.repeat(300_000))).toBe('plain');
    expect(await get('https', port, '127.0.0.1', 'x'.repeat(300_000))).toBe('encrypted');
  });

  test('sends HTTP on to HTTPS where all is to be encrypted', async () => {
    const port = await make({ encryption: 'always' }).listen('loopback', 0);
    expect(await get('http', port)).toBe(`https://127.0.0.1:${port}/a?b`);
    expect(await get('https', port)).toBe('encrypted');
  });

  test('answers no HTTPS where nothing is encrypted', async () => {
    const port = await make({ encryption: 'never', certificate: undefined }).listen('loopback', 0);
    expect(await get('http', port)).toBe('plain');
    await expect(get('https', port)).rejects.toThrow();
  });

  test('ends what is neither, without harm to others', async () => {
    const port = await make().listen('loopback', 0);
    for (const bytes of [[0x16, 3, 1, 0, 2, 9, 9], [0], [0xff, 0xff]]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const ended = new Promise((resolve) => void socket.once('close', resolve));
      socket.resume().end(Uint8Array.from(bytes));
      await ended;
    }
    expect(await get('http', port)).toBe('plain');
  });
});

describe('the network', () => {
  // On Linux all of 127.0.0.0/8 is this machine.
  test.runIf(process.platform === 'linux')(
    'reaches no other address than that of the loopback while only this machine is served',
    async () => {
      const port = await make().listen('loopback', 0);
      for (const scheme of ['http', 'https'] as const) {
        await expect(get(scheme, port, '127.0.0.2')).rejects.toThrow('ECONNREFUSED');
      }
      expect(await listener.listen('lan', port)).toBe(port);
      expect(await get('https', port, '127.0.0.2')).toBe('encrypted');
    },
  );

  test('reaches nothing while only this machine is served, and is sent to HTTPS afterwards', async (context) => {
    const outer = outerAddress();
    if (outer === undefined) {
      context.skip('this machine is in no network');
      return;
    }
    const port = await make().listen('loopback', 0);
    await expect(get('http', port, outer)).rejects.toThrow('ECONNREFUSED');
    await expect(get('https', port, outer)).rejects.toThrow('ECONNREFUSED');
    expect(await listener.listen('lan', port)).toBe(port);
    expect(await get('http', port, outer)).toBe(`https://${outer}:${port}/a?b`);
    expect(await get('https', port, outer)).toBe('encrypted');
    expect(await get('http', port)).toBe('plain');
  });
});

describe('the self-made certificate', () => {
  test('is kept, for its owner only, until it is about to end', async () => {
    const paths = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    for (const path of paths) expect((await stat(path)).mode & 0o077).toBe(0);
    const later = (days: number) => new SimulatedClock(Date.now() + days * DAY_MS);
    expect(await selfMadeCertificate(folder, later(700))).toEqual(certificate);
    expect(await selfMadeCertificate(folder, later(800))).not.toEqual(certificate);
  });
});
