import type { Role } from './user.ts';

/** What somebody did or saw, as far as action and camera do not say it. No secrets. Times in ms since 1970. */
export type AuditDetail =
  | PlainDetail
  | { readonly kind: 'motion-at'; readonly atMs: number }
  | { readonly kind: 'span'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'event' | 'note' | 'kept' | 'kept-no-longer'; readonly triggerMs: number }
  | { readonly kind: 'file' | 'account' | 'account-password' | 'token'; readonly name: string }
  | { readonly kind: 'account-made' | 'token-made'; readonly name: string; readonly role: Role }
  /** `cameras`: null for all. */
  | {
      readonly kind: 'account-rights';
      readonly name: string;
      readonly role: Role;
      readonly cameras: readonly string[] | null;
    }
  | { readonly kind: 'export'; readonly cameras: readonly string[] }
  /** `paths` into the configuration, such as `cameras.yard.motion`. */
  | { readonly kind: 'settings'; readonly paths: readonly string[] };

/** Of a kind that says all. */
interface PlainDetail {
  readonly kind: keyof typeof SENTENCES;
}

const SENTENCES = {
  live: 'live',
  'live-motion': 'live motion',
  recordings: 'recordings',
  snapshot: 'snapshot',
  'motion-trial': 'what other motion settings would have made of it',
  log: 'the log',
  'event-begun': 'event begun',
  'event-ended': 'event ended',
  'own-password': 'own password',
  'by-setup': 'set-up',
  'by-password': 'password',
  here: 'here',
  everywhere: 'everywhere',
  'another-session': 'another session',
  'wrong-password': 'wrong name or password',
};

/** The kinds that say all. */
export const PLAIN_AUDIT_KINDS = Object.keys(SENTENCES) as readonly PlainDetail['kind'][];

/** @returns the same in English. */
export function describeAuditDetail(detail: AuditDetail): string {
  if (isPlain(detail)) return SENTENCES[detail.kind];
  switch (detail.kind) {
    case 'motion-at':
      return `motion at ${iso(detail.atMs)}`;
    case 'span':
      return `${iso(detail.fromMs)} to ${iso(detail.toMs)}`;
    case 'event':
      return `event of ${iso(detail.triggerMs)}`;
    case 'note':
      return `note on the event of ${iso(detail.triggerMs)}`;
    case 'kept':
      return `keeps the event of ${iso(detail.triggerMs)}`;
    case 'kept-no-longer':
      return `keeps no longer the event of ${iso(detail.triggerMs)}`;
    case 'file':
      return `downloaded ${detail.name}`;
    case 'account':
      return `account ${detail.name}`;
    case 'account-password':
      return `account ${detail.name}: password`;
    case 'account-made':
      return `account ${detail.name}: made, ${detail.role}`;
    case 'account-rights':
      return `account ${detail.name}: ${detail.role}, ${describeCameras(detail.cameras)}`;
    case 'token':
      return `token ${detail.name}`;
    case 'token-made':
      return `token ${detail.name}: made, ${detail.role}`;
    case 'export':
      return `an export of ${detail.cameras.join(', ')}`;
    case 'settings':
      return `configuration: ${detail.paths.join(', ')}`;
    default:
      return detail satisfies never;
  }
}

function isPlain(detail: AuditDetail): detail is PlainDetail {
  return Object.hasOwn(SENTENCES, detail.kind);
}

function describeCameras(cameras: readonly string[] | null): string {
  return cameras === null ? 'all cameras' : `cameras ${cameras.join(', ') || 'none'}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
