import { expect, test } from 'vitest';
import { parseSdp } from '../sdp.ts';
import { describeMedia } from './describe-media.ts';

test('tells H.265 parameter sets by name', () => {
  const parameterSets = {
    codec: 'h265',
    vps: Uint8Array.of(0x40, 1),
    sps: Uint8Array.of(0x42, 1),
    pps: [Uint8Array.of(0x44, 1), Uint8Array.of(0x44, 2)],
  } as const;
  const [media] = parseSdp(describeMedia('/main', [{ kind: 'video', codec: 'h265', parameterSets }])).media;
  expect(media?.encoding).toBe('H265');
  expect(media?.fmtp.get('sprop-vps')).toBe('QAE=');
  expect(media?.fmtp.get('sprop-sps')).toBe('QgE=');
  expect(media?.fmtp.get('sprop-pps')).toBe('RAE=,RAI=');
});

test('leaves parameter sets out where they come in band only', () => {
  const [media] = parseSdp(
    describeMedia('/main', [{ kind: 'video', codec: 'h264', parameterSets: undefined }]),
  ).media;
  expect(media?.fmtp.get('sprop-parameter-sets')).toBeUndefined();
  expect(media?.fmtp.get('packetization-mode')).toBe('1');
});
