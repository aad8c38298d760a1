import { listDevices } from './source/capture-device.ts';

/** The program that lists the cameras of the machine, as JSON on the standard output. */
process.stdout.write(`${JSON.stringify(listDevices())}\n`);
