import { parseCameraUrl, type CameraUrl } from './camera-url.ts';
import { parseDurationMs } from './quantity.ts';

/*
 * Where a camera's pictures come from, as people write it:
 *
 *   demo: test:                                     the built-in demo camera
 *   rtsp://HOST/PATH                                read by our own client
 *   rtsps:// http:// https:// rtmp:// rtmps:// srt:// udp://   read by libavformat, in a process of its own
 *   0   /dev/video0   usb:0   usb:NAME              a camera of this machine
 *   file:PATH                                       a video file, at its own pace
 *
 * Options follow behind a `#`, with commas between them: `0#size=1280x720,rate=15`. What stands behind the `#` of a
 * URL is never sent to a server, so nothing of a camera's own address is in the way; rtsp:// has no options.
 */
export type CameraAddress =
  | { readonly kind: 'demo' }
  | { readonly kind: 'rtsp'; readonly url: CameraUrl }
  | NetworkAddress
  | DeviceAddress
  | FileAddress;

export interface NetworkAddress {
  readonly kind: 'network';
  readonly protocol: NetworkProtocol;
  /** Without options. */
  readonly url: CameraUrl;
  /** As it was written, without credentials. */
  readonly text: string;
  /** Of single pictures that are asked for again and again. */
  readonly everyMs: number;
}

export type NetworkProtocol = (typeof PROTOCOLS)[number];

export interface DeviceAddress {
  readonly kind: 'device';
  /** Its number, its path below `/dev`, or its name, as `preroll devices` lists them. */
  readonly device: string;
  readonly widthPx: number | undefined;
  readonly heightPx: number | undefined;
  readonly rateFps: number | undefined;
  readonly format: DeviceFormat | undefined;
  /** As it was written. */
  readonly text: string;
}

export type DeviceFormat = (typeof FORMATS)[number];

export interface FileAddress {
  readonly kind: 'file';
  /** As it was written, which may be relative. */
  readonly path: string;
  readonly isLooped: boolean;
  /** As it was written. */
  readonly text: string;
}

/** What stands for an address in a message: what was found, and what to write instead. Shows no password. */
export interface AddressProblem {
  readonly problem: string;
}

export const EXPECTED_ADDRESS = "a camera's address, such as rtsp://192.168.1.20/stream1, 0 or demo:";

const PROTOCOLS = ['rtsps', 'http', 'https', 'rtmp', 'rtmps', 'srt', 'udp'] as const;
const FORMATS = ['mjpeg', 'yuyv', 'h264'] as const;
/** Schemes of other programs by which a camera's address would run one, or reach into this one. */
const REFUSED: ReadonlySet<string> = new Set(
  (
    'exec cmd command sh bash shell ffmpeg gst python echo expr ' +
    'pipe fd concat concatf subfile data tee async cache crypto unix'
  ).split(' '),
);
const DEFAULT_EVERY_MS = 1_000;
const EVERY = { least: 200, most: 3_600_000 };

/** Whoever may name a camera over the network may not look into the files of this machine with it. */
export const FILES_ELSEWHERE =
  'a file of this machine as a camera is written into the configuration file only';

export function isFileAddress(text: string): boolean {
  const address = parseCameraAddress(text);
  return 'kind' in address && address.kind === 'file';
}

/** Reads an address as of the grammar above. */
export function parseCameraAddress(text: string): CameraAddress | AddressProblem {
  if (/\p{Cc}/u.test(text)) return { problem: 'a control character' };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  // C:\yard.mp4
  if (scheme === undefined || scheme.length === 1) return parseWithoutScheme(text);
  const rest = text.slice(scheme.length + 1);
  const protocol = PROTOCOLS.find((known) => known === scheme);
  if (protocol !== undefined) return parseNetwork(protocol, text);
  switch (scheme) {
    case 'rtsp': {
      const url = parseCameraUrl(text);
      return 'problem' in url ? url : { kind: 'rtsp', url };
    }
    case 'demo':
    case 'test':
      return rest === '' ? { kind: 'demo' } : { problem: `something behind ${scheme}:, which stands alone` };
    case 'usb':
      return parseDevice(rest, text);
    case 'file':
      return parseFile(rest, text);
    default:
      return { problem: schemeProblem(scheme) };
  }
}

function schemeProblem(scheme: string): string {
  if (REFUSED.has(scheme)) {
    return `${scheme}:, which is refused: a camera's address starts no program and reads from no other one. Let it serve rtsp:// or http://, or write to a file`;
  }
  return `the unknown scheme ${scheme.slice(0, 20)}:; known are rtsp, ${PROTOCOLS.join(', ')}, usb, file and demo`;
}

