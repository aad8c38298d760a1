import type { CameraSettings, SettingsEdit } from '../../../src/http/api/settings.ts';
import { areasOf, type Area } from './areas.ts';

/** A camera's motion settings as they are drawn and chosen, before they are saved. */
export interface MotionDraft {
  readonly detector: string;
  /** 1..100 */
  readonly sensitivity: number;
  readonly areas: readonly Area[];
}

/** What of a camera's settings tells how motion is found. */
export type MotionPart = Pick<CameraSettings, 'name' | 'motion'>;

/** What has to be changed in the file; what is as it was is left alone, with its comments. */
export function motionEdits({ name, motion }: MotionPart, draft: MotionDraft): readonly SettingsEdit[] {
  const path = (...keys: readonly string[]): string[] => ['cameras', name, 'motion', ...keys];
  return [
    ...(draft.detector === motion.detector ? [] : [set(path('detector'), draft.detector)]),
    ...(draft.sensitivity === motion.sensitivity ? [] : [set(path('sensitivity'), draft.sensitivity)]),
    ...maskEdits(motion.masks, draft.areas, path('masks')),
    ...zoneEdits(areasOf(motion), draft.areas, path('zones')),
  ];
}

function maskEdits(
  saved: CameraSettings['motion']['masks'],
  areas: readonly Area[],
  path: string[],
): SettingsEdit[] {
  const masks = areas.filter(({ kind }) => kind === 'mask').map(written);
  const before = saved.map((corners) => written({ corners }));
  if (isSame(masks, before)) return [];
  return [masks.length === 0 ? { kind: 'remove', path } : set(path, masks)];
}

function zoneEdits(saved: readonly Area[], areas: readonly Area[], path: string[]): SettingsEdit[] {
  const before = saved.filter(({ kind }) => kind === 'zone');
  const zones = areas.filter(({ kind }) => kind === 'zone');
  const gone = before.filter(({ name }) => !zones.some(({ savedName }) => savedName === name));
  if (gone.length > 0 && gone.length === before.length && zones.length === 0)
    return [{ kind: 'remove', path }];
  return [
    ...gone.map(({ name }): SettingsEdit => ({ kind: 'remove', path: [...path, name] })),
    ...zones.flatMap((zone) => {
      const was = before.find(({ name }) => name === zone.savedName);
      return was === undefined ? [newZone(zone, path)] : changedZone(was, zone, path);
    }),
  ];
}

function newZone(zone: Area, path: readonly string[]): SettingsEdit {
  const { sensitivity } = zone;
  const own = sensitivity === undefined ? {} : { sensitivity };
  return set([...path, zone.name.trim()], { polygon: written(zone), ...own });
}

function changedZone(was: Area, zone: Area, path: readonly string[]): SettingsEdit[] {
  const name = zone.name.trim();
  const below = (key: string): string[] => [...path, name, key];
  const sensitivity = (): SettingsEdit =>
    zone.sensitivity === undefined
      ? { kind: 'remove', path: below('sensitivity') }
      : set(below('sensitivity'), zone.sensitivity);
  return [
    ...(name === was.name
      ? []
      : [{ kind: 'rename', path: [...path, was.name], to: name } satisfies SettingsEdit]),
    ...(isSame(written(zone), written(was)) ? [] : [set(below('polygon'), written(zone))]),
    ...(zone.sensitivity === was.sensitivity ? [] : [sensitivity()]),
  ];
}

function written({ corners }: Pick<Area, 'corners'>): number[][] {
  return corners.map(({ x, y }) => [x, y]);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function set(path: string[], value: unknown): SettingsEdit {
  return { kind: 'set', path, value };
}
