import { ConfigError } from '../config/problem.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { HttpError } from './http-error.ts';

const STATUS = { 'read-only': 409, 'changed-meanwhile': 409, refused: 400 } as const;

/** For `catch`: why settings cannot be read or changed, as it is answered. @throws HttpError; what is none of them as it is. */
export function refuseSettings(error: unknown): never {
  if (error instanceof SettingsError) {
    const { field } = error;
    throw new HttpError(STATUS[error.kind], error.message, field === undefined ? {} : { field });
  }
  if (error instanceof ConfigError) {
    const message = `The configuration cannot be used as it stands, the former one holds: ${error.message}`;
    throw new HttpError(409, message);
  }
  throw error;
}
