import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { findEvent } from '../../archive/index-rows.ts';
import { findMounted } from '../../archive/mounted-volume.ts';
import { wallMs, type WallMs } from '../../base/time.ts';
import type { ErrorJson } from '../../control/control-api.ts';
import { askRecorder } from '../../control/control-client.ts';
import { ControlError } from '../../control/control-error.ts';
import type { EventRecord, EventSummary } from '../../db/archive-index.ts';
import { Footage } from '../../playback/footage.ts';
import { PlaybackError } from '../../playback/playback-error.ts';
import {
  allSeenBody,
  eventAnswer,
  eventParams,
  eventsAnswer,
  eventsQuery,
  keptBody,
  noteBody,
  seenBody,
  thumbnailQuery,
} from '../api/events.ts';
import { clipName } from '../clip-name.ts';
import { EventClips } from '../event-clip.ts';
import { EventThumbnails } from '../event-thumbnails.ts';
import { HttpError, notThere } from '../http-error.ts';
import { listEvents, summaryJson } from '../list-events.ts';
import { signalOf } from '../request-signal.ts';
import type { WebServices } from '../services.ts';
import { visibleCameras } from '../visible-cameras.ts';

type EventServices = Pick<WebServices, 'accounts' | 'clock' | 'config' | 'index' | 'pictures' | 'recorder'>;

const ONE = '/events/:camera/:trigger';
const OF_VIEWERS = { access: { role: 'viewer', camera: 'camera' } } as const;
const OF_OPERATORS = { access: { role: 'operator', camera: 'camera' } } as const;
const done = z.object({});
/** Footage of an event is in the index some seconds after it was recorded. */
const FOOTAGE_LAG_MS = 60_000;

export function eventRoutes(services: EventServices): FastifyPluginAsyncZod {
  const { accounts, clock, config, index, pictures } = services;
  const marks = accounts.eventMarks;
  const footage = new Footage({ index, volumes: () => findMounted(config().archive.volumes) });
  const thumbnails = new EventThumbnails({ footage, pictures });
  const clips = new EventClips({ index, config });

  /** @throws HttpError where there is none. */
  const requireEvent = async (camera: string, trigger: number): Promise<EventRecord> => {
    const event = await findEvent(index, camera, wallMs(trigger));
    if (event !== undefined) return event;
    const at = new Date(trigger).toISOString();
    throw notThere(`no event of ${camera} at ${at}: it may have been deleted`);
  };

  return async (app) => {
    app.route({
      method: 'GET',
      url: '/events',
      config: { access: { role: 'viewer' } },
      schema: { querystring: eventsQuery, response: { 200: eventsAnswer } },
      handler: async ({ query, user }, reply) => {
        const cameras = await visibleCameras(services, user, query.camera);
        void reply.header('cache-control', 'no-store');
        return await listEvents({ index, marks, user }, cameras, query);
      },
    });

    app.route({
      method: 'POST',
      url: '/events/seen',
      config: { access: { role: 'viewer' } },
      schema: { body: allSeenBody, response: { 200: done } },
      handler: async ({ body, user }) => {
        marks.setAllSeen(user.id, wallMs(body.until));
        return {};
      },
    });

    app.route({
      method: 'GET',
      url: ONE,
      config: OF_VIEWERS,
      schema: { params: eventParams, response: { 200: eventAnswer } },
      handler: async ({ params, user }, reply) => {
        const event = await requireEvent(params.camera, params.trigger);
        void reply.header('cache-control', 'no-store');
        const summary = summaryJson(marks.of(user.id, [event]), summaryOf(event));
        return { ...summary, score: event.score ?? null, detail: { ...event.detail } };
      },
    });

    app.route({
      method: 'GET',
      url: `${ONE}/thumbnail`,
      config: OF_VIEWERS,
      schema: { params: eventParams, querystring: thumbnailQuery },
      handler: async ({ params, query }, reply) => {
        const event = await requireEvent(params.camera, params.trigger);
        const at = query.at === undefined ? undefined : momentOf(event, query.at);
        const jpeg = await thumbnails.picture(event, query.width, at);
        if (jpeg === undefined) {
          if (!event.isOpen && clock.wallMs() - event.untilWallMs > FOOTAGE_LAG_MS) throw noFootage();
          // It is still to come: nothing is wrong.
          return await reply.status(204).header('cache-control', 'no-store').send();
        }
        return await reply
          .header('cache-control', event.isOpen ? 'private, max-age=5' : 'private, max-age=86400')
          .header('vary', 'cookie')
          .type('image/jpeg')
          .send(Buffer.from(jpeg));
      },
    });

    app.route({
      method: 'GET',
      url: `${ONE}/clip`,
      config: OF_VIEWERS,
      schema: { params: eventParams },
      handler: async (request, reply) => {
        const { camera, trigger } = request.params;
        const event = await requireEvent(camera, trigger);
        const clip = await clips.make(event, signalOf(request)).catch(refuseClip);
        request.audit({ action: 'exported', camera, what: { kind: 'event', triggerMs: trigger } });
        return await reply
          .header('cache-control', 'no-store')
          .header('content-length', clip.sizeBytes)
          .header(
            'content-disposition',
            `attachment; filename*=UTF-8''${encodeURIComponent(clipName(camera, event.triggerWallMs))}`,
          )
          .type('video/mp4')
          .send(clip.stream);
      },
    });

    app.route({
      method: 'PUT',
      url: `${ONE}/seen`,
      config: OF_VIEWERS,
      schema: { params: eventParams, body: seenBody, response: { 200: done } },
      handler: async ({ params, body, user }) => {
        // Of what there is: marks are kept.
        const event = await requireEvent(params.camera, params.trigger);
        marks.setSeen(user.id, event, body.seen);
        return {};
      },
    });

    app.route({
      method: 'PUT',
      url: `${ONE}/note`,
      config: OF_OPERATORS,
      schema: { params: eventParams, body: noteBody, response: { 200: done } },
      handler: async (request) => {
        const { camera, trigger } = request.params;
        const { triggerWallMs } = await requireEvent(camera, trigger);
        const text = request.body.text.trim();
        marks.setNote(
          { camera, triggerWallMs },
          { text, author: request.user.name, atWallMs: clock.wallMs() },
        );
        request.audit({ action: 'changed', camera, what: { kind: 'note', triggerMs: trigger } });
        return {};
      },
    });

    app.route({
      method: 'PUT',
      url: `${ONE}/kept`,
      config: OF_OPERATORS,
      schema: { params: eventParams, body: keptBody, response: { 200: done } },
      handler: async (request) => {
        const { camera, trigger } = request.params;
        const { kept } = request.body;
        await tellRecorder(services, '/api/events/keep', { camera, trigger, kept }, request);
        const what = { kind: kept ? 'kept' : 'kept-no-longer', triggerMs: trigger } as const;
        request.audit({ action: 'changed', camera, what });
        return {};
      },
    });

    app.route({
      method: 'DELETE',
      url: ONE,
      config: OF_OPERATORS,
      schema: { params: eventParams, response: { 200: done } },
      handler: async (request) => {
        const { camera, trigger } = request.params;
        await tellRecorder(services, '/api/events/delete', { camera, trigger }, request);
        const key = { camera, triggerWallMs: wallMs(trigger) };
        marks.setNote(key, { text: '', author: request.user.name, atWallMs: clock.wallMs() });
        request.audit({ action: 'deleted', camera, what: { kind: 'event', triggerMs: trigger } });
        return {};
      },
    });
  };
}

