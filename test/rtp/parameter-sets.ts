/** Parameter sets of streams that x264 and x265 made of a test pattern for us, as bare NAL units. */
function nal(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** 1920x1080 (cropped from 1088), 25 fps, Main, two B frames with a pyramid: reorder depth 2. */
export const H264_MAIN_1080 = {
  sps: nal('674d4028eca03c0113f2e022000003000200000300641e30632c'),
  pps: nal('68ee0fc8'),
};
/** 640x360, 15 fps, constrained baseline. */
export const H264_BASELINE_360 = {
  sps: nal('6742c016d900a02ff970110000030001000003001e0f162e48'),
  pps: nal('68cb83cb20'),
};
/** 322x182, 15 fps, Main, full range, no B frames. */
export const H264_MAIN_182 = {
  sps: nal('674d400cd901519e226c05b20000030002000003003c1e285490'),
  pps: nal('68ebc3cb20'),
};
/** 640x360, 10 fps, High 4:2:2 with 10 bits, B frames. */
export const H264_HIGH422_360 = {
  sps: nal('677a0016b6cd940a02ff89c044000003000400000300503c58b658'),
  pps: nal('68ebe3cb22c0'),
};
/** 640x352, 25 fps, High, interlaced. */
export const H264_INTERLACED_352 = {
  sps: nal('6764001eacd940a05b6022000003000200000300643e28532c'),
  pps: nal('68fba3cb22c0'),
};
/** 1920x1080, 25 fps, Main, open GOPs, B frames with a pyramid: reorder depth 2. */
export const H265_MAIN_1080 = {
  vps: nal('40010c01ffff016000000300900000030000030078959409'),
  sps: nal('420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000c84'),
  pps: nal('4401c073c189'),
};
/** 642x362, 10 fps, Main 10, full range, scaling lists on, no B frames. */
export const H265_MAIN10_362 = {
  vps: nal('40010c01ffff02200000030090000003000003003fba0240'),
  sps: nal('42010102200000030090000003000003003fa005220171c448d96e929385e02d810000030001000003000a08'),
  pps: nal('4401c073c189'),
};
