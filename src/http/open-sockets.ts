import type { FastifyInstance } from 'fastify';
import type { User } from '../account/user.ts';

interface OpenSocket {
  readonly user: User;
  /** Ends it at once. */
  readonly end: () => void;
}

/** The WebSockets that are open, each with who asked for it: they last longer than what somebody may. */
export class OpenSockets {
  readonly #sockets = new Set<OpenSocket>();

  /** Remembers those of an instance's routes, once they were let in. */
  watch(app: FastifyInstance): void {
    app.addHook('preHandler', async (request) => {
      if (!request.ws || request.routeOptions.config.access === 'public') return;
      const { socket } = request.raw;
      const open: OpenSocket = { user: request.user, end: () => void socket.destroy() };
      this.#sockets.add(open);
      socket.once('close', () => this.#sockets.delete(open));
    });
  }

  /**
   * Ends those of users who may no longer what they could when they opened them.
   * @param isStill asked once for all sockets of a session that were opened with the same rights: a wall of pictures has one for each.
   */
  endUnless(isStill: (user: User) => boolean): void {
    const asked = new Map<string, boolean>();
    for (const { user, end } of this.#sockets) {
      const { credential, role, cameras } = user;
      const key = JSON.stringify([credential.kind, credential.id, role, cameras]);
      const may = asked.get(key) ?? isStill(user);
      asked.set(key, may);
      if (!may) end();
    }
  }
}
