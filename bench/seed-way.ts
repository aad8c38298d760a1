import { runContest } from './contest.ts';
import { preroll } from './contestants/preroll.ts';
import { seedWay } from './contestants/seed-way.ts';
import type { Plan } from './plan.ts';
import { writeReport, type Case } from './report.ts';
import { serveCameras } from './served-cameras.ts';

const CAMERA = { size: '1920x1080', fps: 25, kbps: 4000 };
const CAMERA_COUNTS = [1, 4];
const COMMON = { counted: 'whole', mode: 'motion', preRollSeconds: 5 } as const;

const withSub = preroll({
  ...COMMON,
  name: 'preroll',
  setup: 'mode `motion`, the sub-stream (640x360) analysed at 5 fps, `preRoll: 5s`',
  usesSub: true,
});
const singleStream = preroll({
  ...COMMON,
  name: 'preroll, one stream',
  setup: 'the same for a camera without a sub-stream: the main stream is recorded and analysed',
  usesSub: false,
});

/** Recording on motion, against a recorder that decodes everything and encodes what it keeps. */
export async function benchSeedWay(plan: Plan): Promise<string> {
  const contestants = [withSub, singleStream, seedWay];
  const cases: Case[] = [];
  for (const count of CAMERA_COUNTS) {
    await using served = await serveCameras(count, CAMERA);
    const readings = await runContest(contestants, served.cameras, plan);
    cases.push({ title: `${count} camera${count === 1 ? '' : 's'}`, contestants, readings });
  }
  return writeReport({
    subject: 'seed-way',
    title: 'Recording on motion, against decoding and encoding',
    method: [
      `cameras: ${CAMERA.size} at ${CAMERA.fps} fps, ${CAMERA.kbps} kbit/s, H.264, a key picture every 2 s, served by ` +
        '`preroll demo` from another process',
      'all processes count; CPU is user and system time, memory the proportional set size (PSS)',
      'where the decoding recorder does not keep up with the cameras, it says so below the table: its CPU then is ' +
        'what the machine has, not what it would need',
    ],
    baseline: seedWay.name,
    plan,
    cases,
  });
}
