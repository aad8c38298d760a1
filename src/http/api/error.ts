import type { ExpectedValue } from '../../config/expected-value.ts';

/* What a request that was not fulfilled is answered with. */

/** How the test of a camera ended, as the kinds of the errors of its source; `other`: its message tells more. */
export type TestFailure = 'connect' | 'timeout' | 'stall' | 'auth' | 'refused' | 'unsupported' | 'other';

/**
 * Why a request was not fulfilled, for programs and for pages in another language: the code stays what it is, and beside it stands
 * what the message tells. What no form and no button brings about has a message only.
 */
export type ErrorReason =
  | { readonly code: Reasonless }
  | { readonly code: 'throttled'; readonly waitMs: number }
  | { readonly code: 'password-length'; readonly least: number; readonly most: number }
  | { readonly code: 'no-camera'; readonly camera: string }
  | { readonly code: 'too-fine'; readonly leastMs: number }
  | { readonly code: 'log-missing'; readonly path: string }
  | { readonly code: 'log-unreadable'; readonly path: string }
  | { readonly code: 'span-too-long'; readonly mostMs: number }
  | { readonly code: 'exports-full'; readonly mostBytes: number }
  | { readonly code: 'settings-unusable'; readonly problem: string }
  | { readonly code: 'test-failed'; readonly failure: TestFailure; readonly detail: string }
  | { readonly code: 'port-taken'; readonly port: number }
  | { readonly code: 'port-forbidden'; readonly port: number }
  | ExpectedValue;

/** Codes that say all. */
type Reasonless =
  | 'signed-out'
  | 'forbidden'
  | 'bad-name'
  | 'busy'
  | 'beyond-owner'
  | 'last-admin'
  | 'name-taken'
  | 'no-setup'
  | 'password-guessable'
  | 'too-many-tokens'
  | 'wrong-password'
  | 'wrong-present-password'
  | 'gone'
  | 'end-before-begin'
  | 'not-of-event'
  | 'event-goes-on'
  | 'event-kept'
  | 'events-full'
  | 'exports-waiting'
  | 'downloads-busy'
  | 'no-footage'
  | 'no-picture'
  | 'recording-damaged'
  | 'recording-gone'
  | 'picture-failed'
  | 'recorder-away'
  | 'index-away'
  | 'server-failed'
  | 'settings-changed'
  | 'settings-read-only'
  | 'forbidden-address'
  | 'file-address'
  | 'tests-busy'
  | 'trial-busy';

export interface ErrorJson {
  readonly error: {
    /** For people, in English: what was attempted, what was found, what to do. */
    readonly message: string;
    /** The member of the request that is wrong, such as `password`. */
    readonly field?: string;
    readonly reason?: ErrorReason;
  };
}
