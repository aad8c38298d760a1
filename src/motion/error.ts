import { PrerollError } from '../base/error.ts';

/** A motion setting outside its range. */
export class MotionSettingError extends PrerollError {
  readonly kind = 'motion-setting';
}

/** @throws MotionSettingError unless `value` is an integer of `minimum`..`maximum`. */
export function checkSetting(name: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw new MotionSettingError(
    `Motion setting ${name} must be an integer of ${minimum} to ${maximum}: found ${value}`,
  );
}
