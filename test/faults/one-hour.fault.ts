import type { Fault } from './fault.ts';
import { recordManyCameras } from './many-cameras.ts';

export const fault: Fault = {
  title: '16 cameras of two streams lose no picture in an hour',
  requires: async () =>
    process.env['LONG_FAULTS'] === '1' ? undefined : 'takes an hour: asked for with LONG_FAULTS=1',
  run: (report) => recordManyCameras(60, report),
};
