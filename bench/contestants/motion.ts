import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLeader, stopChild, versionOf } from '../child.ts';
import type { Contestant } from '../contestant.ts';
import type { Camera } from '../served-cameras.ts';

/** Seconds kept from before an event, and pictures analysed a second; ours is given the same. */
export const PRE_ROLL_SECONDS = 5;
export const ANALYSED_FPS = 5;

/** The classic recorder of that name, in the set-up its manual calls the cheapest: two streams, passthrough. */
export const motion: Contestant = {
  name: 'motion',
  setup:
    'one process: `netcam_url` the sub-stream, `netcam_high_url` the main stream, `movie_passthrough on`, ' +
    `\`framerate ${ANALYSED_FPS}\`, \`pre_capture\` of ${PRE_ROLL_SECONDS} s, no pictures, no stream, no web control`,
  version: versionOf('motion', ['-h']),
  counted: 'whole',
  async start(cameras, folder) {
    const config = join(folder, 'motion.conf');
    await mkdir(join(folder, 'cameras'));
    await writeFile(config, lines(mainOptions(folder)));
    await Promise.all(
      cameras.map((camera, index) =>
        writeFile(
          join(folder, 'cameras', `${camera.name}.conf`),
          lines(cameraOptions(camera, index, folder)),
        ),
      ),
    );
    const child = startLeader('motion', ['-n', '-c', config], join(folder, 'out'));
    return { leaders: [child.pid ?? 0], stop: () => stopChild(child, 'SIGTERM') };
  },
};

function mainOptions(folder: string): Options {
  return {
    daemon: 'off',
    log_level: '4',
    native_language: 'off',
    webcontrol_port: '0',
    stream_port: '0',
    picture_output: 'off',
    movie_output: 'on',
    movie_passthrough: 'on',
    framerate: String(ANALYSED_FPS),
    pre_capture: String(PRE_ROLL_SECONDS * ANALYSED_FPS),
    post_capture: String(2 * ANALYSED_FPS),
    event_gap: '10',
    // At its default of 1500 it misses most of who walks through the yard, and would have less to record.
    threshold: '150',
    camera_dir: join(folder, 'cameras'),
  };
}

function cameraOptions({ name, url, subUrl }: Camera, index: number, folder: string): Options {
  if (subUrl === undefined) throw new Error(`${name} has no sub-stream for motion to look at`);
  return {
    camera_name: name,
    camera_id: String(index + 1),
    width: '640',
    height: '360',
    netcam_url: subUrl,
    netcam_params: 'rtsp_transport = tcp',
    netcam_high_url: url,
    netcam_high_params: 'rtsp_transport = tcp',
    target_dir: join(folder, 'archive', name),
  };
}

type Options = Readonly<Record<string, string>>;

function lines(options: Options): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
