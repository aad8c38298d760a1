import { WebSocket, type RawData } from 'ws';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { readMp4 } from '../../src/media/fmp4/reader.ts';
import { LIVE_HEADER_BYTES, LIVE_KIND, type LiveNotice, type LiveTrack } from '../../src/live/protocol.ts';
import type { PrerollProcess } from './preroll-process.ts';
import { findFaults } from './recordings.ts';

/** The web app of a recorder, and its administrator. */
export interface WebSite {
  /** Ends with `/`. */
  readonly url: string;
  readonly cookie: string;
}

/** Makes the first administrator of a recorder that has just been started. */
export async function signUp(preroll: PrerollProcess): Promise<WebSite> {
  await preroll.says('Set up Preroll');
  const [, url = '', token = ''] = /(http:\/\/localhost:\d+\/)setup#([\w-]{43})/.exec(preroll.stderr) ?? [];
  const made = await fetch(`${url}api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'ada', password: 'of no account 7' }),
  });
  const cookie = made.headers.get('set-cookie')?.split(';')[0] ?? '';
  // It listens anew, for the whole network.
  await preroll.says('the web app is at', 2);
  return { url, cookie };
}

/** What a player is shown. */
export interface Watched {
  readonly track: LiveTrack;
  readonly codecs: readonly string[];
  /** What is wrong with the pictures; empty when all decode. */
  readonly faults: readonly string[];
}

export interface WatchOptions {
  /** Pictures and sound; at least so many are watched. */
  readonly fragments: number;
  /** A player that comes before the first sound gets it from the next key picture on: that is waited for. */
  readonly hasSound: boolean;
}

/** Watches a camera as a browser does. */
export async function watchLive(
  { url, cookie }: WebSite,
  cam: string,
  { fragments, hasSound }: WatchOptions,
): Promise<Watched> {
  const origin = url.slice(0, -1);
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/live`, { headers: { cookie, origin } });
  const pieces: Buffer[] = [];
  let track: LiveTrack | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () => {
        const play = {
          t: 'play',
          cam,
          stream: 'main',
          mode: 'mse',
          v: ['avc1', 'hvc1', 'av01'],
          a: ['mp4a'],
        };
        socket.send(JSON.stringify(play));
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`watching ${cam}: the connection was closed`)));
      socket.on('message', (data: RawData, isBinary) => {
        const bytes = Buffer.from(data as Buffer);
        // The server's messages; each member is checked where it is used.
        const notice = isBinary ? undefined : (JSON.parse(bytes.toString()) as LiveNotice);
        if (notice?.t === 'track') track = notice;
        if (notice?.t === 'error') reject(new Error(notice.message));
        if (notice !== undefined) return;
        const isInit = bytes[0] === LIVE_KIND.init;
        if (isInit) pieces.length = 0;
        pieces.push(bytes.subarray(LIVE_HEADER_BYTES));
        socket.send(JSON.stringify({ t: 'ack', seq: bytes.readUInt32BE(4) }));
        if (pieces.length > fragments && (!hasSound || typeof track?.audio === 'string')) resolve();
      });
    });
  } finally {
    socket.removeAllListeners('close');
    socket.terminate();
  }
  if (track === undefined) throw new Error(`watching ${cam}: no track was told`);
  const file = Buffer.concat(pieces);
  const mp4 = await readMp4(memorySource(file));
  const tracks = mp4.header.tracks.map((described) => described.track);
  const video = tracks.find((one) => one.kind === 'video');
  if (video?.kind !== 'video') throw new Error(`watching ${cam}: no video came`);
  return { track, codecs: tracks.map(({ codec }) => codec), faults: findFaults(mp4, video, file) };
}
