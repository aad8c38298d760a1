import type { Orientation } from '../base/orientation.ts';
import { TrackOrienter } from '../media/orientation.ts';
import { isVideo, type Packet } from '../media/packet.ts';
import type { PacketSource } from './stream.ts';

/** The source, its pictures' tracks saying how they are to be shown. */
export function oriented(source: PacketSource, orientation: Orientation | undefined): PacketSource {
  if (orientation === undefined) return source;
  const orienter = new TrackOrienter();
  const orient = (packet: Packet) =>
    isVideo(packet) ? { ...packet, track: orienter.orient(packet.track, orientation) } : packet;
  return {
    play: (onPacket, signal) => source.play((packet, ageMs) => onPacket(orient(packet), ageMs), signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
