import type { Mode } from './week.ts';

/** The fill tells what is recorded by itself, the stripe below that motion is looked for. */
export const MODE_LOOK: Readonly<Record<Mode, string>> = {
  off: 'bg-hover',
  motion: 'bg-hover border-b-3 border-motion',
  always: 'bg-accent/45',
  'always+motion': 'bg-accent/45 border-b-3 border-motion',
  timelapse: 'bg-ok/35',
  'timelapse+motion': 'bg-ok/35 border-b-3 border-motion',
};
