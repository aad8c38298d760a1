import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { stopChild } from './child.ts';

/** A camera on loopback. */
export interface Camera {
  readonly name: string;
  readonly url: string;
  readonly subUrl?: string;
}

export interface CameraKind {
  readonly size: string;
  readonly fps: number;
  readonly kbps: number;
  readonly subFps?: number;
  /** Nobody walks by. */
  readonly isDeserted?: boolean;
}

export interface ServedCameras extends AsyncDisposable {
  readonly cameras: readonly Camera[];
}

/** Starts our demo cameras in a process of their own, whose cost nobody is charged with. */
export async function serveCameras(count: number, kind: CameraKind): Promise<ServedCameras> {
  const { size, fps, kbps, subFps = 10, isDeserted = false } = kind;
  const options = { cameras: count, port: 0, size, fps, kbps, gop: 2, 'sub-fps': subFps };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  if (isDeserted) args.push('--no-walkers');
  const child = spawn(process.execPath, ['dist/main.js', 'demo', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the demo cameras ended with ${code}`))),
  ]);
  return {
    // Printed by our own program.
    cameras: JSON.parse(line) as Camera[],
    [Symbol.asyncDispose]: () => stopChild(child),
  };
}
