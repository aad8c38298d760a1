import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../src/base/clock.ts';
import type { Clip } from '../../src/demo/clip.ts';
import { formatFrame } from '../../src/rtsp/interleaved.ts';
import type { RtspRequest } from '../../src/rtsp/message.ts';
import { Authenticator, type Authentication } from '../../src/rtsp/server/authenticator.ts';
import {
  respond,
  ScriptedCamera,
  type CameraConnection,
  type Reaction,
} from '../../src/rtsp/testing/scripted-camera.ts';
import { ClipSender } from './clip-sender.ts';

/** As video encoders and satellite receivers describe their streams (RFC 2250, RFC 3551 payload type 33). */
const SDP =
  'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=encoder\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n' +
  'm=video 0 RTP/AVP 33\r\na=rtpmap:33 MP2T/90000\r\na=control:track1\r\n';
const PAYLOAD_TYPE = 33;
const RTP_HEADER_BYTES = 12;

/** Seven packets of a transport stream: what one RTP packet carries. */
const PAYLOAD_BYTES = 1_316;

/**
 * An encoder that serves one MPEG transport stream, picture and sound, over RTSP: our own client does not read that, and FFmpeg's
 * does. Whatever path is asked for, it is the same stream. Over TCP only.
 */
export class TransportStreamCamera implements AsyncDisposable {
  readonly camera: ScriptedCamera;
  readonly #socket: Socket;
  readonly #sender: ClipSender;

  private constructor(camera: ScriptedCamera, socket: Socket, sender: ClipSender) {
    this.camera = camera;
    this.#socket = socket;
    this.#sender = sender;
  }

  static async start(clip: Clip, authentication: Authentication): Promise<TransportStreamCamera> {
    const players = new Set<CameraConnection>();
    const authenticator = new Authenticator(authentication);
    const guarded =
      (reaction: (connection: CameraConnection) => Reaction) =>
      (request: RtspRequest, connection: CameraConnection): Reaction => {
        const challenge = authenticator.challenge(request);
        return challenge === undefined ? reaction(connection) : { status: 401, headers: [challenge] };
      };
    const camera = await ScriptedCamera.start({
      DESCRIBE: guarded(() => ({ body: Buffer.from(SDP) })),
      SETUP: (request, connection) =>
        /TCP/.test(request.headers.get('Transport') ?? '')
          ? guarded(() => ({}))(request, connection)
          : { status: 461 },
      PLAY: (request, connection) => {
        players.add(connection);
        return respond(request);
      },
    });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    let sequence = 0;
    socket.on('message', (payload) => {
      const frame = formatFrame(0, rtpPacket(sequence++, payload));
      for (const { socket: player } of players) if (!player.destroyed) player.write(frame);
    });
    const to = `udp://127.0.0.1:${socket.address().port}?pkt_size=${PAYLOAD_BYTES}`;
    return new TransportStreamCamera(camera, socket, await ClipSender.start({ clip, format: 'mpegts', to }));
  }

  url(path: string): string {
    return this.camera.url(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sender[Symbol.asyncDispose]();
    this.#socket.close();
    await this.camera[Symbol.asyncDispose]();
  }
}

function rtpPacket(sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(RTP_HEADER_BYTES);
  header[0] = 0x80;
  header[1] = PAYLOAD_TYPE;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(Math.round(systemClock.monotonicMs() * 90) >>> 0, 4);
  header.writeUInt32BE(0xca_fe, 8);
  return Buffer.concat([header, payload]);
}
