import { expect, test } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import type { ReencodeConfig } from '../config/config.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { NativeDecoder } from '../decode/native-decoder.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
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

function encoded(packets: readonly VideoPacket[], config: ReencodeConfig): ReencodedPacket[] {
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
  line?.[Symbol.dispose]();
  decoder?.[Symbol.dispose]();
  return made;
}

test.each(['h264', 'h265'] as const)('%s is the same from decoded pictures and from copies', (codec) => {
  const { widthPx, heightPx } = scene;
  const luma = (index: number) => renderScene(scene, index);
  // Decoded pictures of H.264 stay in the decoder's hands too, which predicts from them.
  const clip = encodeClip({ codec: 'h264', widthPx, heightPx, pictures: 20, rateFps: 10, gop: 10, luma });
  const config = { ...PLAIN_ENCODING, codec, encoder: 'software' } as const;
  const uncopied = encoded(clip, config);
  expect(uncopied.map(({ isKey }) => isKey)).toEqual(clip.map(({ isKey }) => isKey));
  expect(uncopied).toEqual(encoded(clip, { ...config, hasLabel: true }));
});
