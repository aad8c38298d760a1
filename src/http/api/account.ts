import { z } from 'zod';
import { ROLES } from '../../account/user.ts';
import { auditDetail } from './audit-detail.ts';

const role = z.enum(ROLES);

/** The cameras that are seen; null for all, also those to come. */
const cameras = z.array(z.string().min(1).max(64)).max(1_000).nullable();

const name = z.string().min(1).max(64);
/** Longer than one may be, so that its length is told as what is wrong. */
const password = z.string().min(1).max(1_000);
/** Milliseconds since 1970. */
const moment = z.number().int();
/** Of a session or a token. */
const id = z.number().int();

export type Role = z.infer<typeof role>;

/** `GET api/setup`: whether there is no administrator yet. */
export const setupState = z.object({ isNeeded: z.boolean() });
export type SetupState = z.infer<typeof setupState>;

/** `POST api/setup`: makes the first administrator, who is signed in then. `token` stands behind the # of the set-up link. */
export const setupRequest = z.strictObject({ token: z.string().min(1).max(100), name, password });
export type SetupRequest = z.infer<typeof setupRequest>;

/** `GET api/session`, 401 when nobody is signed in; `POST api/session` and `POST api/setup` answer it too. */
export const session = z.object({ user: z.object({ name, role, cameras }) });
export type Session = z.infer<typeof session>;

/** `POST api/session`: signs in. A wrong password is answered by 400, too many by 429. */
export const signInRequest = z.strictObject({ name, password });
export type SignInRequest = z.infer<typeof signInRequest>;

/** `PUT api/session/password`: changes the own `password`; ends the other sessions. */
export const passwordChange = z.strictObject({ password, newPassword: password });
export type PasswordChange = z.infer<typeof passwordChange>;

/** `GET api/sessions`: the own ones. `DELETE api/sessions/ID` ends one, `DELETE api/sessions` all of them, this one too. */
const oneSession = z.object({
  id,
  createdMs: moment,
  lastSeenMs: moment,
  address: z.string(),
  /** What the browser says that it is: its `User-Agent`. */
  browser: z.string(),
  /** Whether it is the one that asks. */
  isThisOne: z.boolean(),
});
export type SessionJson = z.infer<typeof oneSession>;
export const sessions = z.array(oneSession);

/** `POST api/users`, `PATCH api/users/NAME` answer it; `DELETE api/users/NAME` removes one. */
export const user = z.object({
  name,
  role,
  cameras,
  createdMs: moment,
  /** The last request of a session of his that has not ended; null where there is none. */
  lastSeenMs: moment.nullable(),
});
export type UserJson = z.infer<typeof user>;

/** `GET api/users` */
export const users = z.array(user);

/** `POST api/users` */
export const newUser = z.strictObject({ name, password, role, cameras });
export type NewUser = z.infer<typeof newUser>;

/** `PATCH api/users/NAME`: what is given changes. Another password ends the user's sessions. */
export const userChange = z.strictObject({ role, cameras, password }).partial();
export type UserChange = z.infer<typeof userChange>;

export const userParams = z.object({ name });
export const idParams = z.object({ id: z.coerce.number().int().min(1) });

const token = z.object({
  id,
  name,
  owner: name,
  role,
  cameras,
  createdMs: moment,
  /** Null for never. */
  expiresMs: moment.nullable(),
  /** Null for never. */
  lastUsedMs: moment.nullable(),
});
export type TokenJson = z.infer<typeof token>;

/** `GET api/tokens`: the own ones, an administrator's are everybody's. `DELETE api/tokens/ID` revokes one. */
export const tokens = z.array(token);

/** `POST api/tokens`: no more than its owner may. */
export const newToken = z.strictObject({ name, role, cameras, expiresMs: moment.nullable() });
export type NewToken = z.infer<typeof newToken>;

/** Its answer: the token is shown this once. */
export const madeToken = z.object({ token: z.string() });
export type MadeToken = z.infer<typeof madeToken>;

const auditAction = z.enum(['saw', 'exported', 'changed', 'deleted', 'signed-in', 'signed-out', 'refused']);
export type AuditAction = z.infer<typeof auditAction>;

/** Of `GET api/audit`. */
export const auditQuery = z.object({
  /** The id after which to go on. */
  beforeId: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  user: name.optional(),
  camera: name.optional(),
  action: auditAction.optional(),
});

const auditEntry = z.object({
  id,
  atWallMs: moment,
  /** Of the last of them. */
  lastWallMs: moment,
  /** How often the same happened meanwhile. */
  times: z.number().int(),
  /** Empty for an account that is not there. */
  user: z.string(),
  /** The name of the token; not there for a session. */
  token: z.string().optional(),
  address: z.string(),
  action: auditAction,
  camera: z.string().optional(),
  /** In English. */
  detail: z.string(),
  /** The same for programs and for pages in other languages; not there where it is very long, or older than this. */
  what: auditDetail.optional(),
});
export type AuditEntryJson = z.infer<typeof auditEntry>;

/** The newest first. */
export const audit = z.array(auditEntry);
