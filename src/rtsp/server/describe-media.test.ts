import { expect, test } from 'vitest';
import { AV1_HEADERS } from '../../media/testing/av1-headers.ts';
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

test('tells profile, level and tier of AV1, which has its sequence header in band', () => {
  const parameterSets = { codec: 'av1', sequenceHeader: AV1_HEADERS.high444.bytes } as const;
  const [media] = parseSdp(describeMedia('/main', [{ kind: 'video', codec: 'av1', parameterSets }])).media;
  expect(media).toMatchObject({ encoding: 'AV1', clockRateHz: 90_000 });
  expect(Object.fromEntries(media?.fmtp ?? [])).toEqual({ profile: '1', 'level-idx': '1', tier: '0' });
});

test('leaves parameter sets out where they come in band only', () => {
  const [media] = parseSdp(
    describeMedia('/main', [{ kind: 'video', codec: 'h264', parameterSets: undefined }]),
  ).media;
  expect(media?.fmtp.get('sprop-parameter-sets')).toBeUndefined();
  expect(media?.fmtp.get('packetization-mode')).toBe('1');
});
