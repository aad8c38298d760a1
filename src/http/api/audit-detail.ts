import { z } from 'zod';
import { PLAIN_AUDIT_KINDS } from '../../account/audit-detail.ts';
import { ROLES } from '../../account/user.ts';

const moment = z.number();
const name = z.string();
const role = z.enum(ROLES);

/** What somebody did or saw, as far as action and camera do not say it: as `AuditDetail` of `src/account`. */
export const auditDetail = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(PLAIN_AUDIT_KINDS) }),
  z.object({ kind: z.literal('motion-at'), atMs: moment }),
  z.object({ kind: z.literal('span'), fromMs: moment, toMs: moment }),
  z.object({ kind: z.enum(['event', 'note', 'kept', 'kept-no-longer']), triggerMs: moment }),
  z.object({ kind: z.enum(['file', 'account', 'account-password', 'token']), name }),
  z.object({ kind: z.enum(['account-made', 'token-made']), name, role }),
  z.object({ kind: z.literal('account-rights'), name, role, cameras: z.array(name).readonly().nullable() }),
  z.object({ kind: z.literal('export'), cameras: z.array(name).readonly() }),
  z.object({ kind: z.literal('settings'), paths: z.array(z.string()).readonly() }),
]);

export type AuditDetailJson = z.infer<typeof auditDetail>;
