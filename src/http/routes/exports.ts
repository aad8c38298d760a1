import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { User } from '../../account/user.ts';
import { wallMs } from '../../base/time.ts';
import {
  exportFileParams,
  exportJson,
  exportParams,
  exportsAnswer,
  newExport,
  type ExportJson,
} from '../api/exports.ts';
import { MOST_BYTES, type ExportJob } from '../export-jobs.ts';
import { endBeforeBegin, HttpError, notThere } from '../http-error.ts';
import type { WebServices } from '../services.ts';
import { visibleCameras } from '../visible-cameras.ts';

const LONGEST_MS = 31 * 86_400_000;
const OF_OPERATORS = { access: { role: 'operator' } } as const;

/** Exports: asked for, watched, downloaded, deleted. */
export function exportRoutes(
  services: Pick<WebServices, 'config' | 'index' | 'exports'>,
): FastifyPluginAsyncZod {
  const { exports: jobs } = services;

  /** @throws HttpError where there is none that the user may see. */
  const requireJob = (id: string, user: User): ExportJob => {
    const job = jobs.find(id);
    if (job === undefined || !maySee(job, user)) {
      throw notThere('no such export: it may have been deleted');
    }
    return job;
  };

  return async (app) => {
    app.route({
      method: 'GET',
      url: '/exports',
      config: OF_OPERATORS,
      schema: { response: { 200: exportsAnswer } },
      handler: async ({ user }, reply) => {
        void reply.header('cache-control', 'no-store');
        return {
          exports: jobs
            .all()
            .filter((job) => maySee(job, user))
            .map(jsonOf),
        };
      },
    });

    app.route({
      method: 'POST',
      url: '/exports',
      config: OF_OPERATORS,
      schema: { body: newExport, response: { 201: exportJson } },
      handler: async (request, reply) => {
        const { body, user } = request;
        const { from, to, gaps } = body;
        if (from >= to) throw endBeforeBegin();
        if (to - from > LONGEST_MS) {
          throw new HttpError(400, 'An export is at most 31 days long: make several.', {
            field: 'to',
            reason: { code: 'span-too-long', mostMs: LONGEST_MS },
          });
        }
        const cameras = await visibleCameras(services, user, body.cameras);
        const span = { fromWallMs: wallMs(from), toWallMs: wallMs(to) };
        const added = jobs.add({ userId: user.id, user: user.name, cameras, ...span, gaps });
        if (added === 'full') {
          throw new HttpError(409, 'The exports that are kept take 100 GB: delete some of them first.', {
            reason: { code: 'exports-full', mostBytes: MOST_BYTES },
          });
        }
        if (added === 'busy') {
          throw new HttpError(409, 'Too many exports wait to be made: wait for some of them.', {
            reason: { code: 'exports-waiting' },
          });
        }
        for (const camera of cameras) {
          request.audit({ action: 'exported', camera, what: { kind: 'span', fromMs: from, toMs: to } });
        }
        return await reply.status(201).send(jsonOf(requireJob(added.id, user)));
      },
    });

    app.route({
      method: 'DELETE',
      url: '/exports/:id',
      config: OF_OPERATORS,
      schema: { params: exportParams, response: { 200: z.object({}) } },
      handler: async (request) => {
        const { id, cameras } = requireJob(request.params.id, request.user);
        await jobs.remove(id);
        request.audit({ action: 'deleted', what: { kind: 'export', cameras } });
        return {};
      },
    });

    app.route({
      method: 'GET',
      url: '/exports/:id/files/:name',
      config: OF_OPERATORS,
      schema: { params: exportFileParams },
      handler: async (request, reply) => {
        const { id, name } = request.params;
        const job = requireJob(id, request.user);
        const path = jobs.pathOf(job, name);
        const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
        if (path === undefined || found === undefined) {
          throw notThere('no such file in this export: it may have been deleted');
        }
        request.audit({ action: 'exported', what: { kind: 'file', name } });
        return await reply
          .header('cache-control', 'no-store')
          .header('content-length', found.size)
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
          .type('video/mp4')
          .send(createReadStream(path));
      },
    });
  };
}

/** Somebody sees his own, an administrator all; and nobody what is of a camera that he may not see. */
function maySee(job: ExportJob, user: User): boolean {
  return (job.userId === user.id || user.may('admin')) && job.cameras.every((camera) => user.maySee(camera));
}

function jsonOf(job: ExportJob): ExportJson {
  const { id, user, createdWallMs, cameras, fromWallMs, toWallMs, gaps, outcome, progress } = job;
  return {
    id,
    user,
    createdMs: createdWallMs,
    cameras: [...cameras],
    fromMs: fromWallMs,
    toMs: toWallMs,
    gaps,
    state: outcome?.state ?? (progress === undefined ? 'waiting' : 'working'),
    progress: outcome === undefined ? (progress ?? 0) : 1,
    files: (outcome?.files ?? []).map((file) => ({ ...file })),
    problems: [...(outcome?.problems ?? [])],
  };
}
