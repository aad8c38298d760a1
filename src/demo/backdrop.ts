import { grainAt, seededRandom, smoothGrain } from './grain.ts';
import { mix, rgb, type Colour } from '../media/i420.ts';
import { PAINTING_HEIGHT, type Painter } from './painter.ts';
import { capsule, convex, ellipse, rectangle, type Shape } from './shape.ts';

/** Where the lawn begins: the foot of the house and of the fence. */
const HORIZON = 610;
/** The paved path that everyone walks on, top and bottom edge. */
const PATH_TOP = 770;
const PATH_BOTTOM = 930;

interface Palette {
  readonly wall: Colour;
  readonly roof: Colour;
  readonly door: Colour;
  readonly sky: Colour;
  readonly blossom: Colour;
}

const PALETTES: readonly [Palette, ...Palette[]] = [
  {
    wall: rgb(0xe9d9b6),
    roof: rgb(0xb5583c),
    door: rgb(0x2f6f73),
    sky: rgb(0x86b9de),
    blossom: rgb(0xd9536f),
  },
  {
    wall: rgb(0xc9d4cf),
    roof: rgb(0x5b6673),
    door: rgb(0xb0413a),
    sky: rgb(0xa3c4d8),
    blossom: rgb(0xe8b13f),
  },
  {
    wall: rgb(0xe3b9a0),
    roof: rgb(0x7a4a3a),
    door: rgb(0x47613f),
    sky: rgb(0x93b4e0),
    blossom: rgb(0xf1efe4),
  },
  {
    wall: rgb(0xd8d1e0),
    roof: rgb(0x8a5a78),
    door: rgb(0x3c4f86),
    sky: rgb(0x9cc7c9),
    blossom: rgb(0xc85fb0),
  },
];

/** Centre of the tree's crown and how far it reaches, for those who draw its leaves. */
export function crownOf(paintingWidth: number): {
  readonly x: number;
  readonly y: number;
  readonly reach: number;
} {
  return { x: paintingWidth * 0.84, y: 290, reach: 170 };
}

/** Paints the empty sky. */
export function paintSky(painter: Painter, variant: number): void {
  const { sky } = paletteOf(variant);
  const haze = rgb(0xf6e7cf);
  const bands = 60;
  const height = 480 / bands;
  for (let band = 0; band < bands; band++) {
    const strip = rectangle(0, band * height - 1, painter.width, height + 2);
    painter.fill(strip, mix(sky, haze, (band / bands) ** 1.4));
  }
}

/** Paints all that stands still in front of the sky: hills, house, fence, tree, lawn, path and pots. */
export function paintGrounds(painter: Painter, variant: number): void {
  const palette = paletteOf(variant);
  paintHills(painter);
  paintLawn(painter, variant);
  paintPath(painter, variant);
  paintFence(painter, variant);
  paintTree(painter, variant);
  paintHouse(painter, palette, variant);
  paintFlowers(painter, palette.blossom, variant);
}

function paletteOf(variant: number): Palette {
  return PALETTES[variant % PALETTES.length] ?? PALETTES[0];
}

function paintHills(painter: Painter): void {
  for (const [centre, rise, reach, hex] of [
    [0.5, 150, 0.5, 0xa9bfa8],
    [0.9, 190, 0.45, 0x93b08f],
    [0.68, 110, 0.35, 0x7da374],
  ] as const) {
    const hill = ellipse(painter.width * centre, HORIZON - 20, painter.width * reach, rise);
    painter.fill(hill, rgb(hex), { softness: 4, shade: (x, y) => 3 * smoothGrain(x, y, 30, hex) });
  }
}

function paintLawn(painter: Painter, seed: number): void {
  const lawn = rectangle(0, HORIZON - 10, painter.width, PAINTING_HEIGHT - HORIZON + 12);
  painter.fill(lawn, rgb(0x7aa35a), {
    shade: (x, y) =>
      7 * smoothGrain(x, y * 3, 90, seed) + 5 * smoothGrain(x * 2, y, 9, seed + 1) - (y - HORIZON) / 26,
  });
}

