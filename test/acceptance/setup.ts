import { makeClips } from './footage.ts';
import { forgetMeasurements, measurementTable } from './measurements.ts';
import { missingRequirements } from './requirements.ts';

/** Vitest's global setup: tells what is missing, makes the clips, and in the end prints what was measured. */
export default async function setup(): Promise<() => void> {
  forgetMeasurements();
  const missing = missingRequirements();
  if (missing.length === 0) await makeClips();
  else process.stdout.write(`acceptance: skipped, for these are not here: ${missing.join(', ')}\n`);
  return () => process.stdout.write(measurementTable());
}
