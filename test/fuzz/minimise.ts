/**
 * A shorter input that still fails: takes pieces out, halves first, as long as `fails` says so. Asks at most
 * `maxTries` times.
 */
export async function minimise(
  input: Uint8Array,
  fails: (candidate: Uint8Array) => Promise<boolean>,
  maxTries: number,
): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  for (let piece = Math.ceil(best.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < best.length && tries < maxTries; tries += 1) {
      const candidate = new Uint8Array(Buffer.concat([best.subarray(0, at), best.subarray(at + piece)]));
      if (await fails(candidate)) best = candidate;
      else at += piece;
    }
  }
  return best;
}
