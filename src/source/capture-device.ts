import { Device } from 'node-av/lib';
import { SourceError } from '../camera/source-error.ts';

/** FFmpeg's name of the platform's way to cameras. */
export function captureFormat(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return 'avfoundation';
  return platform === 'win32' ? 'dshow' : 'v4l2';
}

/**
 * What the platform's capture calls a device.
 * @param device its number, its path or its name.
 * @throws SourceError `connect` if it is not there.
 */
export function findDevice(device: string): string {
  if (device.startsWith('/dev/')) return device;
  // V4L2 numbers its devices itself, and there may be gaps.
  if (captureFormat() === 'v4l2' && /^\d+$/.test(device)) return `/dev/video${device}`;
  const cameras = Device.listSync().filter(({ type }) => type === 'video');
  const found = /^\d+$/.test(device)
    ? cameras[Number(device)]
    : cameras.find(({ name, description }) => name === device || description === device);
  if (found === undefined) {
    const known = cameras.map(({ description }) => description).join(', ');
    const there = known === '' ? 'this machine has no camera' : `the cameras of this machine are ${known}`;
    throw new SourceError('connect', `looking for the camera ${device}, found none: ${there}`);
  }
  return captureFormat() === 'dshow' ? `video=${found.name}` : found.name;
}
