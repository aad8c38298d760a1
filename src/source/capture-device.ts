import { existsSync } from 'node:fs';
import { avGetPixFmtName, Device } from 'node-av/lib';
import type { CaptureMode, DeviceList } from '../camera/device-list.ts';
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
  if (device.startsWith('/dev/')) return checkThere(device);
  // V4L2 numbers its devices itself, and there may be gaps.
  if (captureFormat() === 'v4l2' && /^\d+$/.test(device)) return checkThere(`/dev/video${device}`);
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

/** @throws SourceError */
function checkThere(path: string): string {
  if (existsSync(path)) return path;
  throw new SourceError('connect', `looking for ${path}, found nothing; preroll devices lists what there is`);
}

/** The cameras of this machine with what they offer, each mode once. */
export function listDevices(): DeviceList {
  const cameras = Device.listSync().filter(({ type }) => type === 'video');
  return {
    devices: cameras.map(({ name, description }, i) => ({
      address: addressOf(name, i),
      name: description,
      modes: modesOf(name),
    })),
  };
}

/** V4L2 calls its devices by their path, the others by long identifiers. */
function addressOf(name: string, index: number): string {
  return `usb:${/^\/dev\/video(\d+)$/.exec(name)?.[1] ?? index}`;
}

function modesOf(name: string): CaptureMode[] {
  const modes = toldModes(name).map(({ width, height, maxFrameRate, pixelFormat }): CaptureMode => {
    const format = avGetPixFmtName(pixelFormat) ?? 'compressed';
    return { widthPx: width, heightPx: height, rateFps: Math.round(maxFrameRate * 100) / 100, format };
  });
  return [...new Map(modes.map((mode) => [JSON.stringify(mode), mode])).values()];
}

/** Some devices and some capture layers of FFmpeg tell no modes; they are cameras all the same. */
function toldModes(name: string): ReturnType<typeof Device.modesSync> {
  try {
    return Device.modesSync(name);
  } catch {
    return [];
  }
}
