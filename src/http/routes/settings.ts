import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sleep } from '../../base/clock.ts';
import { describeError } from '../../base/error.ts';
import { silentLog } from '../../base/log.ts';
import { SecretRedactor } from '../../base/redact.ts';
import { probeStream, type Probe } from '../../camera/probe-stream.ts';
import { guessSubStreams } from '../../camera/sub-stream-guess.ts';
import { parseCameraUrl } from '../../config/camera-url.ts';
import type { DocumentEdit } from '../../config/edit-document.ts';
import { ConfigError } from '../../config/problem.ts';
import { SettingsError } from '../../settings/settings-error.ts';
import { SettingsFile } from '../../settings/settings-file.ts';
import { changeAnswer, changeBody, probeAnswer, probeBody, settingsAnswer } from '../api/settings.ts';
import { HttpError } from '../http-error.ts';
import { signalOf } from '../request-signal.ts';
import type { WebServices } from '../services.ts';
import { settingsJson } from '../settings-json.ts';

type SettingsServices = Pick<WebServices, 'clock' | 'configSource' | 'pictures'>;

const OF_ADMINS = { access: { role: 'admin' } } as const;
const STATUS = { 'read-only': 409, 'changed-meanwhile': 409, refused: 400 } as const;
/** A test of a camera looks at it so long, and takes so long at most. */
const PROBE_SECONDS = 4;
const PROBE_LIMIT_MS = 15_000;
const MOST_PROBES = 4;
/** Where clouds tell a machine its secrets: no camera. */
const NO_CAMERAS: ReadonlySet<string> = new Set(['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200']);
const PICTURE_WIDTH_PX = 640;

export function settingsRoutes({ clock, configSource, pictures }: SettingsServices): FastifyPluginAsyncZod {
  const file = new SettingsFile({ ...configSource, environment: process.env });
  let probing = 0;

  const pictureOf = async ({ keyPicture }: Probe): Promise<string | null> => {
    if (keyPicture === undefined) return null;
    const { track, isKey, pts, dts, data } = keyPicture;
    const order = { track, packets: [{ isKey, pts, dts, data }], maxWidthPx: PICTURE_WIDTH_PX };
    const jpeg = await pictures.make(order).catch(() => undefined);
    return jpeg === undefined ? null : Buffer.from(jpeg).toString('base64');
  };

  return async (app) => {
    app.route({
      method: 'GET',
      url: '/settings',
      config: OF_ADMINS,
      schema: { response: { 200: settingsAnswer } },
      handler: async (_, reply) => {
        void reply.header('cache-control', 'no-store');
        return settingsJson(await file.read().catch(refuse), configSource.path);
      },
    });

    app.route({
      method: 'PATCH',
      url: '/settings',
      config: OF_ADMINS,
      schema: { body: changeBody, response: { 200: changeAnswer } },
      handler: async (request) => {
        const { edits, version } = request.body;
        // A request's values are those of JSON.
        const changed = await file.change(edits as readonly DocumentEdit[], version).catch(refuse);
        const paths = [...new Set(edits.map(({ path }) => path.slice(0, 3).join('.')))];
        request.audit({ action: 'changed', detail: `configuration: ${paths.join(', ').slice(0, 500)}` });
        return { version: changed };
      },
    });

    app.route({
      method: 'POST',
      url: '/settings/probe',
      config: OF_ADMINS,
      schema: { body: probeBody, response: { 200: probeAnswer } },
      handler: async (request) => {
        const { url, username, password = '', transport } = request.body;
        const parsed = parseCameraUrl(url);
        if ('problem' in parsed)
          throw new HttpError(
            400,
            `Expected an address such as rtsp://192.168.1.20/stream1, found ${parsed.problem}.`,
            {
              field: 'url',
            },
          );
        if (NO_CAMERAS.has(parsed.host))
          throw new HttpError(400, 'No camera can be at this address.', { field: 'url' });
        if (probing >= MOST_PROBES)
          throw new HttpError(429, 'Other cameras are being tested: try again in a moment.');
        const credentials =
          username === undefined || username === '' ? parsed.credentials : { username, password };
        const late = new AbortController();
        const signal = AbortSignal.any([signalOf(request), late.signal]);
        void sleep(clock, PROBE_LIMIT_MS, signal).then(
          () => late.abort(new Error(`no answer within ${PROBE_LIMIT_MS / 1_000} s`)),
          () => undefined,
        );
        probing += 1;
        try {
          const options = { camera: 'test', url: parsed.url, transport, audio: true, clock, log: silentLog };
          const probe = await probeStream(
            credentials === undefined ? options : { ...options, credentials },
            PROBE_SECONDS,
            signal,
          );
          const { video, audio, bitsPerSecond } = probe.measured;
          return {
            video:
              video === undefined
                ? null
                : {
                    codec: video.track.codec,
                    width: video.track.widthPx,
                    height: video.track.heightPx,
                    fps: Math.round(video.framesPerSecond * 10) / 10,
                  },
            audio: audio === undefined ? null : { codec: audio.codec, rate: audio.clockRateHz },
            bitsPerSecond: Math.round(bitsPerSecond),
            picture: await pictureOf(probe),
            subUrls: [...guessSubStreams(parsed.url)],
          };
        } catch (error) {
          const redactor = new SecretRedactor(credentials === undefined ? [] : [credentials]);
          throw new HttpError(
            422,
            `The camera could not be tested: ${redactor.redact(describeError(error))}`,
            {
              field: 'url',
            },
          );
        } finally {
          probing -= 1;
          late.abort();
        }
      },
    });
  };
}

function refuse(error: unknown): never {
  if (error instanceof SettingsError) {
    const { field } = error;
    throw new HttpError(STATUS[error.kind], error.message, field === undefined ? {} : { field });
  }
  if (error instanceof ConfigError)
    throw new HttpError(
      409,
      `The configuration cannot be used as it stands, the former one holds: ${error.message}`,
    );
  throw error;
}
