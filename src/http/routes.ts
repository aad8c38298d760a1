import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { auditRoutes } from './routes/audit.ts';
import { cameraRoutes } from './routes/cameras.ts';
import { changesRoutes } from './routes/changes.ts';
import { explainedRoutes } from './routes/explained.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { footageRoutes } from './routes/footage.ts';
import { layoutRoutes } from './routes/layouts.ts';
import { liveRoutes } from './routes/live.ts';
import { logRoutes } from './routes/logs.ts';
import { manualEventRoutes } from './routes/manual-event.ts';
import { momentRoutes } from './routes/moment.ts';
import { motionTrialRoutes } from './routes/motion-trial.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { setupRoutes } from './routes/setup.ts';
import { systemRoutes } from './routes/system.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';
import { watchedAreaRoutes } from './routes/watched-areas.ts';
import type { WebServices } from './services.ts';

/** Everything below `api/`; a line for each file of `routes/`. */
export function allRoutes(services: WebServices): readonly FastifyPluginAsyncZod[] {
  return [
    auditRoutes(services),
    cameraRoutes(services),
    changesRoutes(services),
    explainedRoutes(services),
    exportRoutes(services),
    footageRoutes(services),
    layoutRoutes(services),
    liveRoutes(services),
    logRoutes(services),
    manualEventRoutes(services),
    momentRoutes(services),
    motionTrialRoutes(services),
    sessionRoutes(services),
    settingsRoutes(services),
    setupRoutes(services),
    systemRoutes(services),
    timelineRoutes(services),
    tokenRoutes(services),
    userRoutes(services),
    eventRoutes(services),
    watchedAreaRoutes(services),
  ];
}
