/** What a WebSocket frame carries that holds a whole binary message, unmasked (RFC 6455 5.2). */
export function messageOf(bytes: Uint8Array): Buffer {
  const frame = Buffer.from(bytes);
  const [headBytes, messageBytes] = headOf(frame);
  if (frame[0] !== 0x82 || frame.byteLength !== headBytes + messageBytes) {
    throw new Error(`expected a frame, found ${frame.byteLength} bytes with ${messageBytes} announced`);
  }
  return frame.subarray(headBytes);
}

function headOf(frame: Buffer): readonly [number, number] {
  const short = frame[1] ?? 0;
  if (short < 126) return [2, short];
  return short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
}
