/**
 * Sample flags of ISO 14496-12 8.8.3.1. A key packet depends on no other; the rest depend on others and are not
 * sync samples.
 */
export const KEY_SAMPLE_FLAGS = 0x02000000;
export const DEPENDENT_SAMPLE_FLAGS = 0x01010000;

/** The `sample_is_non_sync_sample` bit. */
export function isKeySample(flags: number): boolean {
  return (flags & 0x00010000) === 0;
}
