import { join } from 'node:path';
import { startLeader, stopChild, versionOf } from '../child.ts';
import type { Contestant } from '../contestant.ts';

/** One `ffmpeg -c copy` a camera, the way scripts and several recorders do it. */
export const ffmpeg: Contestant = {
  name: 'ffmpeg',
  setup:
    'one process a camera: `-rtsp_transport tcp -i URL -c copy -f segment -segment_time 60 -segment_format mp4 ' +
    '-reset_timestamps 1 -strftime 1`. Plain MP4, what its users write mostly: cheaper than fragments, but a file ' +
    'whose recorder dies cannot be played',
  version: versionOf('ffmpeg', ['-version']),
  counted: 'whole',
  async start(cameras, folder) {
    const children = cameras.map(({ name, url }) =>
      startLeader(
        'ffmpeg',
        options(url, join(folder, 'archive', `${name}-%H-%M-%S.mp4`)),
        join(folder, 'out'),
      ),
    );
    return {
      leaders: children.map(({ pid }) => pid ?? 0),
      stop: async () => void (await Promise.all(children.map((child) => stopChild(child)))),
    };
  },
};

function options(url: string, files: string): readonly string[] {
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
  return [...quiet, ...input, '-c', 'copy', ...segments, '-strftime', '1', files];
}
