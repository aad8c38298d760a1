import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import { childrenOf, makeFolder, PrerollProcess, writeConfig } from '../e2e/preroll-process.ts';
import { recordingsOf } from '../e2e/recordings.ts';
import { signUp, type WebSite } from '../e2e/web-site.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { freePort } from '../sources/free-port.ts';
import { JpegCamera } from '../sources/jpeg-camera.ts';
import { jpegPictures } from '../sources/jpeg-pictures.ts';
import type { Fault, FaultReport } from './fault.ts';
import { endedWell, footageFigures, isWhole, judgeFootage } from './trial.ts';

const KILLS = 40;
/** A kill comes so long after everything is as it was. */
const LONGEST_PEACE_MS = 15_000;
const BACK_WITHIN_MS = 5_000;
/** Not only back: what does not come back at all fails sooner than the whole takes. */
const PATIENCE_MS = 60_000;

/** A child of the recorder that is killed, and how it is told that it is back. */
interface Victim {
  readonly name: string;
  pid(): Promise<number | undefined>;
  /** Resolves once what it does is done again. */
  back(): Promise<void>;
}

export const fault: Fault = {
  title:
    'children killed at any moment are back within 5 s, and no camera but that of a killed source loses a picture',
  requires: async () => (process.platform === 'linux' ? undefined : 'needs Linux'),
  async run(report) {
    await using folder = await makeFolder();
    const clip = await testClip({ ...TINY, loopSeconds: 4 });
    await using plain = await FakeCamera.start({ clock: systemClock, main: clip, name: 'plain' });
    await using small = await FakeCamera.start({ clock: systemClock, main: clip, name: 'small' });
    await using old = await JpegCamera.start({ pictures: jpegPictures(clip), rateFps: TINY.rateFps });
    const reencode = { widthPx: 160, encoder: 'software' };
    await writeConfig(folder.path, {
      archive: { segmentLength: '10s' },
      cameras: {
        plain: { url: plain.url, mode: 'always+motion' },
        small: { url: small.url, mode: 'always', reencode },
        old: { url: old.url('video'), mode: 'always+motion' },
      },
    });
    // The same after its web server has been started again.
    const environment = { PREROLL__WEB__PORT: String(await freePort()) };
    await using preroll = PrerollProcess.start(['run'], { folder: folder.path, hasWeb: true, environment });
    for (const name of ['plain', 'small', 'old']) await preroll.says(`[${name}] recording to`);
    await preroll.says('re-encoding with');
    const site = await signUp(preroll);
    const awayMs = await killAll(victimsOf(preroll, site), report);
    const ended = await preroll.interrupt();
    const archive = join(folder.path, 'archive');
    const footage = await judgeFootage([archive], ['plain']);
    const others = (await Promise.all(['small', 'old'].map((name) => recordingsOf(archive, name)))).flat();
    const broken = others.filter(({ faults }) => faults.length > 0).length;
    const slowest = Math.max(...[...awayMs.values()].flat());
    return {
      ok: endedWell(ended) && isWhole(footage) && broken === 0 && slowest <= BACK_WITHIN_MS,
      figures: {
        kills: KILLS,
        ...Object.fromEntries(
          Array.from(awayMs, ([name, times]) => [`${name}: back after, ms`, spread(times)]),
        ),
        ...footageFigures(footage),
        'broken files of the other cameras': broken,
      },
    };
  },
};

function victimsOf(preroll: PrerollProcess, site: WebSite): readonly Victim[] {
  const first = async (program: string) => (await preroll.children(program))[0];
  const asks = (path: string) => async () => {
    for (;;) {
      const answer = await fetch(`${site.url}${path}`, { headers: { cookie: site.cookie } }).catch(
        () => undefined,
      );
      await answer?.arrayBuffer();
      if (answer?.ok === true) return;
      await delay(50);
    }
  };
  const showsPicture = asks('api/cameras/plain/snapshot');
  const told = (name: string, program: string, pattern: string): Victim => {
    let times = 0;
    const pid = async () => {
      times = preroll.stderr.split(pattern).length;
      return await first(program);
    };
    return { name, pid, back: () => preroll.says(pattern, times) };
  };
  return [
    told('source process', 'source-main', '[old] recording to'),
    told('analyzer', 'analyzer-main', 'answers again'),
    told('transcoder', 'transcoder-main', 're-encoding with'),
    { name: 'web server', pid: () => first('web-main'), back: asks('api/cameras') },
    {
      name: 'picture maker',
      async pid() {
        await showsPicture();
        const web = await first('web-main');
        return web === undefined ? undefined : (await childrenOf(web, 'picture-main'))[0];
      },
      back: showsPicture,
    },
  ];
}

/** @returns how long each was away, in ms. */
async function killAll(
  victims: readonly Victim[],
  report: FaultReport,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const awayMs = new Map<string, number[]>(victims.map(({ name }) => [name, []]));
  for (let kills = 0; kills < KILLS; kills++) {
    await delay(Math.random() * LONGEST_PEACE_MS);
    // Each in its turn at first, so that none is left out.
    const victim = victims[kills < victims.length ? kills : Math.floor(Math.random() * victims.length)];
    const pid = await victim?.pid();
    if (victim === undefined || pid === undefined)
      throw new Error(`expected a ${victim?.name ?? 'child'}, found none`);
    const startMs = performance.now();
    process.kill(pid, 'SIGKILL');
    await Promise.race([victim.back(), lateFor(victim)]);
    const tookMs = Math.round(performance.now() - startMs);
    awayMs.get(victim.name)?.push(tookMs);
    report((kills + 1) / KILLS, `${victim.name} back after ${tookMs} ms`);
  }
  return awayMs;
}

async function lateFor({ name }: Victim): Promise<never> {
  await delay(PATIENCE_MS, undefined, { ref: false });
  throw new Error(`the ${name} was not back after ${PATIENCE_MS / 1_000} s`);
}

function spread(times: readonly number[]): string {
  return times.length === 0
    ? 'never killed'
    : `${times.length} kills, ${Math.min(...times)} to ${Math.max(...times)}`;
}
