import type { CameraSettings, SettingsEdit } from '../../src/http/api/settings.ts';
import type { WrittenAddress } from './camera-address-fields.tsx';

export interface ChangedAddress extends WrittenAddress {
  /** Empty where there is no smaller stream. */
  readonly subUrl: string;
}

type Known = Pick<CameraSettings, 'name' | 'url' | 'subUrl' | 'username'>;

/** What has to be changed of a camera to reach it so; nothing where all is as it was. An empty password stays what it is. */
export function addressEdits(camera: Known, changed: ChangedAddress): SettingsEdit[] {
  const url = changed.url.trim();
  const subUrl = changed.subUrl.trim();
  const { username, password } = changed;
  const isNewLogin = username !== (camera.username ?? '') || password !== '';
  const edit = (key: string, value: string): SettingsEdit => {
    const path = ['cameras', camera.name, key];
    return value === '' ? { kind: 'remove', path } : { kind: 'set', path, value };
  };
  return [
    // Another login may stand in the addresses: they are written without it when it is another one now.
    ...(url !== camera.url || isNewLogin ? [edit('url', url)] : []),
    ...(subUrl !== (camera.subUrl ?? '') || (isNewLogin && subUrl !== '') ? [edit('subUrl', subUrl)] : []),
    ...(isNewLogin ? [edit('username', username)] : []),
    ...(isNewLogin && (password !== '' || username === '') ? [edit('password', password)] : []),
  ];
}
