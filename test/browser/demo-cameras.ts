import { join } from 'node:path';
import { makeFolder, PrerollProcess } from '../e2e/preroll-process.ts';

/** As `preroll demo --json` prints it. */
interface DemoCamera {
  readonly name: string;
  readonly url: string;
  readonly subUrl?: string;
}

/** Several synthetic cameras, each with a scene of its own. */
export interface DemoCameras extends AsyncDisposable {
  readonly cameras: readonly DemoCamera[];
}

export async function startDemoCameras(count: number): Promise<DemoCameras> {
  const folder = await makeFolder();
  const demo = PrerollProcess.start(['demo', '--cameras', String(count), '--json'], {
    folder: folder.path,
    environment: { XDG_CACHE_HOME: join(process.cwd(), 'node_modules', '.cache') },
  });
  await demo.until('the cameras are there', () => demo.stdout.includes('\n'));
  return {
    // Written by our own program.
    cameras: JSON.parse(demo.stdout) as DemoCamera[],
    async [Symbol.asyncDispose]() {
      await demo[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
