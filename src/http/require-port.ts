import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemCode } from '../base/error.ts';
import { HttpError } from './http-error.ts';

/**
 * For a port that the web server is to have from now on: with one that it cannot have nobody would reach it any more.
 * @throws HttpError where something else listens there, or we may not.
 */
export async function requirePort(port: number): Promise<void> {
  const server = createServer();
  try {
    // Of all addresses, as it is served; those that are taken on one address alone are refused too.
    await once(server.listen(port), 'listening');
  } catch (error) {
    const isForbidden = systemCode(error) === 'EACCES';
    const found = isForbidden ? 'may only be used by root' : 'is in use already';
    throw new HttpError(409, `The web app cannot move to port ${port}: it ${found}. Choose another one.`, {
      field: 'web.port',
      reason: { code: isForbidden ? 'port-forbidden' : 'port-taken', port },
      cause: error,
    });
  } finally {
    server.close();
  }
}
