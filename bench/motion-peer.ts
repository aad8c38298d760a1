import { runContest } from './contest.ts';
import { ANALYSED_FPS, motion, PRE_ROLL_SECONDS } from './contestants/motion.ts';
import { preroll } from './contestants/preroll.ts';
import type { Plan } from './plan.ts';
import { writeReport, type Case } from './report.ts';
import { serveCameras } from './served-cameras.ts';

const KINDS = [
  { size: '1280x720', fps: 25, kbps: 2000 },
  { size: '1920x1080', fps: 25, kbps: 4000 },
];
const CAMERA_COUNTS = [1, 8];

const ours = preroll({
  name: 'preroll',
  setup: `mode \`motion\`, the sub-stream analysed at ${ANALYSED_FPS} fps, \`preRoll: ${PRE_ROLL_SECONDS}s\``,
  counted: 'whole',
  mode: 'motion',
  preRollSeconds: PRE_ROLL_SECONDS,
  usesSub: true,
});

/** Recording on motion found in the sub-stream, against motion in its cheapest set-up. */
export async function benchMotionPeer(plan: Plan): Promise<string> {
  const contestants = [ours, motion];
  const cases: Case[] = [];
  for (const kind of KINDS) {
    for (const count of CAMERA_COUNTS) {
      await using served = await serveCameras(count, kind);
      const readings = await runContest(contestants, served.cameras, plan);
      cases.push({ title: `${count} x ${kind.size}`, contestants, readings });
    }
  }
  return writeReport({
    subject: 'motion-peer',
    title: 'Recording on motion in the sub-stream',
    method: [
      'cameras: main streams at 25 fps as the titles say (2 Mbit/s at 1280x720, 4 Mbit/s at 1920x1080), sub-streams ' +
        '640x360 at 10 fps, 400 kbit/s, H.264, a key picture every 2 s, served by `preroll demo` from another process',
      'all processes count; CPU is user and system time, memory the proportional set size (PSS)',
      'the demo yard always has someone walking somewhere: both recorders spend much of the time recording events',
    ],
    baseline: motion.name,
    plan,
    cases,
  });
}
