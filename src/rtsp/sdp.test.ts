import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSdp } from './sdp.ts';

const SDP = `v=0
o=- 1 1 IN IP4 0.0.0.0
s=Session streamed by "preview"
a=tool:LIVE555 Streaming Media v2013.04.08
a=control:*
m=video 0 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;profile-level-id=640033; sprop-parameter-sets=Z2QAM6zoAoALWQ==,aO48MA==
a=control:trackID=1
m=audio 0 RTP/AVP 97
a=rtpmap:97 mpeg4-generic/16000/2
a=fmtp:97 streamtype=5; mode=AAC-hbr;config=1408; SizeLength=13;
a=control:trackID=2
m=application 0 RTP/AVP 107
a=rtpmap:107 vnd.onvif.metadata/90000
`;

describe('parseSdp', () => {
  it('reads session and tracks', () => {
    const sdp = parseSdp(SDP.replaceAll('\n', '\r\n'));
    expect(sdp).toMatchObject({
      name: 'Session streamed by "preview"',
      tool: 'LIVE555 Streaming Media v2013.04.08',
      control: '*',
    });
    const [video, audio, other] = sdp.media;
    expect(video).toMatchObject({
      type: 'video',
      payloadType: 96,
      encoding: 'H264',
      clockRateHz: 90_000,
      control: 'trackID=1',
    });
    expect(video?.fmtp.get('sprop-parameter-sets')).toBe('Z2QAM6zoAoALWQ==,aO48MA==');
    expect(audio).toMatchObject({
      type: 'audio',
      encoding: 'MPEG4-GENERIC',
      clockRateHz: 16_000,
      channels: 2,
    });
    expect(audio?.fmtp.get('sizelength')).toBe('13');
    expect(other).toMatchObject({ type: 'other', encoding: 'VND.ONVIF.METADATA', control: undefined });
  });

  it('reads the same whatever ends the lines', () => {
    expect(parseSdp(SDP)).toEqual(parseSdp(SDP.replaceAll('\n', '\r\n')));
    expect(parseSdp(SDP)).toEqual(parseSdp(SDP.replaceAll('\n', '\r')));
  });

  it('knows static payload types without rtpmap', () => {
    expect(parseSdp('m=audio 0 RTP/AVP 8\n').media[0]).toMatchObject({ encoding: 'PCMA', clockRateHz: 8000 });
    expect(parseSdp('m=video 0 RTP/AVP 26\n').media[0]).toMatchObject({
      encoding: 'JPEG',
      clockRateHz: 90_000,
    });
    expect(parseSdp('m=video 0 RTP/AVP 99\n').media[0]).toMatchObject({ encoding: '', clockRateHz: 0 });
  });

  it('takes the attributes of the first payload type of several', () => {
    const [media] = parseSdp(
      'm=video 0 RTP/AVP 98 96\na=rtpmap:96 H264/90000\na=rtpmap: 98  H265/90000\n',
    ).media;
    expect(media).toMatchObject({ payloadType: 98, encoding: 'H265' });
  });

  it('takes the rate of video for granted where a camera leaves it out, and the case of letters as it comes', () => {
    const [video, audio] = parseSdp(
      'm=Video 0 RTP/AVP 96\na=rtpmap:96 H264\nm=AUDIO 0 RTP/AVP 97\na=rtpmap:97 L16\n',
    ).media;
    expect(video).toMatchObject({ type: 'video', encoding: 'H264', clockRateHz: 90_000 });
    expect(audio).toMatchObject({ type: 'audio', encoding: 'L16', clockRateHz: 0 });
  });

  it('does not mind attributes before the lines they should follow', () => {
    const sdp = parseSdp(
      'a=control:rtsp://cam/all\nv=0\ns=x\nm=video 0 RTP/AVP 96\na=control:t\na=rtpmap:96 H264/90000\n',
    );
    expect(sdp.control).toBe('rtsp://cam/all');
    expect(sdp.media[0]).toMatchObject({ encoding: 'H264', control: 't' });
  });

  it('takes values with a line separator of Unicode as they are, behind however many blanks', () => {
    const blanks = ' '.repeat(200_000);
    const odd = 'x\u2028y';
    const { name, control, media } = parseSdp(
      `s=${blanks}${odd}\na=control:${odd}\nm=video 0 RTP/AVP 96\na=fmtp:96 ${blanks}config=${odd}\n`,
    );
    expect([name, control, media[0]?.fmtp.get('config')]).toEqual([odd, odd, odd]);
  });

  it('reads at most 16 tracks', () => {
    expect(parseSdp('m=video 0 RTP/AVP 96\n'.repeat(1000)).media).toHaveLength(16);
  });

  it('takes any text, and any truncation of a description', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => void parseSdp(`m=video\n${text}`)));
    for (let length = 0; length < SDP.length; length++) {
      expect(parseSdp(SDP.slice(0, length)).media.length).toBeLessThanOrEqual(3);
    }
  });
});
