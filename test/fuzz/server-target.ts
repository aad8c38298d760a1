import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { SimulatedClock } from '../../src/base/simulated-clock.ts';
import { formatRequest } from '../../src/rtsp/message.ts';
import { MessageReader } from '../../src/rtsp/message-reader.ts';
import { Authenticator } from '../../src/rtsp/server/authenticator.ts';
import { ServerClient } from '../../src/rtsp/server/client.ts';
import { ServedStream } from '../../src/rtsp/server/served-stream.ts';
import type { UdpPorts } from '../../src/rtsp/server/udp-ports.ts';
import { H264_BASELINE_360 } from '../rtp/parameter-sets.ts';
import { ascii, breedInput, joinBytes, type Breed } from './mutate.ts';
import { inPieces } from './pieces.ts';
import { ensure, type FuzzTarget } from './target.ts';

/** A longer line than this may be answered with one that is too long for a client. */
const MAX_CHECKED_BYTES = 4000;

function question(
  method: string,
  path: string,
  ...headers: readonly (readonly [string, string])[]
): Uint8Array {
  return formatRequest({ method, uri: `rtsp://127.0.0.1:8554${path}`, headers: [['CSeq', '3'], ...headers] });
}

const DIGEST =
  'Digest username="u", realm="Preroll", nonce="00", uri="/main", response="0123", qop=auth, nc=1, cnonce="x"';
const TCP = 'RTP/AVP/TCP;unicast;interleaved=0-1';
const UDP = 'RTP/AVP;multicast,RTP/AVP;unicast;client_port=5000-5001';

const REQUESTS: Breed = {
  corpus: [
    joinBytes(
      question('OPTIONS', '/main'),
      question('DESCRIBE', '/main', ['Accept', 'application/sdp']),
      question('SETUP', '/main/trackID=0', ['Transport', TCP]),
      question('PLAY', '/main', ['Range', 'npt=0-']),
      question('GET_PARAMETER', '/main'),
      question('TEARDOWN', '/main'),
    ),
    joinBytes(
      question('SETUP', '/main/trackID=0', ['Transport', UDP]),
      question('PLAY', '/main'),
      question('PAUSE', '/main'),
    ),
    joinBytes(question('DESCRIBE', '/main', ['Authorization', DIGEST]), question('DESCRIBE', '/other')),
    question('DESCRIBE', '/main', ['Authorization', 'Basic dTpw']),
  ],
  words: [
    ascii('DESCRIBE '),
    ascii('SETUP rtsp://h/main/trackID=9 RTSP/1.0\r\n'),
    ascii('Transport: '),
    ascii('Session: x\r\n'),
    ascii('CSeq: \0\r\n'),
    ascii('interleaved=999'),
    ascii('interleaved=255'),
    ascii('client_port=65535'),
    ascii('response="'),
    ascii(' '),
    ascii('\r'),
    ascii('\r\n'),
    Uint8Array.of(0x24, 1, 0, 8),
  ],
  maxBytes: 80 * 1024,
};

/** The first byte decides in which pieces the client sends, and whether it needs credentials. */
export const serverTarget: FuzzTarget = {
  name: 'server',
  share: 4,
  tolerates: [],
  retainedLimitBytes: 4 * 1024 * 1024,
  generate: (random) => joinBytes(random.bytes(1), breedInput(random, REQUESTS)),
  run: (input) => {
    const first = input[0] ?? 0;
    const socket = new UnpluggedSocket();
    const stream = new ServedStream({ path: '/main', media: [MEDIA] });
    const client = new ServerClient(socket.asSocket(), {
      clock: new SimulatedClock(),
      authenticator: authenticatorOf(first),
      sessionTimeoutMs: 60_000,
      udp: NO_UDP,
      hooks: {},
      find: (uri) =>
        uri.includes('/main') ? { stream, track: uri.includes('trackID=0') ? 0 : undefined } : undefined,
    });
    inPieces(input.subarray(1), first, (piece) => {
      if (!socket.destroyed) socket.emit('data', Buffer.from(piece));
    });
    checkAnswers(socket.written(), input.length);
    client.drop();
    ensure(stream.viewers === 0, 'whoever hangs up is no viewer any more');
    return client;
  },
};

const MEDIA = {
  kind: 'video',
  codec: 'h264',
  parameterSets: { codec: 'h264', sps: H264_BASELINE_360.sps, pps: [H264_BASELINE_360.pps] },
} as const;

/** No media is sent here, so the ports are asked for their number only. */
const NO_UDP = { rtpPort: 6000 } as UdpPorts;

function authenticatorOf(selector: number): Authenticator | undefined {
  const credentials = { username: 'u', password: 'p' };
  if (selector % 4 === 0) return new Authenticator({ scheme: 'digest', hasQop: true, ...credentials });
  return selector % 4 === 1 ? new Authenticator({ scheme: 'basic', ...credentials }) : undefined;
}

function checkAnswers(answers: Uint8Array, inputBytes: number): void {
  ensure(answers.length <= 100 * inputBytes + 4096, 'answers are in proportion to the questions');
  if (inputBytes > MAX_CHECKED_BYTES) return;
  const reader = new MessageReader();
  for (let at = 0; at < answers.length; at = reader.consumedTo) {
    const message = reader.read(answers, at, answers.length);
    ensure(message?.kind === 'response', 'the server answers in whole responses');
  }
}

/** As much of a socket as a `ServerClient` uses, without a network behind it. */
class UnpluggedSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1';
  readonly writableLength = 0;
  destroyed = false;
  #hasEnded = false;
  readonly #writes: Uint8Array[] = [];

  asSocket(): Socket {
    return this as unknown as Socket;
  }

  written(): Uint8Array {
    return Buffer.concat(this.#writes);
  }

  setNoDelay(): this {
    return this;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded) this.emit('error', new Error('write after end'));
    else this.#writes.push(bytes);
    return true;
  }

  end(bytes: Uint8Array): this {
    this.write(bytes);
    this.#hasEnded = true;
    return this;
  }

  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.emit('close');
    return this;
  }
}
