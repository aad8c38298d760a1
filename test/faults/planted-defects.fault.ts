import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlantedArchive } from '../../src/archive/testing/planted-archive.ts';
import { PLANTED_DEFECTS, type PlantedDefect } from '../../src/archive/testing/planted-defects.ts';
import { systemClock } from '../../src/base/clock.ts';
import { wallMs } from '../../src/base/time.ts';
import type { VolumeRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { makeFolder, PrerollProcess, writeConfig } from '../e2e/preroll-process.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import type { Fault, FaultReport } from './fault.ts';

const RECORDED_MS = 40_000;
/** Someone passes from second 6 to 13. */
const BUSY = { ...TINY, loopSeconds: 14 };

/** What commands print with `--json`. */
interface Checked {
  readonly code: number | null;
  readonly problems: readonly { readonly kind: string; readonly path: string }[];
}

export const fault: Fault = {
  title:
    'archive check finds every planted defect and nothing else, --repair mends all of them, reindex reproduces the index',
  requires: async () => undefined,
  async run(report) {
    await using folder = await makeFolder();
    await record(folder.path, report);
    const bench = await Bench.make(folder.path);
    const falseAlarms = (await bench.check('--deep')).problems.length + (await bench.check()).problems.length;
    const failures: string[] = [];
    for (const [i, defect] of PLANTED_DEFECTS.entries()) {
      report(i / PLANTED_DEFECTS.length, defect.name);
      failures.push(...(await bench.tryDefect(defect)));
    }
    report(undefined, 'reindex');
    const differences = await bench.reindex();
    const count = (what: string) => failures.filter((failure) => failure.startsWith(what)).length;
    return {
      ok: falseAlarms === 0 && failures.length === 0 && differences === 0,
      figures: {
        recordings: bench.recordings,
        events: bench.events,
        'planted defects': PLANTED_DEFECTS.length,
        found: PLANTED_DEFECTS.length - count('not found'),
        mended: PLANTED_DEFECTS.length - count('not mended'),
        'false alarms': falseAlarms,
        'answers of the new index that differ': differences,
        ...(failures.length === 0 ? {} : { failures: failures.join('; ') }),
      },
    };
  },
};

/** Three cameras: all, all and events, events only. */
async function record(folder: string, report: FaultReport): Promise<void> {
  const main = await testClip(BUSY);
  const cleanup: AsyncDisposable[] = [];
  const modes = { whole: 'always', marked: 'always+motion', events: 'motion' } as const;
  try {
    const cameras: Record<string, object> = {};
    for (const [name, mode] of Object.entries(modes)) {
      const camera = await FakeCamera.start({ clock: systemClock, main, name });
      cleanup.push(camera);
      cameras[name] = { url: camera.url, mode };
    }
    await writeConfig(folder, {
      event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s' },
      archive: { segmentLength: '5s' },
      cameras,
    });
    await using preroll = PrerollProcess.start(['run'], { folder });
    report(0, `recording for ${RECORDED_MS / 1000} s`);
    await delay(RECORDED_MS);
    await preroll.interrupt();
  } finally {
    for (const each of cleanup) await each[Symbol.asyncDispose]();
  }
}

/** A recorded archive that is put back as it was before each defect. */
class Bench {
  readonly #folder: string;
  readonly #volume: VolumeRecord;
  readonly recordings: number;
  readonly events: number;

  private constructor(folder: string, volume: VolumeRecord, recordings: number, events: number) {
    this.#folder = folder;
    this.#volume = volume;
    this.recordings = recordings;
    this.events = events;
  }

  static async make(folder: string): Promise<Bench> {
    const answers = ask(join(folder, 'preroll.db'));
    const [volume] = answers.volumes;
    if (volume === undefined) throw new Error('nothing was recorded');
    await cp(join(folder, 'archive'), join(folder, 'pristine'), { recursive: true });
    await cp(join(folder, 'preroll.db'), join(folder, 'pristine.db'));
    return new Bench(folder, volume, answers.segments.length, answers.events.length);
  }

  get #database(): string {
    return join(this.#folder, 'preroll.db');
  }

  async check(...words: readonly string[]): Promise<Checked> {
    const command = ['archive', 'check', '--json', ...words];
    const { code, stdout } = await PrerollProcess.run(command, { folder: this.#folder });
    // Printed by the program under test.
    const { problems } = JSON.parse(stdout) as Pick<Checked, 'problems'>;
    return { code, problems };
  }

  /** @returns what went wrong. */
  async tryDefect({ name, kind, plant }: PlantedDefect): Promise<readonly string[]> {
    await this.#putBack();
    const archive = new PlantedArchive(this.#database, this.#volume);
    // One with an event in it, and others of its camera on both sides.
    const ofOne = (await archive.recordings()).filter(({ camera }) => camera === 'marked');
    const victim = ofOne[Math.floor(ofOne.length / 2)];
    if (victim === undefined) throw new Error('nothing was recorded');
    await plant(archive, victim.path);
    const found = await this.check('--deep');
    const repaired = await this.check('--deep', '--repair');
    const after = await this.check('--deep');
    return [
      ...(found.problems.some((problem) => problem.kind === kind) ? [] : [`not found: ${name}`]),
      ...(repaired.code === 0 && after.problems.length === 0 ? [] : [`not mended: ${name}`]),
    ];
  }

  /** @returns how many answers of an index made from the files alone differ from those of the recorder's. */
  async reindex(): Promise<number> {
    await this.#putBack();
    const before = ask(this.#database);
    await PrerollProcess.run(['archive', 'reindex'], { folder: this.#folder });
    const takenOver = ask(this.#database);
    await rm(this.#database);
    await PrerollProcess.run(['archive', 'reindex'], { folder: this.#folder });
    const fromFiles = ask(this.#database);
    const differs = (a: unknown, b: unknown) => (JSON.stringify(a) === JSON.stringify(b) ? 0 : 1);
    const keys = Object.keys(before) as (keyof typeof before)[];
    const whole = keys.map((key) => differs(before[key], takenOver[key]));
    // No file tells gaps, or when a run ended.
    const told = keys.filter((key) => key !== 'gaps' && key !== 'runs');
    const alone = told.map((key) => differs(before[key], fromFiles[key]));
    return [...whole, ...alone].reduce<number>((sum, one) => sum + one, 0);
  }

  async #putBack(): Promise<void> {
    const inFolder = (name: string) => join(this.#folder, name);
    for (const name of ['archive', 'preroll.db', 'preroll.db-wal', 'preroll.db-shm']) {
      await rm(inFolder(name), { recursive: true, force: true });
    }
    await cp(inFolder('pristine'), inFolder('archive'), { recursive: true, preserveTimestamps: true });
    await cp(inFolder('pristine.db'), inFolder('preroll.db'));
  }
}

/** What an index answers about everything. */
function ask(database: string) {
  const index = SqliteIndex.open(database);
  const always = { fromWallMs: wallMs(0), toWallMs: wallMs(4e12) };
  try {
    return {
      volumes: index.volumes(),
      segments: index.segmentsByPath(undefined, 10_000),
      events: index.events(always),
      runs: index.runs(always),
      gaps: index.gaps(always),
      recorded: index.timeline(always).map(({ camera, recorded }) => ({ camera, recorded })),
      usage: index.usage(),
      hours: index.recordedHours(always),
    };
  } finally {
    index.close();
  }
}
