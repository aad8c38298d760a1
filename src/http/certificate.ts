import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { describeError, PrerollError } from '../base/error.ts';
import { keepTrying } from '../base/keep-trying.ts';
import type { Log } from '../base/log.ts';
import type { CertificateConfig } from '../config/config.ts';

/** PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** The most that Apple's systems take of a certificate that somebody has to trust by hand. */
const SELF_MADE_DAYS = 820;
const RENEW_BEFORE_MS = 30 * DAY_MS;

/** A certificate, or its key, is none, or they do not belong together: nobody could connect. */
class CertificateError extends PrerollError {
  readonly kind = 'certificate';
}

/**
 * Reads it again and again until it can be had, for its disk may come later than the recorder. Each reason why it cannot is told once.
 * @returns undefined when the signal has aborted.
 */
export async function awaitCertificate<Read>(
  read: () => Promise<Read>,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<Read | undefined> {
  let told: string | undefined;
  return await keepTrying(read, {
    clock,
    signal,
    onFailure: (error) => {
      const reason = describeError(error);
      if (reason === told) return;
      told = reason;
      const help = 'put the files there, let the user of the recorder read them, or change web.certificate';
      log.error(`the web app waits for its certificate: ${reason}; ${help}`);
    },
  });
}

/** @throws CertificateError; when the files cannot be read. */
export async function readCertificate({ certificatePath, keyPath }: CertificateConfig): Promise<Certificate> {
  const read = { cert: await readFile(certificatePath, 'utf8'), key: await readFile(keyPath, 'utf8') };
  if (!isPair(read, `${certificatePath} and ${keyPath}`)) {
    throw new CertificateError(`${keyPath} is not the key of the certificate ${certificatePath}`);
  }
  return read;
}

function isPair({ cert, key }: Certificate, paths: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    const message = `${paths}: expected a certificate and its key, each as PEM`;
    throw new CertificateError(message, { cause: error });
  }
}

/**
 * The self-made certificate of a folder, made where there is none or it ends soon. It is kept, so that a browser asks only once whether
 * to trust it.
 */
export async function selfMadeCertificate(folder: string, clock: Clock): Promise<Certificate> {
  const paths = { certificatePath: join(folder, 'certificate.pem'), keyPath: join(folder, 'key.pem') };
  const kept = await readCertificate(paths).catch(() => undefined);
  if (kept !== undefined && isGood(kept, clock)) return kept;
  const made = await make(clock);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(paths.keyPath, made.key, { mode: 0o600 });
  await writeFile(paths.certificatePath, made.cert, { mode: 0o600 });
  return made;
}

function isGood({ cert }: Certificate, clock: Clock): boolean {
  try {
    return Date.parse(new X509Certificate(cert).validTo) - clock.wallMs() > RENEW_BEFORE_MS;
  } catch {
    // Not a certificate: another one is made.
    return false;
  }
}

async function make(clock: Clock): Promise<Certificate> {
  // Only once in two years.
  const { generate } = await import('selfsigned');
  const nowMs = clock.wallMs();
  const made = await generate([{ name: 'commonName', value: 'Preroll' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of other machines may be slow.
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + SELF_MADE_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: namesOfThisMachine() },
    ],
  });
  return { cert: made.cert, key: made.private };
}

function namesOfThisMachine() {
  const names = ['localhost', hostname(), `${hostname().replace(/\..*$/, '')}.local`];
  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .map(({ address }) => address)
    .filter((address) => isIP(address) !== 0);
  return [
    ...[...new Set(names)].map((value) => ({ type: 2 as const, value })),
    ...[...new Set(addresses)].map((ip) => ({ type: 7 as const, ip })),
  ];
}
