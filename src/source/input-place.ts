import { statSync } from 'node:fs';
import type { DeviceAddress, DeviceFormat } from '../config/camera-address.ts';
import type { NetworkInput } from '../config/config.ts';
import type { OpenedRtsp, SourceOrder } from '../camera/source-messages.ts';
import { captureFormat, findDevice } from './capture-device.ts';

/** Where libavformat is sent, and how. */
export interface InputPlace {
  /** Has the password in it: never to be told. */
  readonly url: string;
  /** FFmpeg's name; undefined to find out. */
  readonly format: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** For messages. */
  readonly told: string;
}

/** A camera that says nothing for so long is away. */
export const SILENCE_MS = 8_000;
const SILENCE_US = String(SILENCE_MS * 1_000);

/**
 * What may be found at an address. FFmpeg knows formats that read other files, or show a text file as a picture:
 * whoever may name a camera may not read the machine with it.
 */
const FORMATS =
  'mov,matroska,avi,mpegts,mpeg,flv,live_flv,asf,ogg,nut,h264,hevc,ivf,obu,yuv4mpegpipe,' +
  'mpjpeg,mjpeg,jpeg_pipe,png_pipe,webp_pipe,hls,rtsp';

/** By which a format may go on to other addresses, as playlists do. Never `file` from the network, nor the reverse. */
const PROTOCOLS: Readonly<Record<NetworkInput['protocol'], string>> = {
  rtsps: 'rtsp,rtsps,rtp,rtcp,srtp,udp,tcp,tls',
  http: 'http,https,tcp,tls,crypto',
  https: 'http,https,tcp,tls,crypto',
  rtmp: 'rtmp,tcp',
  rtmps: 'rtmps,rtmp,tcp,tls,https,http',
  srt: 'srt',
  udp: 'udp',
};

const HTTP_OPTIONS = { rw_timeout: SILENCE_US, user_agent: 'preroll' };
const RTMP_OPTIONS = { rw_timeout: SILENCE_US, rtmp_live: 'live' };
const NETWORK_OPTIONS: Readonly<Record<NetworkInput['protocol'], Readonly<Record<string, string>>>> = {
  rtsps: { timeout: SILENCE_US, rtsp_transport: 'tcp' },
  http: HTTP_OPTIONS,
  https: HTTP_OPTIONS,
  rtmp: RTMP_OPTIONS,
  rtmps: RTMP_OPTIONS,
  srt: { timeout: SILENCE_US, connect_timeout: String(SILENCE_MS) },
  udp: { timeout: SILENCE_US, overrun_nonfatal: '1' },
};

const RAW_FORMATS: Readonly<Record<DeviceFormat, string>> = {
  mjpeg: 'mjpeg',
  yuyv: 'yuyv422',
  h264: 'h264',
};
/** FFmpeg's readers of the same, bare. */
const PIPED_FORMATS: Readonly<Record<DeviceFormat, string>> = {
  mjpeg: 'mjpeg',
  yuyv: 'rawvideo',
  h264: 'h264',
};

/** @throws SourceError when there is no such device. */
export function inputPlace({ input, credentials }: SourceOrder): InputPlace {
  if (input.kind === 'device') return devicePlace(input);
  if (input.kind === 'rtsp') return rtspPlace(input, credentials);
  const isFile = input.kind === 'file';
  return {
    url: isFile ? `file:${input.path}` : withCredentials(unnamed(input.url), credentials),
    format: undefined,
    options: {
      format_whitelist: FORMATS,
      protocol_whitelist: isFile ? 'file' : PROTOCOLS[input.protocol],
      ...(isFile ? {} : NETWORK_OPTIONS[input.protocol]),
    },
    told: isFile ? input.text : input.url,
  };
}

/**
 * Where an address ends like a picture file, FFmpeg takes it for a series of files (`image2`, which is not allowed) without looking at what
 * is there. A `#` behind it is never sent, and keeps FFmpeg from that.
 */
function unnamed(url: string): string {
  return /^https?:.*\.(jpe?g|png|webp)$/i.test(url) ? `${url}#` : url;
}

/** As our own client does it: the other transport follows where the camera refuses the first. */
function rtspPlace({ url, transport }: OpenedRtsp, credentials: SourceOrder['credentials']): InputPlace {
  return {
    url: withCredentials(url, credentials),
    format: 'rtsp',
    options: {
      protocol_whitelist: 'rtsp,rtp,udp,tcp',
      timeout: SILENCE_US,
      rtsp_transport: 'udp+tcp',
      ...(transport === 'tcp' ? { rtsp_flags: 'prefer_tcp' } : {}),
      user_agent: 'Preroll',
      // The camera tells its rate to nobody who needs it.
      fpsprobesize: '0',
    },
    told: url,
  };
}

/** @throws SourceError */
function devicePlace({ device, widthPx, heightPx, rateFps, format, text }: DeviceAddress): InputPlace {
  const size =
    widthPx !== undefined && heightPx !== undefined ? { video_size: `${widthPx}x${heightPx}` } : {};
  const rate = rateFps === undefined ? {} : { framerate: String(rateFps) };
  if (isPipe(device)) {
    const options = { ...(format === 'yuyv' ? { ...size, pixel_format: RAW_FORMATS.yuyv } : {}), ...rate };
    return { url: `file:${device}`, format: PIPED_FORMATS[format ?? 'mjpeg'], options, told: text };
  }
  const system = captureFormat();
  const options = { ...size, ...rate, ...formatOption(system, format) };
  return { url: findDevice(device), format: system, options, told: text };
}

/** V4L2 takes codecs and pixel formats alike; the others name pixel formats in an option of their own. */
function formatOption(system: string, format: DeviceFormat | undefined): Readonly<Record<string, string>> {
  if (format === undefined) return {};
  if (system === 'v4l2') return { input_format: RAW_FORMATS[format] };
  if (format === 'yuyv') return { pixel_format: RAW_FORMATS[format] };
  return system === 'dshow' ? { vcodec: RAW_FORMATS[format] } : {};
}

/** Something that stands in a device's place and writes what it would. */
function isPipe(device: string): boolean {
  return statSync(device, { throwIfNoEntry: false })?.isFIFO() === true;
}

function withCredentials(url: string, credentials: SourceOrder['credentials']): string {
  if (credentials === undefined) return url;
  const { username, password } = credentials;
  return url.replace('://', `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}
