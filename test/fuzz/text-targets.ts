import { Authorizer, strongestChallenge } from '../../src/rtsp/auth.ts';
import { RtspSyntaxError } from '../../src/rtsp/error.ts';
import { parsePublic, parseRtpInfo, parseSession, parseTransport } from '../../src/rtsp/headers.ts';
import { formatRequest } from '../../src/rtsp/message.ts';
import { RunOrigin } from '../../src/rtsp/rtp-clock.ts';
import { parseSdp, type SdpMedia } from '../../src/rtsp/sdp.ts';
import { describeMedia } from '../../src/rtsp/server/describe-media.ts';
import { chooseTracks } from '../../src/rtsp/track-choice.ts';
import { TrackReceiver } from '../../src/rtsp/track-receiver.ts';
import { baseUri, controlUris, parseCameraUrl, redactUrl } from '../../src/rtsp/url.ts';
import { H264_MAIN_1080, H265_MAIN_1080 } from '../rtp/parameter-sets.ts';
import { ascii, breedInput, joinBytes, type Breed } from './mutate.ts';
import type { Random } from './random.ts';
import { ensure, type FuzzTarget } from './target.ts';

/** As much as a header's value can have: folded lines join. */
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_SDP_BYTES = 256 * 1024;
const TEXT_LIMIT_BYTES = 4 * 1024 * 1024;

/** What separates, repeats or ends something in one of the texts; U+2028 ends a line for regular expressions only. */
const SEPARATORS = [' ', '\t', '\r', '\n', '\0', ',', ';', '=', ':', '/', '@', '?', '#', '%', '"', '\\', '-'];
const NUMBERS = [
  '0',
  '-1',
  '1',
  '255',
  '256',
  '65535',
  '65536',
  '4294967295',
  '4294967296',
  '9'.repeat(20),
  '1e9',
];
const ODDITIES = [
  '\u2028',
  '\u0085',
  '\u00a0',
  '\u00ff',
  '%00',
  '%zz',
  '%c3%28',
  '::1',
  '[',
  ']',
  '$',
  '__proto__',
];

/** What patterns go back over, many times for one length. */
const TRAPS = {
  fillings: [ascii(' '), ascii('\t'), ascii('/'), ascii('='), ascii('a'), ascii('a,')],
  ends: [ascii('x\u2028y'), ascii('"'), ascii('\0')],
} as const;

