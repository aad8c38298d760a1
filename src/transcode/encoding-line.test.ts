import { expect, test } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import type { ReencodeConfig } from '../config/config.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { VideoDecoder } from '../decode/decoder.ts';
import { NativeDecoder } from '../decode/native-decoder.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import { createI420 } from '../media/i420.ts';
import type { VideoPacket } from '../media/packet.ts';
import { EncodingLine } from './encoding-line.ts';
import type { ReencodedPacket } from './messages.ts';
import { softwareEncoder } from './software-encoder.ts';

const scene: Scene = {
  widthPx: 96,
  heightPx: 56,
  seed: 1,
  noise: 2,
  rectangles: [{ x: 4, y: 6, width: 30, height: 20, dx: 2, dy: 1, shade: 200 }],
};

/** In steps of luma: at their best quality the encoders are not quite without loss. */
const MOST_LOSS = 4;

/** Decodes the packets and encodes what comes out. */
function encodedAgain(packets: readonly VideoPacket[], config: ReencodeConfig): VideoPacket[] {
  const made: ReencodedPacket[] = [];
  let line: EncodingLine | undefined;
  let decoder: NativeDecoder | undefined;
  for (const packet of packets) {
    decoder ??= new NativeDecoder(packet.track);
    decoder.decode(packet, (frame) => {
      const choice = softwareEncoder(config, false);
      line ??= new EncodingLine(frame, { choice, config, onPacket: (coded) => void made.push(coded) });
      line.encode({ frame, isKey: packet.isKey, label: undefined });
    });
  }
  line?.finish();
  const track = line?.track;
  line?.[Symbol.dispose]();
  decoder?.[Symbol.dispose]();
  if (track === undefined) throw new Error('nothing was encoded');
  return made.map(({ isKey, pts, data }) => ({ track, isKey, pts, dts: pts, data }));
}

/** Of each picture, by how much the pixel differs most from what was drawn. */
function greatestErrors(packets: readonly VideoPacket[]): number[] {
  const errors: number[] = [];
  using decoder = new VideoDecoder();
  for (const packet of packets) {
    decoder.decode(packet, (picture) => {
      const shown = createI420(scene.widthPx, scene.heightPx);
      picture.readI420(shown);
      const drawn = renderScene(scene, errors.length);
      errors.push(Math.max(...Array.from(shown.y, (luma, i) => Math.abs(luma - (drawn[i] ?? Number.NaN)))));
    });
  }
  return errors;
}

// What the encoders make of the same pictures differs from time to time, libx264's at least; what they show must not.
test.each([
  ['h264', 'decoded pictures', false],
  ['h264', 'copies', true],
  ['h265', 'decoded pictures', false],
  ['h265', 'copies', true],
] as const)('%s shows what was drawn, from %s', (codec, _what, hasLabel) => {
  const { widthPx, heightPx } = scene;
  const luma = (index: number) => renderScene(scene, index);
  // Decoded pictures of H.264 stay in the decoder's hands too, which predicts from them.
  const clip = encodeClip({ codec: 'h264', widthPx, heightPx, pictures: 20, rateFps: 10, gop: 10, luma });
  const rateControl = { kind: 'quality', quality: 0 } as const;
  const config = { ...PLAIN_ENCODING, codec, encoder: 'software', rateControl, hasLabel } as const;
  const again = encodedAgain(clip, config);
  expect(again.map(({ isKey }) => isKey)).toEqual(clip.map(({ isKey }) => isKey));
  const errors = greatestErrors(again);
  expect(errors).toHaveLength(clip.length);
  expect(Math.max(...errors)).toBeLessThanOrEqual(MOST_LOSS);
});
