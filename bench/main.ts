import { parseArgs } from 'node:util';
import { benchMotionPeer } from './motion-peer.ts';
import { FULL_PLAN, QUICK_PLAN, type Plan } from './plan.ts';
import { benchRecord } from './record.ts';
import { benchReencode } from './reencode.ts';
import { benchSeedWay } from './seed-way.ts';

/*
 * npm run bench -- [SUBJECT ...] [--quick] [--cameras FILE]
 *
 * Measures the recorder against others, in turn on the same cameras. For figures that count, let nothing else run on
 * the machine. Needs Linux; contestants that are not installed are left out.
 */

const SUBJECTS: Readonly<Record<string, (plan: Plan) => Promise<string>>> = {
  record: benchRecord,
  'motion-peer': benchMotionPeer,
  'seed-way': benchSeedWay,
  reencode: benchReencode,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, cameras: { type: 'string' } },
});
const plan = { ...(values.quick ? QUICK_PLAN : FULL_PLAN), camerasFile: values.cameras };
for (const name of positionals.length === 0 ? Object.keys(SUBJECTS) : positionals) {
  const bench = SUBJECTS[name];
  if (bench === undefined) {
    throw new Error(`no bench "${name}"; there are ${Object.keys(SUBJECTS).join(', ')}`);
  }
  process.stdout.write(`${await bench(plan)}\n`);
}
