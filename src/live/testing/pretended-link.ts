import { wallMs } from '../../base/time.ts';
import type { ChangeJson, ExplainedJson, MotionJson } from '../../control/changes.ts';
import type { ControlError } from '../../control/control-error.ts';
import type { PacketRecord } from '../../media/packet-records.ts';
import type { RecorderLink, WatchedStream } from '../../control/recorder-link.ts';
import type { Packet } from '../../media/packet.ts';

/** Something of a recorder that is followed. */
export class Followed<Told> {
  readonly tell: (told: Told) => void;
  readonly end: (error: ControlError) => void;
  readonly signal: AbortSignal;
  readonly done: Promise<void>;

  constructor(tell: (told: Told) => void, signal: AbortSignal) {
    this.tell = tell;
    this.signal = signal;
    let end: (error: ControlError) => void = () => undefined;
    this.done = new Promise((resolve, reject) => {
      end = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.end = end;
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }
}

/** A recorder that does what the test says. */
export class PretendedLink implements RecorderLink {
  readonly changes: Followed<ChangeJson>[] = [];
  readonly motion: (Followed<MotionJson> & { readonly camera: string })[] = [];
  readonly explained: (Followed<ExplainedJson> & { readonly camera: string })[] = [];
  readonly streams: (Followed<PacketRecord> & { readonly watched: WatchedStream })[] = [];

  followChanges(onChange: (change: ChangeJson) => void, signal: AbortSignal): Promise<void> {
    const followed = new Followed(onChange, signal);
    this.changes.push(followed);
    return followed.done;
  }

  followMotion(camera: string, onMotion: (motion: MotionJson) => void, signal: AbortSignal): Promise<void> {
    const followed = Object.assign(new Followed(onMotion, signal), { camera });
    this.motion.push(followed);
    return followed.done;
  }

  followExplained(
    camera: string,
    onExplained: (explained: ExplainedJson) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const followed = Object.assign(new Followed(onExplained, signal), { camera });
    this.explained.push(followed);
    return followed.done;
  }

  watch(
    watched: WatchedStream,
    onRecord: (record: PacketRecord) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const followed = Object.assign(new Followed(onRecord, signal), { watched });
    this.streams.push(followed);
    return followed.done;
  }

  /** The stream watched last. */
  get stream(): Followed<PacketRecord> {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('no stream is watched');
    return stream;
  }
}

/** When media time 0 is in tests. */
export const MEDIA_START_MS = Date.UTC(2026, 0, 1, 12);

export function record(packet: Packet): PacketRecord {
  const mediaMs = (packet.pts * 1000) / packet.track.clockRateHz;
  return { kind: 'packet', packet, wallMs: wallMs(MEDIA_START_MS + mediaMs) };
}
