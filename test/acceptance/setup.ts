import { makeClips } from './footage.ts';
import { forgetMeasurements, measurementTable } from './measurements.ts';
import { missingRequirements } from './requirements.ts';

/** Vitest's global setup: tells what is missing, makes the clips, and in the end prints what was measured. */
export default async function setup(): Promise<() => void> {
  const missing = missingRequirements();
  if (missing.length > 0) {
    process.stdout.write(`acceptance: skipped, for these are not here: ${missing.join(', ')}\n`);
    return () => undefined;
  }
  forgetMeasurements();
  await makeClips();
  return () => process.stdout.write(`\nMeasured\n${measurementTable()}`);
}
