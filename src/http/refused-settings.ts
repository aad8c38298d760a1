import { ConfigError } from '../config/problem.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { ErrorReason } from './api/error.ts';
import { HttpError } from './http-error.ts';

const STATUS = { 'read-only': 409, 'changed-meanwhile': 409, refused: 400 } as const;
const REASON = {
  'read-only': { code: 'settings-read-only' },
  'changed-meanwhile': { code: 'settings-changed' },
  refused: undefined,
} as const satisfies Readonly<Record<SettingsError['kind'], ErrorReason | undefined>>;

/** For `catch`: why settings cannot be read or changed, as it is answered. @throws HttpError; what is none of them as it is. */
export function refuseSettings(error: unknown): never {
  if (error instanceof SettingsError) {
    const { kind, message, field, expected } = error;
    throw new HttpError(STATUS[kind], message, { field, reason: expected ?? REASON[kind] });
  }
  if (error instanceof ConfigError) {
    const message = `The configuration cannot be used as it stands, the former one holds: ${error.message}`;
    throw new HttpError(409, message, { reason: { code: 'settings-unusable', problem: error.message } });
  }
  throw error;
}
