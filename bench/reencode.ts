import { runContest } from './contest.ts';
import { reencodingFfmpeg } from './contestants/ffmpeg.ts';
import { preroll } from './contestants/preroll.ts';
import type { Plan } from './plan.ts';
import { writeReport } from './report.ts';
import { serveCameras } from './served-cameras.ts';

const CAMERA = { size: '1280x720', fps: 15, kbps: 2000 };
const CAMERA_COUNT = 2;

const reencoding = preroll({
  name: 'preroll',
  setup:
    'mode `always` with `reencode: { widthPx: 640, encoder: software }`: libx264, preset veryfast, CRF 23, no B ' +
    'pictures, five pictures of lookahead; recorder and transcoders count',
  counted: 'whole',
  mode: 'always',
  preRollSeconds: 5,
  usesSub: false,
  reencode: { widthPx: 640, encoder: 'software' },
});

const alike = reencodingFfmpeg('ffmpeg', [
  '-vf',
  'scale=640:360',
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-crf',
  '23',
  '-bf',
  '0',
  '-x264-params',
  'rc-lookahead=5:scenecut=0',
  '-force_key_frames',
  'expr:gte(t,n_forced*2)',
]);

/** Recording smaller pictures than the camera sends. */
export async function benchReencode(plan: Plan): Promise<string> {
  const contestants = [reencoding, alike];
  await using served = await serveCameras(CAMERA_COUNT, CAMERA);
  const readings = await runContest(contestants, served.cameras, plan);
  return writeReport({
    subject: 'reencode',
    title: 'Re-encoding before recording',
    method: [
      `cameras: ${CAMERA.size} at ${CAMERA.fps} fps, ${CAMERA.kbps} kbit/s, H.264, a key picture every 2 s, served by ` +
        '`preroll demo` from another process; everything is decoded, scaled to 640x360 and encoded',
      'all processes count; CPU is user and system time, memory the proportional set size (PSS)',
    ],
    baseline: alike.name,
    plan,
    cases: [{ title: `${CAMERA_COUNT} cameras`, contestants, readings }],
  });
}
