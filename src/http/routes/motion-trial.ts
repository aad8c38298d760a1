import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { DocumentEdit } from '../../config/edit-document.ts';
import { SettingsFile } from '../../settings/settings-file.ts';
import { motionTrialAnswer, newMotionTrial, type MotionTrialJson } from '../api/motion-trial.ts';
import { endBeforeBegin, HttpError, noSuchCamera } from '../http-error.ts';
import { MotionTrials, type MotionTrial } from '../motion-trials.ts';
import { refuseSettings } from '../refused-settings.ts';
import type { WebServices } from '../services.ts';

const OF_ADMINS = { access: { role: 'admin' } } as const;
const LONGEST_MS = 31 * 86_400_000;

/** What other settings would have made of a camera's recordings; who may change settings may try them. */
export function motionTrialRoutes({
  config,
  configSource,
  programs,
  clock,
}: Pick<WebServices, 'config' | 'configSource' | 'programs' | 'clock'>): FastifyPluginAsyncZod {
  const file = new SettingsFile({ ...configSource, environment: process.env });
  const trials = new MotionTrials(programs.motionTrial, clock);
  return async (app) => {
    app.addHook('onClose', async () => trials.remove());

    app.route({
      method: 'GET',
      url: '/settings/motion-trial',
      config: OF_ADMINS,
      schema: { response: { 200: motionTrialAnswer } },
      handler: async () => ({ trial: trials.current === undefined ? null : jsonOf(trials.current) }),
    });

    app.route({
      method: 'POST',
      url: '/settings/motion-trial',
      config: OF_ADMINS,
      schema: { body: newMotionTrial, response: { 201: motionTrialAnswer } },
      handler: async (request, reply) => {
        const { camera, from, to, version, edits } = request.body;
        if (!config().cameras.some(({ name }) => name === camera)) throw noSuchCamera(camera);
        if (from >= to) throw endBeforeBegin();
        if (to - from > LONGEST_MS) {
          throw new HttpError(400, 'At most 31 days are looked at: choose fewer.', {
            field: 'from',
            reason: { code: 'span-too-long', mostMs: LONGEST_MS },
          });
        }
        // A request's values are those of JSON.
        const triedText = await file
          .textWith(edits as readonly DocumentEdit[], version)
          .catch(refuseSettings);
        const { path: configPath, flags: configFlags } = configSource;
        const trial = trials.start({ configPath, configFlags, triedText, camera, fromMs: from, toMs: to });
        if (trial === undefined) {
          throw new HttpError(409, 'Other settings are being tried: wait for that, or cancel it.', {
            reason: { code: 'trial-busy' },
          });
        }
        request.audit({ action: 'saw', camera, what: { kind: 'motion-trial' } });
        return await reply.status(201).send({ trial: jsonOf(trial) });
      },
    });

    app.route({
      method: 'DELETE',
      url: '/settings/motion-trial',
      config: OF_ADMINS,
      handler: async (_, reply) => {
        trials.remove();
        return await reply.status(204).send();
      },
    });
  };
}

function jsonOf(trial: MotionTrial): MotionTrialJson {
  const { state } = trial;
  if (state.kind !== 'done') return { ...trial, state };
  const { counts, rows, files, mediaMs, failures } = state.result;
  const result = {
    counts,
    rows: rows.map(({ verdict, present, tried }) => ({
      verdict,
      present: [...present],
      tried: [...tried],
    })),
    files,
    mediaMs,
    failures: [...failures],
  };
  return { ...trial, state: { kind: 'done', result } };
}
