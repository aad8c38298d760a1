import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** The first is the engine without a browser's own windows: the same pages at two thirds of the CPU time. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome.exe',
  'msedge.exe',
];
/** Of Debian, the one to prefer first; not every release has both. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const WINDOWS_FOLDERS = ['Google/Chrome/Application', 'Microsoft/Edge/Application'];
const INSTALLING_TAKES_AT_MOST_MS = 600_000;

/** A browser to test with, or why there is none. */
export type FoundChromium =
  { readonly kind: 'found'; readonly path: string } | { readonly kind: 'none'; readonly reason: string };

/** Which of the programs it is. */
export function programName(found: FoundChromium): string {
  return found.kind === 'found' ? basename(found.path) : 'none';
}

/** An installed Chromium or a browser made of it; on Debian, as root, installed where there is none. */
export async function findChromium(): Promise<FoundChromium> {
  const installed = await installedChromium();
  if (installed !== undefined) return { kind: 'found', path: installed };
  const looked = `no Chromium, Chrome or Edge is installed (looked for ${NAMES.join(', ')} in the PATH)`;
  if (!(await canInstall())) {
    return {
      kind: 'none',
      reason: `${looked}; on Debian root could install it by: apt-get install ${PACKAGES[0]}`,
    };
  }
  const reasons: string[] = [];
  for (const name of PACKAGES) {
    const failure = await install(name);
    const path = await installedChromium();
    if (path !== undefined) return { kind: 'found', path };
    reasons.push(`installing ${name} failed: ${failure ?? 'it is not in the PATH'}`);
  }
  return { kind: 'none', reason: `${looked}; ${reasons.join('; ')}` };
}

/** @returns what went wrong, if anything. */
async function install(name: string): Promise<string | undefined> {
  try {
    await promisify(execFile)('apt-get', ['install', '--yes', '--no-install-recommends', name], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALLING_TAKES_AT_MOST_MS,
    });
    return undefined;
  } catch (error) {
    return String(error).trim();
  }
}

async function installedChromium(): Promise<string | undefined> {
  const { env } = process;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const programs = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)']].filter((folder) => folder !== undefined);
  const places = [
    ...folders,
    ...programs.flatMap((program) => WINDOWS_FOLDERS.map((folder) => join(program, folder))),
  ];
  const paths = [...places.flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC];
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await isThere('/etc/debian_version'));
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