function paintPath(painter: Painter, seed: number): void {
  const sand = rectangle(-10, PATH_TOP, painter.width + 20, PATH_BOTTOM - PATH_TOP);
  painter.fill(sand, rgb(0xc9b48f), {
    softness: 10,
    shade: (x, y) => 6 * smoothGrain(x, y, 14, seed + 2) + 4 * smoothGrain(x, y, 120, seed + 3),
  });
  const random = seededRandom(seed + 11);
  for (let row = 0; row < 3; row++) {
    const y = PATH_TOP + 30 + row * 50;
    for (let x = -20 - row * 45; x < painter.width + 60; x += 92 + random() * 26) {
      const stone = ellipse(x, y + random() * 8, 40 + random() * 8, 19);
      const tone = rgb(0xd6cab2);
      painter.fill(ellipse(x + 2, y + 7, 42, 19), rgb(0x8f7f63), { opacity: 0.35, softness: 8 });
      painter.fill(
        stone,
        { ...tone, y: tone.y + random() * 22 - 11 },
        {
          softness: 3,
          shade: (px, py) => 4 * smoothGrain(px, py, 11, seed + 5),
        },
      );
    }
  }
}

function paintFence(painter: Painter, seed: number): void {
  const from = painter.width * 0.5;
  const wood = rgb(0xf0e8d8);
  const grain = (x: number, y: number) => 6 * smoothGrain(x * 6, y / 4, 16, seed + 7) - 4;
  painter.fill(rectangle(from, HORIZON - 4, painter.width - from, 18), rgb(0x4f6f3c), {
    softness: 16,
    opacity: 0.6,
  });
  for (const y of [HORIZON - 110, HORIZON - 45]) {
    painter.fill(rectangle(from, y, painter.width - from, 15), mix(wood, rgb(0x8d7f66), 0.35), {
      shade: grain,
    });
  }
  for (let x = from; x < painter.width + 20; x += 36) {
    const lean = grainAt(x, 3, seed) * 2;
    const picket = convex([
      [x, HORIZON - 140 + lean],
      [x + 12, HORIZON - 158 + lean],
      [x + 24, HORIZON - 140 + lean],
      [x + 24, HORIZON],
      [x, HORIZON],
    ]);
    painter.fill(picket, { ...wood, y: wood.y - 10 + 8 * grainAt(x, 1, seed) }, { shade: grain });
  }
}

function paintTree(painter: Painter, seed: number): void {
  const { x, y, reach } = crownOf(painter.width);
  const bark = rgb(0x7a5a40);
  const rough = (px: number, py: number) => 9 * smoothGrain(px * 3, py / 2, 14, seed + 9);
  painter.fill(ellipse(x + 10, HORIZON + 62, 150, 22), rgb(0x3f5a2e), { opacity: 0.45, softness: 20 });
  painter.fill(capsule(x, y + 80, x - 4, HORIZON + 45, 20, 33), bark, { shade: rough });
  painter.fill(capsule(x, y + 150, x + 80, y + 40, 15, 8), bark, { shade: rough });
  painter.fill(capsule(x, y + 170, x - 85, y + 60, 13, 7), bark, { shade: rough });
  const random = seededRandom(seed + 21);
  const dark = rgb(0x3f6b3a);
  const light = rgb(0x86b356);
  for (let blob = 0; blob < 46; blob++) {
    const angle = random() * 2 * Math.PI;
    const out = Math.sqrt(random()) * reach * 0.82;
    const depth = blob / 46;
    const cx = x + Math.cos(angle) * out * 1.1;
    const cy = y + Math.sin(angle) * out * 0.85 - depth * 26 + 12;
    const leafy = (px: number, py: number) => 8 * smoothGrain(px, py, 10, seed + blob);
    painter.fill(ellipse(cx, cy, 52, 44), mix(dark, light, depth * 0.8), { softness: 9, shade: leafy });
  }
}

