import { crc32 } from 'node:zlib';
import { RtspSyntaxError } from '../../src/rtsp/error.ts';
import { formatFrame, InterleavedReader, MAX_JUNK_BYTES } from '../../src/rtsp/interleaved.ts';
import {
  formatRequest,
  formatResponse,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  MAX_HEAD_LINES,
  type RtspMessage,
} from '../../src/rtsp/message.ts';
import { MessageReader } from '../../src/rtsp/message-reader.ts';
import { baseUri } from '../../src/rtsp/url.ts';
import { ascii, breedInput, joinBytes, type Breed } from './mutate.ts';
import { inPieces } from './pieces.ts';
import { ensure, type FuzzTarget } from './target.ts';
import { checkChallenge, checkHeaders, checkSdp, SDP_CORPUS } from './text-targets.ts';

const READER_LIMIT_BYTES = 2 * (MAX_HEAD_BYTES + MAX_BODY_BYTES) + 256 * 1024;

function answer(
  status: number,
  headers: readonly (readonly [string, string])[],
  body?: Uint8Array,
): Uint8Array {
  return formatResponse({
    status,
    headers: [['CSeq', '1'], ...headers],
    ...(body === undefined ? {} : { body }),
  });
}

function question(method: string, headers: readonly (readonly [string, string])[] = []): Uint8Array {
  return formatRequest({ method, uri: 'rtsp://127.0.0.1:554/main', headers: [['CSeq', '7'], ...headers] });
}

const ANSWERS = [
  answer(200, [['Public', 'OPTIONS, DESCRIBE, SETUP, PLAY']]),
  answer(
    200,
    [
      ['Content-Base', 'rtsp://127.0.0.1/main/'],
      ['Content-Type', 'application/sdp'],
    ],
    SDP_CORPUS[0],
  ),
  answer(401, [
    ['WWW-Authenticate', 'Digest realm="c", nonce="4711", algorithm=MD5, qop="auth"'],
    ['WWW-Authenticate', 'Basic realm="c"'],
  ]),
  answer(200, [
    ['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1'],
    ['Session', '1234;timeout=30'],
  ]),
  answer(200, [
    ['Session', '1234'],
    ['RTP-Info', 'url=rtsp://h/main/trackID=0;seq=17;rtptime=4000'],
  ]),
] as const;

const MESSAGES: Breed = {
  corpus: [
    ...ANSWERS,
    question('OPTIONS'),
    question('SETUP', [['Transport', 'RTP/AVP;unicast;client_port=5000-5001']]),
    ascii(
      'RTSP/1.0 200 OK\nCSeq: 2\n Session: folded\n\tagain\nContent-Length: 3\n\nabcRTSP/1.0 404 Not Found\n\n',
    ),
  ],
  words: [
    ascii('RTSP/1.0 '),
    ascii('\r\n'),
    ascii('\r\n\r\n'),
    ascii('\n'),
    ascii('\n '),
    ascii('Content-Length: 65536\r\n'),
    ascii('Content-Length: 99999999999\r\n'),
    ascii('Content-Length: -1\r\n'),
    ascii('Session: '),
    ascii('WWW-Authenticate: Digest '),
    ascii(': '),
    ascii('\0'),
    ascii('\r'),
    ascii('GET_PARAMETER '),
    Uint8Array.of(0x24, 0, 0, 4),
  ],
  maxBytes: 80 * 1024,
};

/** The first byte decides in which pieces the others are read a second time. */
export const messageTarget: FuzzTarget = {
  name: 'message',
  share: 8,
  tolerates: [],
  retainedLimitBytes: READER_LIMIT_BYTES,
  generate: (random) => joinBytes(random.bytes(1), breedInput(random, MESSAGES)),
  run: (input) => {
    const bytes = input.subarray(1);
    const whole = new MessageLog();
    whole.take(bytes);
    const pieces = new MessageLog();
    inPieces(bytes, input[0] ?? 0, (piece) => pieces.take(piece));
    ensure(
      whole.found.join('\n') === pieces.found.join('\n'),
      'messages are the same in whatever pieces they come',
    );
    for (const message of whole.messages) checkMessage(message);
    return pieces.reader;
  },
};

/** Reads messages until one is malformed, as a connection does. */
class MessageLog {
  readonly reader = new MessageReader();
  readonly messages: RtspMessage[] = [];
  readonly found: string[] = [];
  #hasFailed = false;

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.#hasFailed;) {
      const message = this.#read(bytes, at);
      at = this.reader.consumedTo;
      if (message !== undefined) {
        this.messages.push(message);
        this.found.push(summary(message));
      } else if (this.reader.isAlien) {
        this.found.push('alien');
        this.#hasFailed = true;
      }
      ensure(this.reader.pendingBytes <= MAX_HEAD_BYTES + MAX_BODY_BYTES, 'an unfinished message is bounded');
    }
  }

  #read(bytes: Uint8Array, at: number): RtspMessage | undefined {
    try {
      return this.reader.read(bytes, at, bytes.length);
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#hasFailed = true;
      this.found.push(error.message);
      return undefined;
    }
  }
}

