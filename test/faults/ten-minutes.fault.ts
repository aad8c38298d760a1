import type { Fault } from './fault.ts';
import { recordManyCameras } from './many-cameras.ts';

export const fault: Fault = {
  title: '16 cameras of two streams lose no picture in ten minutes',
  requires: async () => undefined,
  run: (report) => recordManyCameras(10, report),
};