function paintHouse(painter: Painter, palette: Palette, seed: number): void {
  const width = painter.width * 0.44;
  const eaves = 205;
  const plaster = (x: number, y: number) =>
    3 * smoothGrain(x, y, 7, seed + 13) + 4 * smoothGrain(x, y, 130, seed + 14) - (x / width) * 6;
  painter.fill(rectangle(-10, eaves, width + 10, HORIZON - eaves + 15), palette.wall, { shade: plaster });
  painter.fill(rectangle(-10, HORIZON - 38, width + 14, 56), mix(palette.wall, rgb(0x6d6258), 0.55), {
    shade: (x, y) => stones(x, y, seed),
  });
  painter.fill(rectangle(-10, eaves, width + 10, 34), rgb(0x4d3b30), { opacity: 0.35, softness: 26 });
  paintRoof(painter, palette.roof, width, eaves, seed);
  paintDoor(painter, palette.door, width * 0.7, seed);
  paintWindow(painter, width * 0.14, palette.door);
  paintWindow(painter, width * 0.41, palette.door);
  paintLamp(painter, width * 0.905);
}

function stones(x: number, y: number, seed: number): number {
  const row = Math.floor(y / 19);
  const shifted = x + (row % 2) * 24;
  const isJoint = y - row * 19 < 2.5 || shifted - Math.floor(shifted / 48) * 48 < 3;
  return isJoint ? -22 : 9 * grainAt(shifted / 48, row, seed + 15);
}

function paintRoof(painter: Painter, colour: Colour, width: number, eaves: number, seed: number): void {
  const slope = convex([
    [-20, 40],
    [width - 70, 40],
    [width + 40, eaves + 14],
    [-20, eaves + 14],
  ]);
  const tiles = (x: number, y: number) => {
    const row = Math.floor(y / 22);
    const column = Math.floor((x + (row % 2) * 17) / 34);
    const within = y / 22 - row;
    return 10 * grainAt(column, row, seed + 17) + (within > 0.86 ? -26 : 10 * (0.5 - within));
  };
  painter.fill(rectangle(width * 0.22, -10, 62, 110), mix(colour, rgb(0x5a4a44), 0.5), {
    shade: (x, y) => stones(x, y, seed) / 2,
  });
  painter.fill(slope, colour, { shade: tiles });
  painter.fill(rectangle(-20, eaves + 10, width + 62, 11), rgb(0x6a4a38));
}

function paintDoor(painter: Painter, colour: Colour, x: number, seed: number): void {
  const top = 330;
  const frame = rgb(0xf4efe4);
  painter.fill(rectangle(x - 12, top - 14, 134, HORIZON - top + 22), frame);
  painter.fill(rectangle(x, top, 110, HORIZON - top + 8), colour, {
    shade: (px, py) => 4 * smoothGrain(px * 5, py / 5, 20, seed + 19),
  });
  for (const [dx, dy, w, h] of [
    [16, 18, 34, 96],
    [60, 18, 34, 96],
    [16, 150, 34, 104],
    [60, 150, 34, 104],
  ] as const) {
    painter.fill(rectangle(x + dx, top + dy, w, h), { ...colour, y: colour.y - 16 });
    painter.fill(rectangle(x + dx + 3, top + dy + 3, w - 3, h - 3), { ...colour, y: colour.y + 5 });
  }
  painter.fill(ellipse(x + 98, top + 140, 6, 6), rgb(0xe3c463));
  painter.fill(rectangle(x - 30, HORIZON + 8, 170, 24), rgb(0xb9ad9a), {
    shade: (px, py) => 5 * smoothGrain(px, py, 9, seed + 23),
  });
}

