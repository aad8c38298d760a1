#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram } from './cli/program.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
// The package's own file, beside dist/ in a checkout and in an installed package.
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

// Who reads the output may leave early (`preroll schema | head`): what he did not want is not written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
// The C library keeps memory for each thread of a process; our children, which inherit this, do as much with one pool of it, and take a
// fifteenth less (design/decisions.md).
process.env['MALLOC_ARENA_MAX'] ??= '1';
process.exitCode = await runProgram(process.argv.slice(2), version, {
  analyzer: here('./analyzer-main.js'),
  sound: here('./sound-main.js'),
  transcoder: here('./transcoder-main.js'),
  source: here('./source-main.js'),
  devices: here('./devices-main.js'),
  index: here('./index-worker-main.js'),
  configReader: here('./config-reader-main.js'),
  picture: here('./picture-main.js'),
  motionTrial: here('./motion-trial-main.js'),
  moment: here('./moment-main.js'),
  web: here('./web-main.js'),
  clipMaker: here('./clip-maker-main.js'),
  kernel: here('./kernel.wasm'),
});
