import { RtpWriter, packetsOf } from '../../src/rtsp/packetize/rtp-writer.ts';
import type { Random } from './random.ts';

/** What happens to a receiver, one after the other. */
export type Step =
  | { readonly kind: 'rtp' | 'rtcp'; readonly afterMs: number; readonly bytes: Uint8Array }
  /** The last RTP packet `count` more times, each numbered one higher. */
  | { readonly kind: 'repeat'; readonly afterMs: number; readonly count: number }
  | { readonly kind: 'rtp-info'; readonly afterMs: number; readonly rtptime: number }
  | { readonly kind: 'report' | 'flush'; readonly afterMs: number };

const KINDS = ['rtp', 'rtcp', 'repeat', 'rtp-info', 'report', 'flush'] as const;
const STEP_HEADER_BYTES = 4;
/** From here on a byte counts in units of 50 ms. */
const COARSE = 200;

/**
 * Steps as bytes, so that they can be mutated and minimised like any input. A step is its kind, the time since the
 * last one (ms, from 200 on in units of 50), the length of its content (u16), and the content.
 */
export function encodeSteps(steps: readonly Step[]): Uint8Array {
  return new Uint8Array(Buffer.concat(steps.flatMap((step) => [header(step), contentOf(step)])));
}

function header(step: Step): Buffer {
  const content = contentOf(step);
  const after = step.afterMs < COARSE ? step.afterMs : Math.min(255, COARSE + Math.floor(step.afterMs / 50));
  return Buffer.of(KINDS.indexOf(step.kind), after, content.length >> 8, content.length & 0xff);
}

function contentOf(step: Step): Uint8Array {
  if (step.kind === 'rtp' || step.kind === 'rtcp') return step.bytes.subarray(0, 0xffff);
  const number = Buffer.alloc(4);
  if (step.kind === 'repeat') number.writeUInt32BE(step.count);
  if (step.kind === 'rtp-info') number.writeUInt32BE(step.rtptime);
  return step.kind === 'repeat' || step.kind === 'rtp-info' ? number : Buffer.alloc(0);
}

/** The reverse of `encodeSteps` for any bytes at all. */
export function decodeSteps(bytes: Uint8Array): Step[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const steps: Step[] = [];
  for (let at = 0; at + STEP_HEADER_BYTES <= view.length;) {
    const from = at + STEP_HEADER_BYTES;
    const to = Math.min(view.length, from + view.readUInt16BE(at + 2));
    const after = view[at + 1] ?? 0;
    const afterMs = after < COARSE ? after : (after - COARSE) * 50;
    steps.push(decodeStep(view[at] ?? 0, afterMs, view.subarray(from, to)));
    at = to;
  }
  return steps;
}

function decodeStep(selector: number, afterMs: number, content: Buffer): Step {
  const kind = KINDS[selector % KINDS.length] ?? 'flush';
  const number = content.length >= 4 ? content.readUInt32BE(0) : content.length;
  switch (kind) {
    case 'rtp':
    case 'rtcp':
      return { kind, afterMs, bytes: content };
    case 'repeat':
      return { kind, afterMs, count: number };
    case 'rtp-info':
      return { kind, afterMs, rtptime: number };
    case 'report':
    case 'flush':
    default:
      return { kind, afterMs };
  }
}

/** Packs one access unit. */
export type Pack = (writer: RtpWriter, isKey: boolean, timestamp: number) => ReturnType<RtpWriter['finish']>;

/** A healthy stream of a few access units: numbers and times may wrap in its midst, B pictures may be shown earlier. */
export function healthySteps(random: Random, unitTicks: number, clockRateHz: number, pack: Pack): Step[] {
  const writer = new RtpWriter({
    payloadType: 96,
    ssrc: 0x11223344,
    sequence: random.chance(0.3) ? 65_530 : random.integer(0, 65_535),
    channel: 0,
    maxPacketBytes: random.pick([64, 90, 200, 1400]),
  });
  const start = random.chance(0.3) ? 2 ** 32 - 3 * unitTicks : random.next();
  const steps: Step[] = [];
  const units = random.scaled(2, 14);
  const reorders = random.chance(0.2);
  for (let unit = 0; unit < units; unit += 1) {
    const shown = reorders && unit > 0 ? unit + (unit % 2 === 1 ? 1 : -1) : unit;
    const isKey = unit === 0 || random.chance(0.1);
    const packets = packetsOf(pack(writer, isKey, start + shown * unitTicks));
    for (const [order, bytes] of packets.entries()) {
      steps.push({
        kind: 'rtp',
        afterMs: order === 0 ? Math.round((1000 * unitTicks) / clockRateHz) : 0,
        bytes,
      });
    }
  }
  return steps;
}
