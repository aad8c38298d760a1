import { dirname } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { KnownCredentials } from '../../base/redact.ts';
import type { Config } from '../../config/config.ts';
import type { DocumentEdit } from '../../config/edit-document.ts';
import { SettingsFile } from '../../settings/settings-file.ts';
import {
  changeAnswer,
  changeBody,
  probeAnswer,
  probeBody,
  retentionOutlook,
  retentionQuestion,
  settingsAnswer,
} from '../api/settings.ts';
import { CameraTrials } from '../camera-trials.ts';
import { noSuchCamera } from '../http-error.ts';
import { requirePort } from '../require-port.ts';
import { refuseSettings } from '../refused-settings.ts';
import { signalOf } from '../request-signal.ts';
import { retentionOutlookOf } from '../retention-outlook.ts';
import type { WebServices } from '../services.ts';
import { settingsJson } from '../settings-json.ts';

type SettingsServices = Pick<WebServices, 'index' | 'clock' | 'configSource' | 'pictures' | 'programs'>;

const OF_ADMINS = { access: { role: 'admin' } } as const;

export function settingsRoutes({
  clock,
  configSource,
  index,
  pictures,
  programs,
}: SettingsServices): FastifyPluginAsyncZod {
  const file = new SettingsFile({ ...configSource, environment: process.env });
  const trials = new CameraTrials({
    clock,
    pictures,
    sourceProgram: programs.source,
    folder: dirname(configSource.path),
  });

  const credentialsOf = async (name: string): Promise<KnownCredentials | undefined> => {
    const { config } = await file.read().catch(refuseSettings);
    const source = config.cameras.find((camera) => camera.name === name)?.source;
    if (source === undefined) throw noSuchCamera(name);
    const found = source.kind === 'streams' ? source.main.credentials : undefined;
    return found && { username: found.username, password: found.password.reveal() };
  };

  return async (app) => {
    app.route({
      method: 'GET',
      url: '/settings',
      config: OF_ADMINS,
      schema: { response: { 200: settingsAnswer } },
      handler: async (_, reply) => {
        void reply.header('cache-control', 'no-store');
        return settingsJson(await file.read().catch(refuseSettings), configSource.path);
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
        const wanted = edits as readonly DocumentEdit[];
        const before = await file.read().catch(refuseSettings);
        requireCameras(wanted, before.config);
        if (wanted.some(({ path: [section] }) => section === 'web')) {
          const { web } = await file.preview(wanted).catch(refuseSettings);
          if (web.port !== before.config.web.port) await requirePort(web.port);
        }
        const changed = await file.change(wanted, version).catch(refuseSettings);
        const paths = [...new Set(edits.map(({ path }) => path.slice(0, 3).join('.')))];
        request.audit({ action: 'changed', what: { kind: 'settings', paths } });
        return { version: changed };
      },
    });

    app.route({
      method: 'POST',
      url: '/settings/retention-outlook',
      config: OF_ADMINS,
      schema: { body: retentionQuestion, response: { 200: retentionOutlook } },
      handler: async (request) => {
        // As above.
        const edits = request.body.edits as readonly DocumentEdit[];
        const config = await file.preview(edits).catch(refuseSettings);
        return await retentionOutlookOf({ index, config, clock }, signalOf(request));
      },
    });

    app.route({
      method: 'POST',
      url: '/settings/probe',
      config: OF_ADMINS,
      schema: { body: probeBody, response: { 200: probeAnswer } },
      handler: async (request) => {
        const { body } = request;
        const known = body.camera === undefined ? undefined : await credentialsOf(body.camera);
        return await trials.run(body, known, signalOf(request));
      },
    });
  };
}

/** What is set of a camera that somebody has removed meanwhile would make another one of it. */
function requireCameras(edits: readonly DocumentEdit[], { cameras }: Config): void {
  const names = new Set(cameras.map(({ name }) => name));
  for (const edit of edits) {
    const [section, name = ''] = edit.path;
    if (section !== 'cameras') continue;
    if (edit.path.length === 2) names.add(edit.kind === 'rename' ? edit.to : name);
    else if (!names.has(name)) throw noSuchCamera(name);
  }
}
