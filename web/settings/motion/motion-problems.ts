import { ApiError } from '../../api/api-error.ts';
import type { Area } from './areas.ts';

/** Why a zone's name cannot be written. */
export function nameProblem(area: Area, areas: readonly Area[]): 'missing' | 'taken' | undefined {
  if (area.kind !== 'zone') return undefined;
  const name = area.name.trim().toLowerCase();
  if (name === '') return 'missing';
  const isTaken = areas.some(
    (other) => other.id !== area.id && other.kind === 'zone' && other.name.trim().toLowerCase() === name,
  );
  return isTaken ? 'taken' : undefined;
}

/**
 * Which part of the settings the server refused.
 * @param path of the camera's motion settings: `cameras.yard.motion`.
 */
export function refusedPart(
  error: unknown,
  path: string,
  areas: readonly Area[],
): Area | 'detector' | 'sensitivity' | undefined {
  if (!(error instanceof ApiError) || error.field?.startsWith(`${path}.`) !== true) return undefined;
  const rest = error.field.slice(path.length + 1);
  if (rest === 'detector' || rest === 'sensitivity') return rest;
  const masks = areas.filter(({ kind }) => kind === 'mask');
  const [, place] = /^masks\.(\d+)(?:\.|$)/.exec(rest) ?? [];
  if (place !== undefined) return masks[Number(place)];
  return areas.find(
    ({ kind, name }) =>
      kind === 'zone' && (rest === `zones.${name.trim()}` || rest.startsWith(`zones.${name.trim()}.`)),
  );
}