function words(...own: readonly string[]): readonly [Uint8Array, ...Uint8Array[]] {
  return [ascii(' '), ...[...SEPARATORS, ...NUMBERS, ...ODDITIES, ...own].map(ascii)];
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

const HEADERS: Breed = {
  corpus: [
    ascii('RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1234ABCD;mode="PLAY"'),
    ascii('RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;source=192.168.1.10'),
    ascii('12345678;timeout=60'),
    ascii(
      'url=rtsp://h/s/trackID=0;seq=9810092;rtptime=3450012,url=rtsp://h/s/trackID=1;seq=1;rtptime=4294967295',
    ),
    ascii('OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER'),
  ],
  words: words('interleaved=', 'server_port=', 'timeout=', ',url=', ';seq=', ';rtptime='),
  ...TRAPS,
  maxBytes: MAX_VALUE_BYTES,
};

export const headersTarget: FuzzTarget = {
  name: 'headers',
  share: 6,
  tolerates: [],
  retainedLimitBytes: TEXT_LIMIT_BYTES,
  generate: (random) => breedInput(random, HEADERS),
  run: (input) => checkHeaders(latin1(input)),
};

/** Reads `value` as each of the headers of an answer. */
export function checkHeaders(value: string): unknown {
  const transport = parseTransport(value);
  for (const number of transport.interleaved ?? []) ensure(isWithin(number, 0, 255), 'a channel is 0..255');
  for (const number of transport.serverPorts ?? []) ensure(isWithin(number, 1, 65_535), 'a port is 1..65535');
  const session = parseSession(value);
  ensure(isWithin(session.timeoutMs, 1000, 3_600_000), 'a session lasts 1 s to an hour');
  const info = parseRtpInfo(value);
  ensure(info.length <= 16, 'RTP-Info has at most 16 entries');
  for (const { sequence = 0, rtptime = 0 } of info) {
    ensure(isWithin(sequence, 0, 0xffff), 'a sequence number has 16 bits');
    ensure(isWithin(rtptime, 0, 0xffff_ffff), 'a time stamp has 32 bits');
  }
  return [transport, session, info, parsePublic(value)];
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

const CHALLENGES: Breed = {
  corpus: [
    ascii('Digest realm="IP Camera(C1234)", nonce="4d6a5f", stale="FALSE"'),
    ascii('Basic realm="/"'),
    ascii(
      'Digest realm="a\\"b", domain="::", qop="auth,auth-int", nonce="x", opaque="y", algorithm=SHA-256-sess',
    ),
    ascii('Basic realm="x", Digest realm="y", nonce="z", algorithm=MD5, qop=auth'),
  ],
  words: words(
    'Digest ',
    'Basic ',
    'realm=',
    'nonce="',
    'qop=',
    'algorithm=',
    'MD5-sess',
    'SHA-256',
    'stale=true',
  ),
  ...TRAPS,
  maxBytes: MAX_VALUE_BYTES,
};

export const challengeTarget: FuzzTarget = {
  name: 'challenge',
  share: 5,
  tolerates: [RtspSyntaxError],
  retainedLimitBytes: TEXT_LIMIT_BYTES,
  generate: (random) => breedInput(random, CHALLENGES),
  run: (input) => checkChallenge(latin1(input).split('\n')),
};

/** Answers the challenge, if there is one, as the client would. */
export function checkChallenge(values: readonly string[]): unknown {
  const challenge = strongestChallenge(values);
  if (challenge === undefined) return undefined;
  const authorizer = new Authorizer({ username: 'us"er', password: 'pässword' }, () => '0123456789abcdef');
  authorizer.accept(challenge);
  const value = authorizer.authorization('DESCRIBE', 'rtsp://camera/stream') ?? '';
  ensure(!value.includes('pässword'), 'credentials never travel in the clear');
  formatRequest({ method: 'DESCRIBE', uri: 'rtsp://camera/stream', headers: [['Authorization', value]] });
  return authorizer;
}

const URLS: Breed = {
  corpus: [
    ascii('rtsp://admin:p%40ss@192.168.1.10:554/Streaming/Channels/101?transportmode=unicast'),
    ascii('rtsp://[fe80::1%25eth0]:8554/cam/realmonitor?channel=1&subtype=0'),
    ascii('rtsp://user:pa:ss/w@rd@camera.local/stream1'),
    ascii('rtsp://10.0.0.7/ch0.h264/'),
    ascii('trackID=1'),
    ascii('rtspu://camera/other/track1'),
  ],
  words: words('rtsp://', '@', '://', '%2F', '../', 'password=', '*', 'trackID='),
  ...TRAPS,
  maxBytes: MAX_VALUE_BYTES,
};

export const urlTarget: FuzzTarget = {
  name: 'url',
  share: 6,
  tolerates: [RtspSyntaxError],
  retainedLimitBytes: TEXT_LIMIT_BYTES,
  generate: (random) => breedInput(random, URLS),
  run: (input) => checkUrl(Buffer.from(input).toString('utf8')),
};

/** Reads `text` as what a camera may give: a base, a control, and the place it redirects to. */
export function checkUrl(text: string): unknown {
  ensure(redactUrl(text).length <= 203, 'what goes into a log line is short');
  const asked = 'rtsp://10.0.0.7:554/main?channel=1';
  const base = baseUri(asked, { contentBase: text, contentLocation: text });
  const uris = [...controlUris(base, text), ...controlUris(asked, text), ...controlUris(base, 'trackID=1')];
  for (const uri of uris) {
    ensure(/^[\x21-\x7e]+$/.test(uri), 'a URI is fit for a request line');
    formatRequest({ method: 'SETUP', uri, headers: [] });
  }
  const { host, port, requestUri } = parseCameraUrl(text);
  ensure(host !== '' && isWithin(port, 1, 65_535), 'a camera has a host and a port');
  ensure(/^rtsp:\/\/[\x21-\x7e]+$/.test(requestUri), 'a request URI is fit for a request line');
  return [uris, requestUri];
}

/** Sessions as our own server describes them, and as cameras do. */
export const SDP_CORPUS: readonly [Uint8Array, ...Uint8Array[]] = [
  ascii(
    describeMedia('Camera', [
      {
        kind: 'video',
        codec: 'h264',
        parameterSets: { codec: 'h264', sps: H264_MAIN_1080.sps, pps: [H264_MAIN_1080.pps] },
      },
      { kind: 'sound', audioSpecificConfig: Uint8Array.of(0x14, 0x08), sampleRateHz: 16_000, channels: 1 },
    ]),
  ),
  ascii(
    describeMedia('Camera', [
      {
        kind: 'video',
        codec: 'h265',
        parameterSets: {
          codec: 'h265',
          vps: H265_MAIN_1080.vps,
          sps: H265_MAIN_1080.sps,
          pps: [H265_MAIN_1080.pps],
        },
      },
    ]),
  ),
  ascii(
    'v=0\no=- 0 0 IN IP4 0.0.0.0\ns=Media Server\na=tool:x\na=control:rtsp://h/s\nm=audio 0 RTP/AVP 8\n' +
      'a=control:track2\nm=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\na=fmtp:96 sprop-max-don-diff=1\n',
  ),
];

const SDP: Breed = {
  corpus: SDP_CORPUS,
  words: words(
    'm=video 0 RTP/AVP 96',
    'm=audio 0 RTP/AVP 0',
    'a=rtpmap:96 ',
    'a=fmtp:96 ',
    'a=control:',
    'H264/90000',
    'MPEG4-GENERIC/48000/2',
    'sizelength=',
    'indexdeltalength=0;',
    'mode=constructor;',
    'config=',
    'sprop-parameter-sets=',
    'packetization-mode=2',
    '\r\n',
  ),
  ...TRAPS,
  maxBytes: MAX_SDP_BYTES,
};

export const sdpTarget: FuzzTarget = {
  name: 'sdp',
  share: 7,
  tolerates: [],
  retainedLimitBytes: 16 * 1024 * 1024,
  generate: (random) => (random.chance(0.01) ? stretchedLine(random) : breedInput(random, SDP)),
  run: (input) => checkSdp(Buffer.from(input).toString('utf8')),
};

/** One line of a description with far too much of the same in it. */
function stretchedLine(random: Random): Uint8Array {
  const start = random.pick([
    's=',
    'a=tool:',
    'a=control:',
    'a=fmtp:96 ',
    'a=rtpmap:96',
    'a=rtpmap:96 H264',
  ] as const);
  const filling = random.pick(TRAPS.fillings);
  const run = Buffer.alloc(random.scaled(1, 250_000), filling);
  const track = random.chance(0.5) ? '' : 'm=video 0 RTP/AVP 96\n';
  return joinBytes(ascii(`${track}${start}`), run, random.pick(TRAPS.ends));
}

/** Reads a description, and makes a receiver of each track that it says is supported. */
export function checkSdp(text: string): unknown {
  const sdp = parseSdp(text);
  ensure(sdp.media.length <= 16, 'a description has at most 16 tracks');
  for (const { payloadType, clockRateHz, channels } of sdp.media) {
    ensure(isWithin(payloadType, -1, 127), 'a payload type is 0..127, or -1 when senseless');
    ensure(isWithin(clockRateHz, 0, 999_999_999), 'a clock rate is a whole number');
    ensure(isWithin(channels, 0, 99), 'channels are a whole number');
  }
  const described = chooseTracks(sdp, true);
  return described.map(({ media, isPlayed }) => (isPlayed ? newReceiver(media) : media));
}

function newReceiver(media: SdpMedia): TrackReceiver {
  return new TrackReceiver({
    media,
    index: 0,
    transport: 'udp',
    run: new RunOrigin({ hasVideo: true }),
    onPacket: () => undefined,
    onProblem: () => undefined,
  });
}
