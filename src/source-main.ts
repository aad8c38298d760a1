import { readFileSync, writeSync } from 'node:fs';
import { systemClock } from './base/clock.ts';
import { describeError, PrerollError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import type { SourceErrorKind } from './camera/source-error.ts';
import { SourceError } from './camera/source-error.ts';
import type { SourceOrder, SourceReport } from './camera/source-messages.ts';
import type { Track } from './media/packet.ts';
import { encodePacketHead, encodeTrack } from './media/packet-records.ts';
import { runSource } from './source/run-source.ts';

/**
 * The program of a source process, which opens one input with libavformat and writes its packets to the standard output.
 * It reads its order from the standard input and then does nothing but wait for packets: it never comes to its event
 * loop, and leaves when it is killed, when nobody reads, or when the input fails.
 */
const told = new Map<number, Track>();
const resting = new Int32Array(new SharedArrayBuffer(4));

/** Nobody tells a sleeping process that its recorder was killed: it looks every so often. */
const LOOK_MS = 2_000;
const recorder = process.ppid;

function sleep(ms: number): void {
  for (let leftMs = ms; leftMs > 0; leftMs -= LOOK_MS) {
    Atomics.wait(resting, 0, 0, Math.min(leftMs, LOOK_MS));
    if (process.ppid !== recorder) process.exit(0);
  }
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The recorder has left.
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      sleep(2);
    }
  }
}

function report(message: SourceReport): void {
  writeSync(2, `${JSON.stringify(message)}\n`);
}

/** The recorder's messages, which say the attempted and the found; never the address with its password. */
function failure(error: unknown): { readonly kind: SourceErrorKind; readonly message: string } {
  if (error instanceof SourceError) return { kind: error.kind, message: error.message };
  if (error instanceof PrerollError) return { kind: 'unsupported', message: describeError(error) };
  throw error;
}

leaveOnlyWhenAsked();
try {
  // Our own recorder writes it.
  const order = JSON.parse(readFileSync(0, 'utf8')) as SourceOrder;
  runSource(order, {
    opened: (stream) => report({ type: 'opened', stream }),
    packet: (packet, takenWallMs) => {
      if (told.get(packet.track.index) !== packet.track) {
        told.set(packet.track.index, packet.track);
        write(encodeTrack(packet.track));
      }
      // In one call, and the recorder wakes once.
      write(Buffer.concat([encodePacketHead(packet, takenWallMs), packet.data]));
    },
    wallMs: () => systemClock.wallMs(),
    seconds: () => systemClock.monotonicMs() / 1000,
    sleep,
  });
} catch (error) {
  report({ type: 'failed', ...failure(error) });
  process.exit(1);
}
