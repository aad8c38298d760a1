import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { wallMs } from '../../base/time.ts';
import type { TimeZone } from '../../config/folder-template.ts';
import { neighbourEvent } from '../../playback/neighbour-event.ts';
import { neighbourAnswer, neighbourQuery, timelineAnswer, timelineQuery } from '../api/timeline.ts';
import { endBeforeBegin, HttpError } from '../http-error.ts';
import type { WebServices } from '../services.ts';
import { timelineAnswerOf } from '../timeline-answer.ts';
import { visibleCameras } from '../visible-cameras.ts';

type TimelineServices = Pick<WebServices, 'config' | 'index' | 'clock'>;

/** Cells an answer may have, so that no question makes the server tell a year second by second. */
const MOST_CELLS = 20_000;
/** Everything, without cells, may be told of so long. */
const LONGEST_EXACT_MS = 2 * 86_400_000;

export function timelineRoutes(services: TimelineServices): FastifyPluginAsyncZod {
  return async (app) => {
    app.route({
      method: 'GET',
      url: '/timeline',
      config: { access: { role: 'viewer' } },
      schema: { querystring: timelineQuery, response: { 200: timelineAnswer } },
      handler: async ({ query, user }) => {
        const { from, to, camera, resolution } = query;
        if (from >= to) throw endBeforeBegin();
        const longestMs = resolution === 0 ? LONGEST_EXACT_MS : resolution * MOST_CELLS;
        if (to - from > longestMs) {
          const leastMs = Math.ceil((to - from) / MOST_CELLS);
          const message = `For so long a span the resolution has to be ${leastMs} ms or more.`;
          throw new HttpError(400, message, { field: 'resolution', reason: { code: 'too-fine', leastMs } });
        }
        return await timelineAnswerOf(services.index, {
          cameras: await visibleCameras(services, user, camera),
          fromWallMs: wallMs(from),
          toWallMs: wallMs(to),
          resolutionMs: resolution,
          nowWallMs: services.clock.wallMs(),
          timeZone: zoneName(services.config().archive.timeZone),
        });
      },
    });
    app.route({
      method: 'GET',
      url: '/timeline/neighbour',
      config: { access: { role: 'viewer' } },
      schema: { querystring: neighbourQuery, response: { 200: neighbourAnswer } },
      handler: async ({ query, user }) => {
        const found = await neighbourEvent(services.index, {
          cameras: await visibleCameras(services, user, query.camera),
          atWallMs: wallMs(query.at),
          direction: query.direction,
          nowWallMs: services.clock.wallMs(),
        });
        if (found === undefined) return null;
        const { camera, event } = found;
        const { triggerWallMs, startWallMs, endWallMs } = event;
        return { camera, triggerMs: triggerWallMs, startMs: startWallMs, endMs: endWallMs };
      },
    });
  };
}

function zoneName(timeZone: TimeZone): string {
  return timeZone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
