import { PrerollError } from '../base/error.ts';
import type { Described } from './describe.ts';
import type { Question } from './dialogue.ts';
import type { RtspError } from './error.ts';
import { parseTransport, type TransportAnswer } from './headers.ts';
import type { RtspResponse } from './message.ts';
import type { SdpMedia } from './sdp.ts';
import { UdpTransport } from './udp-transport.ts';
import { controlUris } from './url.ts';

export type TransportKind = 'tcp' | 'udp';

/** RFC 2326 11.3.16 */
const UNSUPPORTED_TRANSPORT = 461;

/** Statuses by which a camera may say that it does not know the URI of a track in that form. */
const UNKNOWN_URI: readonly number[] = [400, 404, 451, 454, 500];

/** The camera does not do this transport, or not to here; another may work. `cause` is what it said. */
export class UnusableTransport extends PrerollError {
  readonly kind = 'transport';
  override readonly cause: RtspError;

  constructor(cause: RtspError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** Where a track's packets come in. */
export type TrackChannel =
  | { readonly kind: 'tcp'; readonly rtp: number; readonly rtcp: number }
  | { readonly kind: 'udp'; readonly sockets: UdpTransport };

/** A track that the camera is ready to send. */
export interface SetTrack {
  readonly media: SdpMedia;
  /** The URI under which it was set up; RTP-Info names it. */
  readonly uri: string;
  readonly channel: TrackChannel;
}

/**
 * Asks SETUP for each track.
 * @throws UnusableTransport when the camera refuses this transport; RtspError otherwise; the signal's reason when it
 * aborts. What was opened is closed again.
 */
export async function setUpTracks(
  described: Described,
  media: readonly SdpMedia[],
  transport: TransportKind,
  signal: AbortSignal,
): Promise<SetTrack[]> {
  const tracks: SetTrack[] = [];
  try {
    for (const one of media) {
      tracks.push(
        transport === 'tcp'
          ? await setUpTcp(described, one, tracks, signal)
          : await setUpUdp(described, one, signal),
      );
    }
    return tracks;
  } catch (error) {
    closeTracks(tracks);
    throw error;
  }
}

/** Closes the UDP sockets of tracks. */
export function closeTracks(tracks: readonly SetTrack[]): void {
  for (const { channel } of tracks) if (channel.kind === 'udp') channel.sockets.close();
}

async function setUpTcp(
  described: Described,
  media: SdpMedia,
  before: readonly SetTrack[],
  signal: AbortSignal,
): Promise<SetTrack> {
  const rtp = before.length * 2;
  const wanted = `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtp + 1}`;
  const { uri, answer } = await demandSetup(described, media, wanted, signal);
  if (answer.interleaved === undefined && answer.serverPorts !== undefined) {
    throw otherTransport(described, 'UDP ports instead of interleaved channels');
  }
  const [rtpChannel, rtcpChannel] = answer.interleaved ?? [rtp, rtp + 1];
  const used = before.flatMap(({ channel }) => (channel.kind === 'tcp' ? [channel.rtp, channel.rtcp] : []));
  // A camera that names the channels of the track before was not thinking: it uses those that we asked for.
  const isTaken = used.includes(rtpChannel) || used.includes(rtcpChannel);
  const channel: TrackChannel = isTaken
    ? { kind: 'tcp', rtp, rtcp: rtp + 1 }
    : { kind: 'tcp', rtp: rtpChannel, rtcp: rtcpChannel };
  return { media, uri, channel };
}

async function setUpUdp(described: Described, media: SdpMedia, signal: AbortSignal): Promise<SetTrack> {
  const { localAddress, remoteAddress } = described.dialogue.connection;
  const sockets = await openUdp(described, { localAddress, remoteAddress });
  try {
    const wanted = `RTP/AVP;unicast;client_port=${sockets.rtpPort}-${sockets.rtpPort + 1}`;
    const { uri, answer } = await demandSetup(described, media, wanted, signal);
    if (answer.interleaved !== undefined) {
      throw otherTransport(described, 'interleaved channels instead of UDP ports');
    }
    if (answer.serverPorts !== undefined) sockets.aimAt(answer.serverPorts);
    return { media, uri, channel: { kind: 'udp', sockets } };
  } catch (error) {
    sockets.close();
    throw error;
  }
}

async function openUdp(described: Described, ends: Parameters<typeof UdpTransport.open>[0]) {
  try {
    return await UdpTransport.open(ends);
  } catch (cause) {
    const message = 'opening a pair of UDP ports on this machine failed';
    throw new UnusableTransport(described.dialogue.connection.error('connect', message, {}, { cause }));
  }
}

/** Asks SETUP under each form of the track's URI until one is known. */
async function demandSetup(
  { dialogue, base }: Described,
  media: SdpMedia,
  transport: string,
  signal: AbortSignal,
): Promise<{ uri: string; answer: TransportAnswer }> {
  const uris = controlUris(base, media.control);
  for (const [index, uri] of uris.entries()) {
    const question: Question = { method: 'SETUP', uri, headers: [['Transport', transport]] };
    const response = await dialogue.ask(question, signal);
    if (isSuccess(response)) return { uri, answer: parseTransport(response.headers.get('Transport') ?? '') };
    const refusal = dialogue.refusal(question, response);
    if (response.status === UNSUPPORTED_TRANSPORT) throw new UnusableTransport(refusal);
    if (index === uris.length - 1 || !UNKNOWN_URI.includes(response.status)) throw refusal;
  }
  throw new Error('a track has at least one URI');
}

function isSuccess({ status }: RtspResponse): boolean {
  return status >= 200 && status < 300;
}

function otherTransport({ dialogue }: Described, found: string): UnusableTransport {
  return new UnusableTransport(
    dialogue.connection.error('unsupported', `SETUP: the camera answers with ${found}`),
  );
}
