import type { WallMs } from '../../base/time.ts';

/** Seconds from the epoch of NTP (1900) to that of Unix (RFC 868). */
const NTP_OFFSET_SECONDS = 2_208_988_800;

/** What a sender report says. */
export interface SenderState {
  readonly ssrc: number;
  readonly wallMs: WallMs;
  /** The RTP time stamp of that moment, 32 bit. */
  readonly timestamp: number;
  readonly packets: number;
  readonly payloadBytes: number;
}

/** An RTCP compound packet of sender report and CNAME (RFC 3550 6.4.1, 6.5). `cname` is ASCII, up to 200 bytes. */
export function buildSenderReport(state: SenderState, cname: string): Buffer {
  const seconds = state.wallMs / 1000 + NTP_OFFSET_SECONDS;
  const whole = Math.floor(seconds);
  // Type, length and text, then at least one zero byte up to a multiple of four.
  const itemBytes = Math.ceil((2 + cname.length + 1) / 4) * 4;
  const report = Buffer.alloc(28 + 8 + itemBytes);
  report[0] = 0x80;
  report[1] = 200;
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(state.ssrc, 4);
  report.writeUInt32BE(whole % 0x1_0000_0000, 8);
  report.writeUInt32BE(Math.floor((seconds - whole) * 0x1_0000_0000), 12);
  report.writeUInt32BE(state.timestamp, 16);
  report.writeUInt32BE(state.packets % 0x1_0000_0000, 20);
  report.writeUInt32BE(state.payloadBytes % 0x1_0000_0000, 24);
  report[28] = 0x81;
  report[29] = 202;
  report.writeUInt16BE(1 + itemBytes / 4, 30);
  report.writeUInt32BE(state.ssrc, 32);
  report[36] = 1;
  report[37] = cname.length;
  report.write(cname, 38, 'latin1');
  return report;
}