function paintWindow(painter: Painter, x: number, shutters: Colour): void {
  const top = 320;
  painter.fill(rectangle(x - 10, top - 10, 150, 165), rgb(0xf4efe4));
  painter.fill(rectangle(x, top, 130, 145), rgb(0x55707d), {
    shade: (px, py) => (px - x + py - top < 120 ? 22 : 0),
  });
  painter.fill(rectangle(x, top, 26, 145), rgb(0xe9dfd3), { opacity: 0.75, softness: 8 });
  painter.fill(rectangle(x + 104, top, 26, 145), rgb(0xe9dfd3), { opacity: 0.75, softness: 8 });
  painter.fill(rectangle(x + 61, top, 8, 145), rgb(0xf4efe4));
  painter.fill(rectangle(x, top + 66, 130, 8), rgb(0xf4efe4));
  for (const left of [x - 56, x + 142]) {
    const slats = (_x: number, y: number) => (y % 14 < 4 ? -16 : 3);
    painter.fill(rectangle(left, top - 8, 44, 161), shutters, { shade: slats });
  }
  painter.fill(rectangle(x - 18, top + 153, 166, 13), rgb(0xd8cfc0));
  painter.fill(rectangle(x - 8, top + 166, 146, 26), rgb(0x9a5f41));
}

function paintLamp(painter: Painter, x: number): void {
  painter.fill(ellipse(x, 372, 70, 70), rgb(0xffe9a8), { opacity: 0.2, softness: 90 });
  painter.fill(capsule(x, 330, x, 350, 4, 4), rgb(0x3a3634));
  painter.fill(rectangle(x - 15, 350, 30, 38), rgb(0x3a3634));
  painter.fill(rectangle(x - 10, 355, 20, 28), rgb(0xffe39a));
}

function paintFlowers(painter: Painter, blossom: Colour, seed: number): void {
  const random = seededRandom(seed + 31);
  const house = painter.width * 0.44;
  for (const window of [house * 0.14, house * 0.41]) {
    for (let flower = 0; flower < 11; flower++) {
      paintBloom(
        painter,
        window + flower * 13,
        478 + random() * 12,
        10,
        flower % 3 === 0 ? rgb(0xf6e7cf) : blossom,
      );
    }
  }
  for (const x of [house * 0.655, house * 0.985]) {
    painter.fill(ellipse(x, HORIZON + 44, 46, 10), rgb(0x3f4a2e), { opacity: 0.4, softness: 10 });
    for (let flower = 0; flower < 16; flower++) {
      const bloom: Shape = ellipse(x + (random() - 0.5) * 76, HORIZON - 52 - random() * 50, 15, 13);
      painter.fill(bloom, flower % 2 === 0 ? rgb(0x5d8a48) : blossom, { softness: 4 });
    }
    const pot = convex([
      [x - 34, HORIZON - 30],
      [x + 34, HORIZON - 30],
      [x + 24, HORIZON + 42],
      [x - 24, HORIZON + 42],
    ]);
    painter.fill(pot, rgb(0xb8683f), { shade: (px) => (x - px) / 4 });
    painter.fill(rectangle(x - 38, HORIZON - 38, 76, 15), rgb(0xc57a4f));
  }
  for (let daisy = 0; daisy < 70; daisy++) {
    const x = random() * painter.width;
    const y = random() < 0.6 ? 945 + random() * 50 : HORIZON + 50 + random() * 90;
    paintBloom(painter, x, y, 4 + (y - HORIZON) / 90, daisy % 4 === 0 ? blossom : rgb(0xf3f0e2));
  }
}

function paintBloom(painter: Painter, x: number, y: number, size: number, colour: Colour): void {
  painter.fill(ellipse(x, y + size, size * 0.8, size), rgb(0x56813f), { opacity: 0.7, softness: 4 });
  painter.fill(ellipse(x, y, size, size * 0.85), colour, { softness: 3 });
  painter.fill(ellipse(x, y, size * 0.35, size * 0.3), rgb(0xe9b949), { softness: 3 });
}