function parseWithoutScheme(text: string): CameraAddress | AddressProblem {
  if (/^(\d+|\/dev\/.*)(#.*)?$/.test(text)) return parseDevice(text, text);
  if (/[/\\]|\.[a-z]\w{1,3}$/i.test(text) && !text.includes('@')) {
    return { problem: 'a path; if it is a video file, write file: before it' };
  }
  return { problem: 'no scheme; a camera on the network begins with rtsp:// or http://' };
}

function parseNetwork(protocol: NetworkProtocol, text: string): CameraAddress | AddressProblem {
  const isHttp = protocol === 'http' || protocol === 'https';
  const url = parseCameraUrl(text, [protocol]);
  if ('problem' in url) return url;
  // Not of the text: a password may have a # in it.
  const [address, options] = splitOptions(url.url);
  const read = readOptions(options, isHttp ? { every: readEvery } : {});
  if ('problem' in read) return read;
  return {
    kind: 'network',
    protocol,
    url: { ...url, url: address },
    text: url.url,
    everyMs: read.everyMs ?? DEFAULT_EVERY_MS,
  };
}

/** @param rest behind the scheme. */
function parseDevice(rest: string, text: string): CameraAddress | AddressProblem {
  const [device, options] = splitOptions(rest);
  if (device === '') return { problem: 'usb: without a device; preroll devices lists them' };
  // What is no device is not to be opened as one.
  if (/^[/\\.]/.test(device) && (!device.startsWith('/dev/') || device.includes('..'))) {
    return { problem: 'a device that is not below /dev; preroll devices lists them' };
  }
  const read = readOptions(options, { size: readSize, rate: readRate, format: readFormat });
  if ('problem' in read) return read;
  const { widthPx, heightPx, rateFps, format } = read;
  return { kind: 'device', device, widthPx, heightPx, rateFps, format, text };
}

/** @param rest behind the scheme. */
function parseFile(rest: string, text: string): CameraAddress | AddressProblem {
  const [written, options] = splitOptions(rest);
  const path = written.startsWith('//') ? pathOfUrl(written) : written;
  if (path === undefined || path === '')
    return { problem: 'file: without the path of a file of this machine' };
  const read = readOptions(options, {
    loop: readPlain({ isLooped: true }),
    once: readPlain({ isLooped: false }),
  });
  if ('problem' in read) return read;
  return { kind: 'file', path, isLooped: read.isLooped ?? true, text };
}

/** `///yard/a%20b.mp4` and `//localhost/yard.mp4`; undefined for another host's. */
function pathOfUrl(text: string): string | undefined {
  const [, path] = /^\/\/(?:localhost)?(\/.*)$/i.exec(text) ?? [];
  try {
    const decoded = path === undefined ? undefined : decodeURIComponent(path);
    return decoded === undefined || /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function splitOptions(text: string): readonly [address: string, options: string | undefined] {
  const at = text.indexOf('#');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

interface Options {
  readonly everyMs?: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly rateFps?: number;
  readonly format?: DeviceFormat;
  readonly isLooped?: boolean;
}

/** What an option says, or how it has to look. */
type ReadOption = (value: string) => Options | AddressProblem;

function readOptions(
  text: string | undefined,
  known: Readonly<Record<string, ReadOption>>,
): Options | AddressProblem {
  let options: Options = {};
  if (text === undefined) return options;
  const names = Object.keys(known);
  for (const option of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(option) ?? [];
    const read = Object.hasOwn(known, name) ? known[name] : undefined;
    if (read === undefined) {
      const takes = names.length === 0 ? 'this kind takes none' : `this kind takes ${names.join(', ')}`;
      return { problem: `an unknown option behind #; ${takes}` };
    }
    const found = read(value);
    if ('problem' in found)
      return { problem: `the option ${name} with something else than ${found.problem}` };
    options = { ...options, ...found };
  }
  return options;
}

function readPlain(options: Options): ReadOption {
  return (value) => (value === '' ? options : { problem: 'its name alone' });
}

function readEvery(value: string): Options | AddressProblem {
  const everyMs = parseDurationMs(value);
  return everyMs !== undefined && everyMs >= EVERY.least && everyMs <= EVERY.most
    ? { everyMs }
    : { problem: 'a duration from 200ms to 1h, such as every=2s' };
}

function readSize(value: string): Options | AddressProblem {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(value) ?? [];
  const [widthPx, heightPx] = [Number(width), Number(height)];
  return widthPx >= 16 && heightPx >= 16 && widthPx <= 8_192 && heightPx <= 8_192
    ? { widthPx, heightPx }
    : { problem: 'width and height, such as size=1280x720' };
}

function readRate(value: string): Options | AddressProblem {
  const rateFps = /^\d{1,3}(\.\d{1,3})?$/.test(value) ? Number(value) : 0;
  return rateFps > 0 && rateFps <= 240
    ? { rateFps }
    : { problem: 'pictures a second up to 240, such as rate=15' };
}

function readFormat(value: string): Options | AddressProblem {
  const format = FORMATS.find((known) => known === value);
  return format === undefined ? { problem: `one of ${FORMATS.join(', ')}` } : { format };
}
