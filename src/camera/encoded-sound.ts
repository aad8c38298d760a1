import type { Log } from '../base/log.ts';
import { isSampled, type SampledTrack } from '../media/packet.ts';
import type { SoundIntake, SoundProcess } from '../sound/sound-process.ts';
import type { PacketSource } from './stream.ts';

/** A source with the sound encoded on the way that no recording can hold as it comes. Pictures never wait for it. */
export function withEncodedSound(source: PacketSource, process: SoundProcess, log: Log): PacketSource {
  return {
    play: async (onPacket, signal) => {
      let encoded: { readonly track: SampledTrack; readonly sound: SoundIntake } | undefined;
      try {
        await source.play((packet, ageMs) => {
          const { track } = packet;
          if (!isSampled(track)) {
            onPacket(packet, ageMs);
            return;
          }
          if (encoded?.track !== track) {
            encoded?.sound[Symbol.dispose]();
            encoded = { track, sound: process.encode(track, onPacket, log) };
          }
          encoded.sound.push(packet);
        }, signal);
      } finally {
        encoded?.sound[Symbol.dispose]();
      }
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
