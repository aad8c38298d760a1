import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { awaitCertificate, readCertificate, selfMadeCertificate } from './certificate.ts';

let folder: string;
let certificatePath: string;
let keyPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-certificate-'));
  [certificatePath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const make = (where = folder) => selfMadeCertificate(where, new SimulatedClock(Date.now()));

test('a certificate is read with its key', async () => {
  const made = await make();
  expect(await readCertificate({ certificatePath, keyPath })).toEqual(made);
});

test('the key of another certificate is refused, for nobody could connect', async () => {
  await make();
  const other = join(folder, 'other');
  await make(other);
  const mixed = { certificatePath, keyPath: join(other, 'key.pem') };
  await expect(readCertificate(mixed)).rejects.toThrow(
    /key\.pem is not the key of the certificate .+certificate\.pem/,
  );
});

test('what is no certificate is refused by the name of its file', async () => {
  await make();
  await writeFile(certificatePath, 'of no use');
  await expect(readCertificate({ certificatePath, keyPath })).rejects.toThrow(
    /certificate\.pem and .+key\.pem: expected a certificate and its key/,
  );
});

test('a self-made one whose key is another by now is made anew', async () => {
  const first = await make();
  await make(join(folder, 'other')).then(({ key }) => writeFile(keyPath, key));
  const second = await make();
  expect(second.cert).not.toBe(first.cert);
  expect(await readCertificate({ certificatePath, keyPath })).toEqual(second);
});

test('one that is missing is told once and waited for, until its files are there', async () => {
  const told: string[] = [];
  const clock = new SimulatedClock(Date.now());
  const log = { ...silentLog, error: (message: string) => void told.push(message) };
  let readings = 0;
  let isThere = false;
  const read = () => {
    readings += 1;
    return isThere ? Promise.resolve('it') : Promise.reject(new Error("ENOENT: open 'cert.pem'"));
  };
  const awaited = awaitCertificate(read, { clock, log, signal: new AbortController().signal });
  await clock.advance(600_000);
  expect(told).toEqual([
    expect.stringMatching(
      /^the web app waits for its certificate: ENOENT: open 'cert\.pem'; put the files there/,
    ),
  ]);
  expect(readings).toBeLessThan(30);
  isThere = true;
  await clock.advance(30_000);
  expect(await awaited).toBe('it');
});

test('nobody waits for one any more once the web app is ended', async () => {
  const ending = new AbortController();
  const clock = new SimulatedClock(Date.now());
  const read = () => Promise.reject(new Error('EACCES'));
  const awaited = awaitCertificate(read, { clock, log: silentLog, signal: ending.signal });
  await clock.advance(10_000);
  ending.abort();
  expect(await awaited).toBeUndefined();
});
