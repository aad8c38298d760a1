import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { User } from '../../src/account/user.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { SocketLink } from '../../src/control/recorder-link.ts';
import { enforceAccess } from '../../src/http/access.ts';
// For what it adds to requests.
import type {} from '../../src/http/web-server.ts';
import { liveRoutes } from '../../src/http/routes/live.ts';
import { FollowedRecorder } from '../../src/live/followed-recorder.ts';

/*
 * The live part of the web server in a process of its own, as the recorder runs it, for a user who may see everything:
 * server.js CONTROL_SOCKET. Prints its port.
 */

const [path = ''] = process.argv.slice(2);
const link = new SocketLink({ kind: 'file', path });
const followed = new FollowedRecorder({ link, clock: systemClock, log: silentLog });
followed.start();
const app = fastify();
await app.register(websocket);
const user = new User({
  id: 1,
  name: 'bench',
  role: 'viewer',
  cameras: null,
  credential: { kind: 'session', id: 1 },
});
enforceAccess(app, () => user);
app.decorateRequest('audit', () => undefined);
await app.register(liveRoutes({ link, followed, clock: systemClock, log: silentLog }), { prefix: '/api' });
const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
process.stdout.write(`${url.port}\n`);
