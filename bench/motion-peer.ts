import { runContest } from './contest.ts';
import { ANALYSED_FPS, motion, PRE_ROLL_SECONDS } from './contestants/motion.ts';
import { preroll } from './contestants/preroll.ts';
import type { Plan } from './plan.ts';
import { writeReport, type Case } from './report.ts';
import { serveCameras, type Camera, type CameraKind, type ServedCameras } from './served-cameras.ts';

const FULL_HD = { size: '1920x1080', fps: 25, kbps: 4000, subFps: 15 };
const HD = { size: '1280x720', fps: 25, kbps: 2000, subFps: 15 };

/** So many cameras of a kind, and through the yard of so many of them somebody walks every 20 s. */
interface House {
  readonly title: string;
  readonly kind: CameraKind;
  readonly cameras: number;
  readonly busy: number;
}

const HOUSES: readonly House[] = [
  { title: '1 x 1280x720, busy', kind: HD, cameras: 1, busy: 1 },
  { title: '8 x 1280x720, one of them busy', kind: HD, cameras: 8, busy: 1 },
  { title: '8 x 1280x720, all busy', kind: HD, cameras: 8, busy: 8 },
  { title: '8 x 1920x1080, one of them busy', kind: FULL_HD, cameras: 8, busy: 1 },
  {
    title: '8 x 1920x1080, one of them busy, sub-streams of 25 fps',
    kind: { ...FULL_HD, subFps: 25 },
    cameras: 8,
    busy: 1,
  },
  { title: '8 x 1920x1080, all busy', kind: FULL_HD, cameras: 8, busy: 8 },
];

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
  for (const { title, kind, cameras: count, busy } of HOUSES) {
    await using busyOnes = await serveCameras(busy, kind);
    await using others = await serveDeserted(count - busy, kind);
    const cameras = [...busyOnes.cameras, ...others.cameras].map((camera, index) => ({
      ...camera,
      name: `cam${index + 1}`,
    }));
    cases.push({ title, contestants, readings: await runContest(contestants, cameras, plan) });
  }
  return writeReport({
    subject: 'motion-peer',
    title: 'Recording on motion in the sub-stream',
    method: [
      'cameras: main streams at 25 fps as the titles say (2 Mbit/s at 1280x720, 4 Mbit/s at 1920x1080), sub-streams ' +
        '640x360 at 15 fps unless the title says otherwise, 400 kbit/s, H.264, a key picture every 2 s, served by ' +
        '`preroll demo` from other processes',
      'all processes count; CPU is user and system time, memory the proportional set size (PSS)',
      'busy: somebody walks through the yard for 7 of every 20 s, so that both recorders are recording an event nearly all the ' +
        'time. The others: leaves, clouds, sensor noise and a running clock, but nobody',
    ],
    baseline: motion.name,
    plan,
    cases,
  });
}

async function serveDeserted(count: number, kind: CameraKind): Promise<ServedCameras> {
  if (count > 0) return serveCameras(count, { ...kind, isDeserted: true });
  const cameras: readonly Camera[] = [];
  return { cameras, [Symbol.asyncDispose]: () => Promise.resolve() };
}
