import { Yard } from '../../src/demo/yard.ts';
import { Mp4Writer } from '../../src/lab/mp4-writer.ts';

const YARD = { widthPx: 320, heightPx: 180, rateFps: 5, loopSeconds: 20, variant: 0 };

/** One turn of the yard, 20 s and 100 pictures, through which someone walks. */
export function writeYard(path: string): void {
  const yard = new Yard(YARD);
  using film = new Mp4Writer({ path, ...YARD });
  for (let frame = 0; frame < YARD.loopSeconds * YARD.rateFps; frame++)
    film.write(yard.draw(frame), frame * 18_000);
  film.finish();
}
