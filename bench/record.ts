import { readFile } from 'node:fs/promises';
import { runContest, runTogether } from './contest.ts';
import { ffmpeg } from './contestants/ffmpeg.ts';
import { preroll } from './contestants/preroll.ts';
import type { Plan } from './plan.ts';
import { writeReport, type Case } from './report.ts';
import { serveCameras, type Camera } from './served-cameras.ts';

const CAMERA = { size: '1920x1080', fps: 25, kbps: 4000 };
const CAMERA_COUNTS = [1, 4, 16];

const always = preroll({
  name: 'preroll always',
  setup:
    'as `npm start` starts it, mode `always`, files of 60 s; the recorder process counts, that of its index stands in the columns with children',
  counted: 'leaders',
  mode: 'always',
  preRollSeconds: 5,
  usesSub: true,
});
/** The ring reaches back 5 s further than the pre-roll. */
const withRing = preroll({
  name: 'preroll with ring',
  setup:
    'mode `motion` with `preRoll: 5s`, so that 10 s are held in memory; counted as above, the analyzers with the children',
  counted: 'leaders',
  mode: 'motion',
  preRollSeconds: 5,
  usesSub: true,
});

/** Recording cameras as they come, against one ffmpeg for each. */
export async function benchRecord(plan: Plan): Promise<string> {
  const contestants = [always, withRing, ffmpeg];
  const cases: Case[] = [];
  for (const count of plan.camerasFile === undefined ? CAMERA_COUNTS : [undefined]) {
    await using served = await serve(count, plan.camerasFile);
    const { cameras } = served;
    const title = `${cameras.length} camera${cameras.length === 1 ? '' : 's'}`;
    const together = await runTogether(contestants, cameras, plan);
    cases.push({ title: `${title}, beside each other`, contestants, readings: together });
    const inTurn = await runContest(contestants, cameras, { ...plan, rounds: 1 });
    cases.push({ title: `${title}, in turn, each alone, one round`, contestants, readings: inTurn });
  }
  return writeReport({
    subject: plan.camerasFile === undefined ? 'record' : 'record-other-cameras',
    title: 'Recording without decoding',
    method: [
      plan.camerasFile === undefined
        ? `cameras: ${CAMERA.size} at ${CAMERA.fps} fps, ${CAMERA.kbps} kbit/s, H.264, a key picture every 2 s, served ` +
          'by `preroll demo` (our own RTSP server) from another process on the same machine, which nobody is charged with'
        : 'cameras: of a server that is not ours, on the same machine',
      'CPU is user and system time of all threads; memory is the proportional set size (PSS): processes of one program share its pages, so that ' +
        'with more Node.js processes on the machine each of them has less of them',
    ],
    baseline: ffmpeg.name,
    plan,
    cases,
  });
}

async function serve(count: number | undefined, camerasFile: string | undefined) {
  if (count !== undefined) return serveCameras(count, CAMERA);
  // A file that the one who runs the bench wrote.
  const cameras = JSON.parse(await readFile(camerasFile ?? '', 'utf8')) as Camera[];
  return { cameras, [Symbol.asyncDispose]: () => Promise.resolve() };
}
