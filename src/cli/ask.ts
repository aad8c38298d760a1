import { loadControlConfig } from '../config/load.ts';
import type { ErrorJson } from '../control/control-api.ts';
import { askRecorder, type ControlQuestion } from '../control/control-client.ts';
import { ControlError } from '../control/control-error.ts';
import { socketAddress } from '../control/socket-address.ts';
import { CommandError } from './command-error.ts';
import type { ConfigOptions } from './options.ts';

const PATIENCE_MS = 10_000;

/**
 * Asks the recorder of a configuration.
 * @returns what it answered.
 * @throws ConfigError; ControlError when it cannot be reached; CommandError with its reason where it refuses.
 */
export async function ask(options: ConfigOptions, question: ControlQuestion): Promise<unknown> {
  const sources = { path: options.config, environment: process.env, flags: options.set };
  const { path } = await loadControlConfig({ ...sources, isOptional: true });
  const address = socketAddress(path, process.platform);
  const late = AbortSignal.timeout(PATIENCE_MS);
  const { status, body } = await askRecorder(address, question, late).catch((error: unknown) => {
    if (!late.aborted) throw error;
    const asked = `asking the recorder at ${path}`;
    throw new ControlError(
      'no-answer',
      `${asked}: it runs, and has not answered for ${PATIENCE_MS / 1000} s`,
    );
  });
  if (status === 200) return body;
  throw new CommandError('failed', isError(body) ? body.error.message : `the recorder answered ${status}`);
}

/** The question of a camera, whatever letters its name has. */
export function eventQuestion(camera: string, verb: 'start' | 'stop', body: object): ControlQuestion {
  return { method: 'POST', path: `/api/cameras/${encodeURIComponent(camera)}/event/${verb}`, body };
}

function isError(body: unknown): body is ErrorJson {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}
