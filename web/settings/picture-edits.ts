import type { CameraSettings, SettingsEdit } from '../../src/http/api/settings.ts';

export type ShownPicture = Pick<CameraSettings, 'rotate' | 'mirror'>;

/** What has to be changed of a camera for its picture to be shown so. */
export function pictureEdits(
  camera: Pick<CameraSettings, 'name'> & ShownPicture,
  changed: ShownPicture,
): SettingsEdit[] {
  const edit = (key: string, value: number | boolean): SettingsEdit => {
    const path = ['cameras', camera.name, key];
    return value === 0 || value === false ? { kind: 'remove', path } : { kind: 'set', path, value };
  };
  return [
    ...(changed.rotate === camera.rotate ? [] : [edit('rotate', changed.rotate)]),
    ...(changed.mirror === camera.mirror ? [] : [edit('mirror', changed.mirror)]),
  ];
}
