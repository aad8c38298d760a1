import { paintGrounds, paintSky } from '../../src/demo/backdrop.ts';
import { createI420 } from '../../src/media/i420.ts';
import { Painter } from '../../src/demo/painter.ts';
import { CLOCK_MASK, clockLayer } from './clock-overlay.ts';
import { leavesLayer, type Bush } from './leaves.ts';
import { cloudyLight, infraredLayer, lampLayer, lightLayer } from './light.ts';
import { noiseLayer } from './noise.ts';
import { rainLayer } from './rain.ts';
import { SCENE_SIZE, type Layer, type Scene } from './scene.ts';
import { shakeLayer } from './shake.ts';
import { FAR, MIDDLE, NEAR, SLOW, walkersEvery, walkersLayer, type Walk } from './walkers.ts';
import { gustyWind } from './wind.ts';

/** Of each scene; the first minute does not count. */
const SECONDS = 10 * 60;
const WALKS = [NEAR, FAR, MIDDLE, SLOW];

/** What an ordinary sensor adds by day. */
const DAY_NOISE = noiseLayer(1.2, 1);

/** A tree, a bush close to the path that walkers pass behind, and a branch that hangs into the picture. */
const BUSHES: readonly Bush[] = [
  { x: 538, y: 104, reachX: 78, reachY: 62, leafPx: 7, swingPx: 7 },
  { x: 80, y: 285, reachX: 105, reachY: 75, leafPx: 13, swingPx: 9 },
  { x: 330, y: 12, reachX: 140, reachY: 45, leafPx: 11, swingPx: 10 },
];

export function allScenes(): Scene[] {
  const backdrop = paintBackdrop();
  const wind = gustyWind(SECONDS, 3);
  const shower = gustyWind(SECONDS, 4);
  const isEvery = (period: number) => (seconds: number) => Math.floor(seconds / period) % 2 === 1;
  const scene = (
    name: string,
    about: string,
    { walks = WALKS, after = [], noise = DAY_NOISE, masked = false }: Effects = {},
  ): Scene => {
    const walkers = walkersEvery(47, 75, SECONDS, walks);
    const layers = [walkersLayer(walkers), ...after, noise];
    const masks = masked ? [CLOCK_MASK] : [];
    return { name, about, seconds: SECONDS, masks, passages: walkers, backdrop, layers };
  };
  return [
    scene('near', 'walkers of 43 % of the height', { walks: [NEAR] }),
    scene('far', 'walkers 38 pixels high', { walks: [FAR] }),
    scene('slow', 'walkers at a fifth of the pace', { walks: [SLOW] }),
    scene('leaves', 'a tree, a bush and a branch in gusts, a quarter of the picture', {
      after: BUSHES.map((bush, i) => leavesLayer(bush, wind, 60 + i)),
    }),
    scene('shake', 'gusts move the camera by up to 4 pixels', { after: [shakeLayer(wind, 4)] }),
    scene('rain', 'showers', { after: [rainLayer(shower, 5)] }),
    scene('noise', 'night: half the contrast, noise of 7 steps', {
      after: [lightLayer(() => 0.5)],
      noise: noiseLayer(7, 6),
    }),
    scene('clouds', 'the sun goes behind clouds and comes out again', {
      after: [lightLayer(cloudyLight(7))],
    }),
    scene('light', 'all light is switched every 50 s, a lamp every 31 s', {
      after: [
        lightLayer((seconds) => (isEvery(50)(seconds) ? 0.5 : 1)),
        lampLayer({ x: 255, y: 130, reach: 90 }, isEvery(31)),
      ],
    }),
    scene('infrared', 'the camera switches between day and infrared every 70 s', {
      after: [infraredLayer(isEvery(70))],
    }),
    scene('clock', 'a large running clock in the picture', { after: [clockLayer()] }),
    scene('clock, masked', 'the same, masked', { after: [clockLayer()], masked: true }),
  ];
}

interface Effects {
  readonly walks?: readonly Walk[];
  /** Before the walkers. */
  readonly after?: readonly Layer[];
  readonly noise?: Layer;
  readonly masked?: boolean;
}

function paintBackdrop(): Uint8Array {
  const picture = createI420(SCENE_SIZE.widthPx, SCENE_SIZE.heightPx);
  const painter = new Painter(picture);
  paintSky(painter, 0);
  paintGrounds(painter, 0);
  return picture.y;
}
