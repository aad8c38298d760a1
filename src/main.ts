#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram } from './cli/program.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
// The package's own file, beside dist/ in a checkout and in an installed package.
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

process.exitCode = await runProgram(process.argv.slice(2), version, here('./analyzer-main.js'));