function summary(message: RtspMessage): string {
  const start =
    message.kind === 'request' ? `${message.method} ${message.uri}` : `${message.status} ${message.reason}`;
  return JSON.stringify([start, message.headers.lines, message.body.length, crc32(message.body)]);
}

/** Uses an answer as the client does. */
function checkMessage(message: RtspMessage): void {
  ensure(message.headers.lines.length <= MAX_HEAD_LINES, 'headers are bounded');
  ensure(message.body.length <= MAX_BODY_BYTES, 'a body is bounded');
  if (message.kind === 'request') return;
  ensure(message.status >= 0 && message.status <= 999, 'a status has three digits');
  for (const name of ['Transport', 'Session', 'RTP-Info', 'Public'])
    checkHeaders(message.headers.get(name) ?? '');
  try {
    checkChallenge(message.headers.all('WWW-Authenticate'));
  } catch (error) {
    if (!(error instanceof RtspSyntaxError)) throw error;
  }
  baseUri('rtsp://camera/', { contentBase: message.headers.get('Content-Base'), contentLocation: undefined });
  if (message.body.length > 0) checkSdp(Buffer.from(message.body).toString('utf8'));
}

function frames(count: number): Uint8Array {
  const rtp = (size: number) => {
    const bytes = new Uint8Array(size).fill(0x24);
    bytes.set([0x80, 96]);
    return bytes;
  };
  return joinBytes(...Array.from({ length: count }, (_, at) => formatFrame(at % 3, rtp(12 + (at % 8) * 5))));
}

const STREAMS: Breed = {
  corpus: [
    joinBytes(ANSWERS[0], ANSWERS[1], frames(10)),
    joinBytes(ANSWERS[4], frames(30), question('GET_PARAMETER'), frames(3)),
    joinBytes(frames(3), Uint8Array.of(1, 2, 3, 4, 5), frames(20)),
    joinBytes(frames(110), ascii('stray'), frames(4), ascii('RTSPX'), frames(4)),
  ],
  words: [
    Uint8Array.of(0x24),
    Uint8Array.of(0x24, 0, 0, 0),
    Uint8Array.of(0x24, 1, 0, 2, 0x80, 96),
    Uint8Array.of(0x24, 0, 0xff, 0xff),
    ascii('RTSP/1.0 200 OK\r\n\r\n'),
    ascii('RTSP'),
    ascii('\r\n'),
    ascii('A'),
  ],
  maxBytes: 100 * 1024,
};

/** The first byte decides in which pieces the others are read a second time. */
export const interleavedTarget: FuzzTarget = {
  name: 'interleaved',
  share: 6,
  tolerates: [],
  retainedLimitBytes: READER_LIMIT_BYTES,
  generate: (random) => joinBytes(random.bytes(1), breedInput(random, STREAMS)),
  run: (input) => {
    const bytes = input.subarray(1);
    const whole = new StreamLog();
    whole.take(bytes);
    const pieces = new StreamLog();
    inPieces(bytes, input[0] ?? 0, (piece) => pieces.take(piece));
    // How far a boundary is searched depends on the pieces; what is found does not.
    const isSame = whole.found.join('\n') === pieces.found.join('\n') || bytes.length > MAX_JUNK_BYTES;
    ensure(isSame, 'frames and messages are the same in whatever pieces they come');
    // The reader holds on to its sink; what that noted is not the reader's.
    pieces.found.length = 0;
    return pieces.reader;
  },
};

class StreamLog {
  readonly found: string[] = [];
  readonly reader: InterleavedReader;
  #hasFailed = false;
  #fedBytes = 0;

  constructor() {
    this.reader = new InterleavedReader({
      onFrame: (channel, bytes, from, to) =>
        this.#note(`frame ${channel} ${to - from} ${crc32(bytes.subarray(from, to))}`),
      onMessage: (message) => this.#note(summary(message)),
      onResynchronised: (junkBytes) => this.#note(`junk ${junkBytes}`),
      isPlausibleFrame: (channel, first, second) => channel < 4 && first >> 6 === 2 && (second & 0x7f) === 96,
    });
  }

  take(bytes: Uint8Array): void {
    if (this.#hasFailed) return;
    this.#fedBytes += bytes.length;
    try {
      this.reader.feed(bytes, bytes.length);
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#hasFailed = true;
      this.found.push(error.message);
    }
    ensure(
      this.reader.pendingMessageBytes <= MAX_HEAD_BYTES + MAX_BODY_BYTES,
      'an unfinished message is bounded',
    );
  }

  #note(what: string): void {
    const { positionBytes } = this.reader;
    ensure(positionBytes >= 0 && positionBytes <= this.#fedBytes, 'a position lies in the stream');
    this.found.push(`${positionBytes} ${what}`);
  }
}
