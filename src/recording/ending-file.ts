import type { MediaTicks } from '../base/time.ts';
import { shownAtMs, type Packet } from '../media/packet.ts';
import { isMp4Packet } from './fragment-cutter.ts';
import type { RecordedFile } from './recorded-file.ts';

/** Sound comes later than its pictures by a turn and its encoding. A file waits no longer for it. */
const LATEST_SOUND_MS = 2_000;

/** A file that has all its pictures, and waits for the last of its sound. */
export class EndingFile {
  readonly file: RecordedFile;
  readonly #reason: string;
  readonly endMediaMs: number;
  /** When the picture after its last one is decoded. */
  readonly #next: MediaTicks | undefined;

  /** @param next the picture after its last one, if that is known. */
  constructor(file: RecordedFile, reason: string, next: Packet | undefined) {
    this.file = file;
    this.#reason = reason;
    this.endMediaMs = next === undefined ? file.endMediaMs : shownAtMs(next);
    this.#next = next?.dts;
  }

  /** Takes a packet of its sound from before its end. */
  takes(packet: Packet): boolean {
    const isOfIt = packet.track === this.file.audio && shownAtMs(packet) < this.endMediaMs;
    if (isOfIt && isMp4Packet(packet)) this.file.push(packet);
    return isOfIt;
  }

  /** Whether a packet that it does not take shows that there is no more of its sound. */
  isOverWith(packet: Packet): boolean {
    return packet.track.kind === 'audio' || shownAtMs(packet) >= this.endMediaMs + LATEST_SOUND_MS;
  }

  async finish(): Promise<void> {
    await this.file.finish(this.#reason, this.#next);
  }
}
