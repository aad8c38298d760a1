#!/usr/bin/env node
/**
 * Runs a program of this checkout after making sure that what it needs is there: packages installed as the lock
 * file says, dist/ built from src/ and web/. Both are skipped when up to date. Plain Node without packages, for it has to
 * run on a fresh clone.
 *
 *   node tools/prelude.mjs PROGRAM.js [ARGUMENT ...]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];

function fail(message) {
  process.stderr.write(`preroll: ${message}\n`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    fail(`Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}.`);
  }
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function installPackages() {
  const stampPath = join(root, 'node_modules', '.preroll-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  if (readIfThere(stampPath) === wanted) return;
  process.stderr.write('preroll: installing packages (once, about 450 MB on disk) ...\n');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status, error } = spawnSync(command, [...args, 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) fail(`could not run npm: ${error.message}. Is npm installed and on the PATH?`);
  if (status !== 0) {
    fail(
      `could not install the packages: 'npm ci' ended with ${status}, its own message stands above. ` +
        'The first start needs the npm registry: check the network or the proxy (npm config get proxy), then run this again.',
    );
  }
  writeFileSync(stampPath, wanted);
}

/** Newest modification time below `folder` in ms; a removed file shows in its folder's time. */
function newestMtimeMs(folder) {
  let newest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMtimeMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}

function build() {
  const stampPath = join(root, 'dist', '.built');
  const sources = [
    newestMtimeMs(join(root, 'src')),
    newestMtimeMs(join(root, 'web')),
    ...['tools/build.mjs', 'tsconfig.json', 'package-lock.json'].map(
      (name) => statSync(join(root, name)).mtimeMs,
    ),
  ];
  if (existsSync(stampPath) && statSync(stampPath).mtimeMs >= Math.max(...sources)) return;
  process.stderr.write('preroll: building ...\n');
  const { status } = spawnSync(process.execPath, [join(root, 'tools', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) fail(`the build failed with ${status}; the compilers' messages stand above.`);
  writeFileSync(stampPath, '');
}

requireNode();
installPackages();
build();
const [program, ...programArguments] = process.argv.slice(2);
if (program === undefined) fail('no program given to run after the preparations.');
process.argv = [process.argv[0], resolve(root, program), ...programArguments];
await import(pathToFileURL(process.argv[1]).href);
