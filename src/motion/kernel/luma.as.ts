/**
 * Expands limited-range luma in place: `floor((y - 16) * 255 / 219)`, clamped to 0..255. Rounds `bytes` up to 16.
 * With d = y - 16 that is d + floor(d * 36 / 219), and the latter is round((d - 3) * 5386 / 32768) for all d of 0..239.
 */
export function expandLuma(plane: usize, bytes: i32): void {
  const black = i8x16.splat(16);
  const three = i16x8.splat(3);
  const factor = i16x8.splat(5386);
  let p = plane;
  do {
    const d = i8x16.sub_sat_u(v128.load(p), black);
    const low = i16x8.q15mulr_sat_s(i16x8.sub(i16x8.extend_low_i8x16_u(d), three), factor);
    const high = i16x8.q15mulr_sat_s(i16x8.sub(i16x8.extend_high_i8x16_u(d), three), factor);
    v128.store(p, i8x16.add_sat_u(d, i8x16.narrow_i16x8_u(low, high)));
    p += 16;
  } while (p < plane + bytes);
}
