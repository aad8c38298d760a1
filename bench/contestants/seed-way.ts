import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLeader, stopChild, versionOf } from '../child.ts';
import type { Contestant } from '../contestant.ts';

const PYTHON = ['python3', '/usr/bin/python3'].find((command) => openCv(command) !== undefined) ?? 'python3';
const SCRIPT = join('bench', 'contestants', 'seed_way.py');

function openCv(command: string): string | undefined {
  return versionOf(command, ['-c', 'import cv2; print("OpenCV", cv2.__version__)']);
}

/** What the recorder that Preroll descends from does, in a script of our own. */
export const seedWay: Contestant = {
  name: 'decoding recorder',
  setup:
    'one Python process a camera with OpenCV: decodes every picture of the main stream, compares it with the one ' +
    'before (500 pixels wide, blur 11, threshold 10, dilate 8, erode 4), holds 5 s of decoded pictures and encodes ' +
    'them (MPEG-4) when something moves',
  version: openCv(PYTHON),
  counted: 'whole',
  async start(cameras, folder) {
    const children = await Promise.all(
      cameras.map(async ({ name, url }) => {
        const own = join(folder, 'archive', name);
        await mkdir(own);
        return startLeader(PYTHON, [SCRIPT, url, own], join(folder, 'out'));
      }),
    );
    return {
      leaders: children.map(({ pid }) => pid ?? 0),
      stop: async () => void (await Promise.all(children.map((child) => stopChild(child, 'SIGTERM')))),
      remark: () => readFile(join(folder, 'out'), 'utf8').then((text) => text.trim().replaceAll('\n', '; ')),
    };
  },
};
