import { expect } from 'vitest';
import { VideoFile } from '../../src/lab/video-file.ts';
import { PrerollProcess } from './preroll-process.ts';

/** What comes out of a camera's exported files when they are decoded. */
export interface WholeExport {
  readonly pictures: number;
  /** That decode with parts missing. */
  readonly damaged: number;
}

/** `preroll export` of all that was recorded in a span, read again from the first picture to the last. */
export async function exportWhole(
  folder: string,
  cameras: readonly string[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<string, WholeExport>> {
  const span = ['--from', new Date(fromMs).toISOString(), '--to', new Date(toMs).toISOString()];
  const words = ['export', ...cameras, ...span, '--out', 'out', '--json'];
  const { code, stdout, stderr } = await PrerollProcess.run(words, { folder });
  expect(code, stderr).toBe(0);
  const told = JSON.parse(stdout) as {
    readonly cameras: readonly {
      readonly camera: string;
      readonly files: readonly { readonly path: string }[];
    }[];
  };
  return new Map(
    told.cameras.map(({ camera, files }) => {
      const decoded = files.map(({ path }) => decodeAll(path));
      const sum = (of: (file: WholeExport) => number) => decoded.reduce((total, file) => total + of(file), 0);
      return [camera, { pictures: sum((file) => file.pictures), damaged: sum((file) => file.damaged) }];
    }),
  );
}

function decodeAll(path: string): WholeExport {
  using video = new VideoFile(path);
  let pictures = 0;
  while (video.advance(() => (pictures += 1)));
  return { pictures, damaged: video.damaged };
}
