#!/usr/bin/env node
/**
 * Builds dist/ from src/ and web/: the motion kernel with the AssemblyScript compiler and the web app with Vite, each unless
 * it is newer than its sources, and the programs with Vite. The compilers' messages go to the standard outputs, their failure
 * is the exit code.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, 'node_modules');
const kernelSources = join(root, 'src', 'motion', 'kernel');
/** What the kernel and the plain TypeScript are both built with. */
const sharedRules = join(root, 'src', 'motion', 'adaptive', 'rules.ts');
const dist = join(root, 'dist');
const kernelFile = join(dist, 'kernel.wasm');

const webSources = join(root, 'web');
/** Written last, for Vite empties the folder first. */
const webStamp = join(dist, 'web', '.built');

/** What AssemblyScript says about vectors as parameters: only JavaScript could not pass them. */
const VECTOR_PARAMETER = '112';

function run(program, args) {
  const { status, error } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function isKernelBuilt() {
  if (!existsSync(kernelFile)) return false;
  const sources = readdirSync(kernelSources).filter((name) => name.endsWith('.as.ts'));
  const inputs = [
    join(packages, 'assemblyscript', 'package.json'),
    fileURLToPath(import.meta.url),
    sharedRules,
    kernelSources,
    ...sources.map((name) => join(kernelSources, name)),
  ];
  const builtMs = statSync(kernelFile).mtimeMs;
  return inputs.every((path) => statSync(path).mtimeMs <= builtMs);
}

function buildKernel() {
  // Renamed when it is whole, for a running recorder may start an analyzer meanwhile.
  const unfinished = `${kernelFile}.${process.pid}`;
  mkdirSync(dirname(kernelFile), { recursive: true });
  const options = {
    '--outFile': unfinished,
    // An allocator and nothing else; what would abort with a message traps.
    '--runtime': 'minimal',
    '--use': 'abort=',
    '--enable': 'simd',
    '--disableWarning': VECTOR_PARAMETER,
  };
  const source = join('src', 'motion', 'kernel', 'kernel.as.ts');
  run(join(packages, 'assemblyscript', 'bin', 'asc.js'), [
    source,
    '-O3',
    '--noAssert',
    ...Object.entries(options).flat(),
  ]);
  renameSync(unfinished, kernelFile);
}

/** Newest modification time below `folder` in ms; a removed file shows in its folder's time. */
function newestMtimeMs(folder) {
  const entries = readdirSync(folder, { recursive: true });
  return Math.max(
    ...[folder, ...entries.map((path) => join(folder, path))].map((path) => statSync(path).mtimeMs),
  );
}

function isWebBuilt() {
  if (!existsSync(webStamp)) return false;
  const inputs = [join(root, 'package-lock.json'), fileURLToPath(import.meta.url)].map(
    (path) => statSync(path).mtimeMs,
  );
  return Math.max(newestMtimeMs(webSources), ...inputs) <= statSync(webStamp).mtimeMs;
}

function runVite(config) {
  run(join(packages, 'vite', 'bin', 'vite.js'), ['build', '--config', config, '--logLevel', 'warn']);
}

function buildWeb() {
  runVite(join('web', 'vite.config.ts'));
  writeFileSync(webStamp, '');
}

function buildPrograms() {
  const startMs = Date.now();
  runVite(join('src', 'vite.config.ts'));
  // What earlier builds left goes only now, for a running recorder may start a child meanwhile.
  for (const folder of [dist, join(dist, 'chunks')]) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const isOld = statSync(path).mtimeMs < startMs;
      if (isOld && !['.built', 'chunks', 'web', 'kernel.wasm'].includes(name))
        rmSync(path, { recursive: true });
    }
  }
}

if (!isKernelBuilt()) buildKernel();
buildPrograms();
if (!isWebBuilt()) buildWeb();
