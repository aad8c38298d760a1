/**
 * Sequence headers that libaom 3.6 and SVT-AV1 1.4 wrote of 642x360 pictures, and the head of the `av1C` that ffmpeg 5.1 wrote
 * of each.
 */
export const AV1_HEADERS = {
  main: entry('81010c00', '0a0b0000000cc5036736be4010'),
  main10: entry('81014c00', '0a0b0000000cc5036736be5010'),
  high444: entry('81210000', '0a0b2000000cc5036736be4080'),
  grey: entry('81011c00', '0a0b0000000cc5036736be4a80'),
  professional422: entry('81416800', '0a0b4000000cc5036736be5888'),
  rgb: entry('81210000', '0a0d2000000cc5036736be48086801'),
  svtMain10: entry('81014c00', '0a0b0000000cc5036700be1010'),
  fullRange: entry('81010c00', '0a0b0000000cc5036736be4210'),
} as const;

function entry(configurationHead: string, header: string) {
  return { configurationHead, bytes: new Uint8Array(Buffer.from(header, 'hex')) };
}
