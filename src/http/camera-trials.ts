import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { silentLog } from '../base/log.ts';
import { SecretRedactor, type KnownCredentials } from '../base/redact.ts';
import { patience } from '../base/watchdog.ts';
import { probeStream, type Probe } from '../camera/probe-stream.ts';
import { SourceError } from '../camera/source-error.ts';
import { guessSubStreams } from '../camera/sub-stream-guess.ts';
import { EXPECTED_ADDRESS, FILES_ELSEWHERE, parseCameraAddress } from '../config/camera-address.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { revealed, type RevealedAddress } from '../config/revealed-address.ts';
import { streamAddress } from '../config/stream-address.ts';
import type { PictureMaker } from '../picture/picture-maker.ts';
import { isForbiddenAddress } from '../rtsp/forbidden-address.ts';
import { RtspError } from '../rtsp/error.ts';
import type { TestFailure } from './api/error.ts';
import type { ProbeAnswer, probeBody } from './api/settings.ts';
import { HttpError } from './http-error.ts';

export interface CameraTrialServices {
  readonly pictures: Pick<PictureMaker, 'make'>;
  /** The source program, a path to built JavaScript. */
  readonly sourceProgram: string;
  /** Where paths in addresses start: the folder of the configuration. */
  readonly folder: string;
  readonly clock: Clock;
}

/** A camera is looked at for so long, and its test takes so long at most. */
const SECONDS = 4;
const LIMIT_MS = 15_000;
const MOST_AT_ONCE = 4;
const PICTURE_WIDTH_PX = 640;
const TOLD_FAILURES = ['connect', 'timeout', 'stall', 'auth', 'refused', 'unsupported'] as const;

/** Tries cameras that somebody wants to add: what they send, and a picture of it. */
export class CameraTrials {
  readonly #services: CameraTrialServices;
  #running = 0;

  constructor(services: CameraTrialServices) {
    this.#services = services;
  }

  /**
   * @param known used where none are given.
   * @throws HttpError with why it could not be, without the password; the signal's reason.
   */
  async run(
    wanted: z.output<typeof probeBody>,
    known: KnownCredentials | undefined,
    signal: AbortSignal,
  ): Promise<ProbeAnswer> {
    const address = addressOf(wanted, known, this.#services.folder);
    if (this.#running >= MOST_AT_ONCE) {
      throw new HttpError(429, 'Other cameras are being tested: try again in a moment.', {
        reason: { code: 'tests-busy' },
      });
    }
    const { credentials } = address;
    const redactor = new SecretRedactor(credentials === undefined ? [] : [credentials]);
    this.#running += 1;
    try {
      const probe = await this.#probe(address, wanted, signal);
      const { nativeFailure } = probe;
      return {
        ...(await this.#answer(probe, address)),
        nativeFailure: nativeFailure === undefined ? null : redactor.redact(nativeFailure),
      };
    } catch (error) {
      const detail = redactor.redact(describeError(error));
      throw new HttpError(422, `The camera could not be tested: ${detail}`, {
        field: 'url',
        reason: { code: 'test-failed', failure: failureOf(error), detail },
      });
    } finally {
      this.#running -= 1;
    }
  }

  async #probe(
    address: RevealedAddress,
    { engine, transport }: Pick<z.output<typeof probeBody>, 'engine' | 'transport'>,
    signal: AbortSignal,
  ): Promise<Probe> {
    const { clock, sourceProgram } = this.#services;
    const late = new AbortController();
    const either = AbortSignal.any([signal, late.signal]);
    void patience(clock, LIMIT_MS, either).then(
      () => late.abort(new SourceError('timeout', `no answer within ${LIMIT_MS / 1_000} s`)),
      () => undefined,
    );
    const camera = 'test';
    const encoding = { reencode: PLAIN_ENCODING, camera, timeZone: 'local' } as const;
    const fixed = { camera, encoding, sourceProgram, audio: true, clock, log: silentLog };
    try {
      return await probeStream({ ...fixed, address, engine, transport }, SECONDS, either);
    } finally {
      late.abort();
    }
  }

  async #answer(
    { measured, keyPicture }: Probe,
    { url, input }: RevealedAddress,
  ): Promise<Omit<ProbeAnswer, 'nativeFailure'>> {
    const { video, audio, bitsPerSecond } = measured;
    return {
      video: video === undefined ? null : videoOf(video),
      audio: audio === undefined ? null : { codec: audio.codec, rate: audio.clockRateHz },
      bitsPerSecond: Math.round(bitsPerSecond),
      picture: keyPicture === undefined ? null : await this.#picture(keyPicture),
      subUrls: input.kind === 'rtsp' ? [...guessSubStreams(url)] : [],
    };
  }

  /** Base64 of a JPEG; null where it cannot be made. */
  async #picture({ track, isKey, pts, dts, data }: NonNullable<Probe['keyPicture']>): Promise<string | null> {
    const order = { track, packets: [{ isKey, pts, dts, data }], maxWidthPx: PICTURE_WIDTH_PX };
    const jpeg = await this.#services.pictures.make(order).catch(() => undefined);
    return jpeg === undefined ? null : Buffer.from(jpeg).toString('base64');
  }
}

function failureOf(error: unknown): TestFailure {
  const isOfSource = error instanceof RtspError || error instanceof SourceError;
  return TOLD_FAILURES.find((kind) => isOfSource && kind === error.kind) ?? 'other';
}

/** @throws HttpError for what is no camera's address. */
function addressOf(
  { url, username = '', password = '' }: z.output<typeof probeBody>,
  known: KnownCredentials | undefined,
  folder: string,
): RevealedAddress {
  const parsed = parseCameraAddress(url);
  if ('problem' in parsed) {
    throw new HttpError(400, `Expected ${EXPECTED_ADDRESS}, found ${parsed.problem}.`, {
      field: 'url',
      reason: { code: 'expected-address' },
    });
  }
  if (parsed.kind === 'demo') {
    throw new HttpError(400, 'The demo camera needs no test.', { field: 'url' });
  }
  if (parsed.kind === 'file') {
    throw new HttpError(400, `Refused: ${FILES_ELSEWHERE}.`, {
      field: 'url',
      reason: { code: 'file-address' },
    });
  }
  if ('url' in parsed && isForbiddenAddress(parsed.url.host.replace(/^\[(.*)\]$/, '$1'))) {
    throw new HttpError(400, 'No camera can be at this address.', {
      field: 'url',
      reason: { code: 'forbidden-address' },
    });
  }
  const address = revealed(streamAddress(parsed, undefined, folder));
  // What is typed beside an address counts more than what stands in it.
  const credentials = username === '' ? (address.credentials ?? known) : { username, password };
  return credentials === undefined ? address : { ...address, credentials };
}

function videoOf({ track, framesPerSecond }: NonNullable<Probe['measured']['video']>) {
  const { codec, widthPx: width, heightPx: height } = track;
  return { codec, width, height, fps: Math.round(framesPerSecond * 10) / 10 };
}
