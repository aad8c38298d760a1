import { parseAv1SequenceHeader } from '../../media/av1.ts';
import {
  clockRateOf,
  payloadTypeOf,
  type ServedMedia,
  type ServedSound,
  type ServedVideo,
} from './served-media.ts';

/**
 * The session description (RFC 8866) of a stream. Controls are `*` for the whole and `trackID=n` for a track, both
 * relative to Content-Base.
 */
export function describeMedia(name: string, tracks: readonly ServedMedia[]): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    `s=${name}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    ...tracks.flatMap(describeTrack),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function describeTrack(media: ServedMedia, track: number): string[] {
  const payloadType = payloadTypeOf(track);
  const rtpmap = `${encodingName(media)}/${clockRateOf(media)}${media.kind === 'video' ? '' : `/${media.channels}`}`;
  return [
    `m=${media.kind === 'video' ? 'video' : 'audio'} 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${rtpmap}`,
    ...(media.kind === 'plain-sound' ? [] : [`a=fmtp:${payloadType} ${formatParameters(media)}`]),
    `a=control:trackID=${track}`,
  ];
}

function encodingName(media: ServedMedia): string {
  if (media.kind === 'sound') return 'MPEG4-GENERIC';
  if (media.kind === 'plain-sound') return media.encoding;
  return media.codec.toUpperCase();
}

/** RFC 6184 8.1, RFC 7798 7.1, "RTP Payload Format For AV1" 7.2, RFC 3640 4.1. */
function formatParameters(media: ServedVideo | ServedSound): string {
  if (media.kind === 'video') return videoParameters(media);
  const config = Buffer.from(media.audioSpecificConfig).toString('hex');
  return `streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=${config}`;
}

/** What is told of a codec where its parameter sets come in band only: a default. */
const WITHOUT_SETS = {
  h264: 'packetization-mode=1',
  h265: 'sprop-max-don-diff=0',
  av1: 'profile=0',
} as const;

function videoParameters({ codec, parameterSets }: ServedVideo): string {
  if (parameterSets === undefined) return WITHOUT_SETS[codec];
  if (parameterSets.codec === 'av1') {
    const { profile, levelIndex, tier } = parseAv1SequenceHeader(parameterSets.sequenceHeader);
    return `profile=${profile};level-idx=${levelIndex};tier=${tier}`;
  }
  if (parameterSets.codec === 'h264') {
    const profile = Buffer.from(parameterSets.sps.subarray(1, 4)).toString('hex');
    const sets = [parameterSets.sps, ...parameterSets.pps].map(base64).join(',');
    return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`;
  }
  const { vps, sps, pps } = parameterSets;
  return `sprop-vps=${base64(vps)};sprop-sps=${base64(sps)};sprop-pps=${pps.map(base64).join(',')}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
