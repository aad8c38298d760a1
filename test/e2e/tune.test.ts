import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeYard } from './lab-footage.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';

interface Told {
  readonly ok: boolean;
  readonly files: number;
  readonly events: readonly {
    readonly file: string;
    readonly verdict: string;
    readonly present: readonly { readonly start: string }[];
    readonly tried: readonly unknown[];
  }[];
  readonly failures: readonly string[];
}

/**
 * A folder with the camera "yard", and a recording of each of the names in its archive, 20 s apart; the last ones are
 * said to be time-lapses.
 */
async function makeArchive(folder: string, names: readonly string[], timelapses = 0): Promise<string> {
  await writeConfig(folder, {
    cameras: { yard: { url: 'demo:', motion: { minimalArea: 300 } } },
    event: { preRoll: '2s' },
  });
  const archive = join(folder, 'archive', 'yard', '2026-11-20');
  await mkdir(archive, { recursive: true });
  for (const [index, name] of names.entries()) {
    writeYard(join(archive, `${name}.mp4`));
    const start = Date.parse('2026-11-20T12:00:00Z') + index * 20_000;
    await writeFile(
      join(archive, `${name}.json`),
      JSON.stringify({
        camera: 'yard',
        file: `${name}.mp4`,
        kind: index < names.length - timelapses ? 'continuous' : 'timelapse',
        start: new Date(start).toISOString(),
        end: new Date(start + 20_000).toISOString(),
        continues: index > 0 ? `${names[index - 1]}.mp4` : undefined,
      }),
    );
  }
  return archive;
}

test("says what other settings would make of a camera's recordings", async () => {
  await using folder = await makeFolder();
  const archive = await makeArchive(folder.path, ['12-00-00', '12-00-20', '12-00-40'], 1);
  const tune = (...words: string[]) =>
    PrerollProcess.run(['tune', 'yard', ...words], { folder: folder.path });

  const deaf = await tune('--set', 'motion.minimalArea=50000', '--json');
  expect(deaf.code, deaf.stderr).toBe(0);
  const told = JSON.parse(deaf.stdout) as Told;
  expect(told).toMatchObject({
    ok: true,
    files: 2,
    counts: { vanishes: 1, same: 0, appears: 0, changes: 0 },
  });
  expect(told.events[0]?.present[0]?.start).toMatch(/^2026-11-20T12:00:/);
  expect(told.events[0]?.tried).toEqual([]);

  await writeFile(
    join(folder.path, 'trial.yaml'),
    'cameras: { yard: { event: { minimalDuration: 30s } } }\n',
  );
  const longer = await tune('--with', 'trial.yaml', '--to', '2026-11-20T12:00:10Z');
  expect(longer.code, longer.stderr).toBe(0);
  expect(longer.stdout).toContain('minimalDurationMs 30000 instead of 10000');
  expect(longer.stdout).toMatch(/1 event at present, 1 with what was tried: 1 (changes|same)\n/);

  await writeFile(join(archive, '12-00-20.mp4'), 'torn');
  const torn = await tune('--detector', 'three-frame', '--json');
  expect(torn.code).toBe(1);
  const rest = JSON.parse(torn.stdout) as Told;
  expect(rest.failures).toHaveLength(1);
  expect(rest.events.length).toBeGreaterThan(0);
});

test('says what is missing', async () => {
  await using folder = await makeFolder();
  await makeArchive(folder.path, []);
  const tune = (...words: string[]) =>
    PrerollProcess.run(['tune', 'yard', ...words], { folder: folder.path });
  expect(await tune()).toMatchObject({
    code: 2,
    stderr: 'nothing to try: give --set, --detector or --with\n',
  });
  const empty = await tune('--detector', 'v1');
  expect(empty.code).toBe(1);
  expect(empty.stderr).toContain('found none of 0');
  expect((await tune('--from', 'yesterday', '--detector', 'v1')).code).toBe(2);
});