/** The archive is changed by the recorder alone. @throws HttpError with what it says. */
async function tellRecorder(
  { recorder }: EventServices,
  path: string,
  body: object,
  request: FastifyRequest,
): Promise<void> {
  try {
    const { status, body: answer } = await askRecorder(
      recorder,
      { method: 'POST', path, body },
      signalOf(request),
    );
    if (status === 200) return;
    // Our own recorder's.
    const { error } = answer as ErrorJson;
    const code = status === 404 ? 'gone' : error.code;
    throw new HttpError(status, `The recorder refused: ${error.message}.`, { reason: code && { code } });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw new HttpError(503, 'The recorder does not answer, so nothing was changed. Try again in a moment.', {
      reason: { code: 'recorder-away' },
      cause: error,
    });
  }
}

function summaryOf(event: EventRecord): EventSummary {
  const { camera, fromWallMs, untilWallMs, triggerWallMs, isOpen, causes, zones, peakScore, isKept } = event;
  return {
    camera,
    startWallMs: fromWallMs,
    endWallMs: untilWallMs,
    triggerWallMs,
    isOpen,
    causes,
    zones,
    peakScore,
    isKept,
  };
}

/** @throws HttpError for one that is not of the event: whoever sees an event sees no more of the footage by it. */
function momentOf({ fromWallMs, untilWallMs }: EventRecord, at: number): WallMs {
  if (at >= fromWallMs && at <= untilWallMs) return wallMs(at);
  throw new HttpError(400, 'The event shows nothing of that moment.', {
    field: 'at',
    reason: { code: 'not-of-event' },
  });
}

function refuseClip(error: unknown): never {
  if (!(error instanceof PlaybackError) || error.kind !== 'nothing') throw error;
  throw noFootage(error);
}

function noFootage(cause?: unknown): HttpError {
  const message = 'There is no footage of this event any more.';
  return new HttpError(404, message, { reason: { code: 'no-footage' }, cause });
}
