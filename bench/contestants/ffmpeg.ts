import { join } from 'node:path';
import { startLeader, stopChild, versionOf } from '../child.ts';
import type { Contestant } from '../contestant.ts';

/** One `ffmpeg -c copy` a camera, the way scripts and several recorders do it. */
export const ffmpeg = contestant({
  name: 'ffmpeg',
  setup:
    'one process a camera: `-rtsp_transport tcp -i URL -c copy -f segment -segment_time 60 -segment_format mp4 ' +
    '-reset_timestamps 1 -strftime 1`. Plain MP4, what its users write mostly: cheaper than fragments, but a file ' +
    'whose recorder dies cannot be played',
  encoding: ['-c', 'copy'],
});

/** One process a camera that decodes, does `encoding`, and writes files of a minute. */
export function reencodingFfmpeg(name: string, encoding: readonly string[]): Contestant {
  return contestant({
    name,
    setup: `one process a camera, files as of \`ffmpeg -c copy\`: \`${encoding.join(' ')}\``,
    encoding,
  });
}

interface FfmpegSetup {
  readonly name: string;
  readonly setup: string;
  readonly encoding: readonly string[];
}

function contestant({ name, setup, encoding }: FfmpegSetup): Contestant {
  return {
    name,
    setup,
    version: versionOf('ffmpeg', ['-version']),
    counted: 'whole',
    async start(cameras, folder) {
      const children = cameras.map((camera) => {
        const files = join(folder, 'archive', `${camera.name}-%H-%M-%S.mp4`);
        return startLeader('ffmpeg', options(camera.url, encoding, files), join(folder, 'out'));
      });
      return {
        leaders: children.map(({ pid }) => pid ?? 0),
        stop: async () => void (await Promise.all(children.map((child) => stopChild(child)))),
      };
    },
  };
}

function options(url: string, encoding: readonly string[], files: string): readonly string[] {
  const quiet = ['-nostdin', '-loglevel', 'error'];
  const input = ['-rtsp_transport', 'tcp', '-i', url];
  const segments = [
    '-f',
    'segment',
    '-segment_time',
    '60',
    '-segment_format',
    'mp4',
    '-reset_timestamps',
    '1',
  ];
  return [...quiet, ...input, ...encoding, ...segments, '-strftime', '1', files];
}
