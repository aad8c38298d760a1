import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { VolumeRecord } from '../db/records.ts';
import { IDENTITY_FILE, readIdentity } from './volume-identity.ts';
import { Volumes, type VolumesOptions } from './volumes.ts';

const START = wallMs(Date.UTC(2026, 10, 22, 20, 15, 3));

let folder: string;
let clock: SimulatedClock;
let told: string[];
let found: VolumeRecord[];
let askedForRoom: VolumeRecord[];
/** Paths. */
let full: Set<string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-volumes-'));
  clock = new SimulatedClock(START);
  told = [];
  found = [];
  askedForRoom = [];
  full = new Set();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);

function makeVolumes(names: readonly string[], options: Partial<VolumesOptions> = {}): Volumes {
  const tell = (message: string) => void told.push(message.replaceAll(folder, ''));
  const log: Log = { ...silentLog, info: tell, warn: tell, error: tell };
  return new Volumes({
    paths: names.map(at),
    known: [],
    naming: { template: { pieces: [] }, timeZone: 'utc', log },
    clock,
    log,
    onFound: (volume) => found.push(volume),
    onAbandoned: () => undefined,
    onCreated: () => undefined,
    makeRoom: (volume) => askedForRoom.push(volume),
    isFull: ({ path }) => full.has(path),
    ...options,
  });
}

/** Creates a file and tells its volume's name. */
async function create(volumes: Volumes): Promise<string> {
  const { handle, path, key } = await volumes.create('yard', START);
  await handle.close();
  expect(path.endsWith(`/${key.path}`)).toBe(true);
  expect(found.map(({ id }) => id)).toContain(key.volume);
  return path.slice(folder.length + 1).split('/')[0] ?? '';
}

/** As when a disk is taken out: the folder it was mounted on is empty. */
async function unmount(name: string): Promise<void> {
  await rename(at(name), at(`${name}-away`));
  await mkdir(at(name));
}

async function mount(name: string): Promise<void> {
  await rm(at(name), { recursive: true });
  await rename(at(`${name}-away`), at(name));
}

describe('Volumes', () => {
  test('takes one that is full only when no other has room', async () => {
    const volumes = makeVolumes(['fast', 'big']);
    await volumes.find();
    full.add(at('fast'));
    expect(await create(volumes)).toBe('big');
    full.add(at('big'));
    expect(await create(volumes)).toBe('fast');
  });

  test('makes volumes of folders that were never used, and tells the index', async () => {
    const volumes = makeVolumes(['fast', 'deep/big']);
    await volumes.find();
    expect(found.map(({ path }) => path)).toEqual([at('fast'), at('deep/big')]);
    expect(await readIdentity(at('deep/big'))).toEqual({ kind: 'volume', id: found[1]?.id });
    expect(volumes.present).toEqual(found);
    expect(await create(volumes)).toBe('fast');
    expect(found).toHaveLength(2);
    expect(told).toEqual([]);
  });

  test('gives a new volume one identity, however many ask at once', async () => {
    const volumes = makeVolumes(['fast']);
    const files = await Promise.all([1, 2, 3].map(() => volumes.create('yard', START)));
    for (const { handle } of files) await handle.close();
    expect(new Set(files.map(({ key }) => key.volume)).size).toBe(1);
    expect(found).toHaveLength(1);
  });

  test('writes nothing to the folder of an unmounted disk, says so once, and takes the disk when it is back', async () => {
    await makeVolumes(['fast', 'big']).find();
    await unmount('fast');
    const volumes = makeVolumes(['fast', 'big'], { known: found });
    await volumes.find();
    expect(volumes.present.map(({ path }) => path)).toEqual([at('big')]);
    expect(await create(volumes)).toBe('big');
    expect(await create(volumes)).toBe('big');
    expect(await readdir(at('fast'))).toEqual([]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/volume \/fast cannot be used: .*is the disk mounted\?.*the others serve/);
    await mount('fast');
    expect(await create(volumes)).toBe('fast');
    expect(told.slice(1)).toEqual(['the volume /fast is in use again']);
  });

  test('notices a disk that goes away while it is in use', async () => {
    const volumes = makeVolumes(['fast']);
    expect(await create(volumes)).toBe('fast');
    await unmount('fast');
    await expect(volumes.create('yard', START)).rejects.toMatchObject({ kind: 'missing' });
    expect(await readdir(at('fast'))).toEqual([]);
    expect(volumes.present).toEqual([]);
  });

  test('does not make up for a folder that is gone with its disk', async () => {
    await makeVolumes(['fast']).find();
    await rm(at('fast'), { recursive: true });
    const volumes = makeVolumes(['fast'], { known: found });
    await expect(volumes.create('yard', START)).rejects.toMatchObject({ kind: 'missing' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('takes a new disk in the place of another one when an empty file asks for it', async () => {
    await makeVolumes(['fast']).find();
    await unmount('fast');
    await writeFile(join(at('fast'), IDENTITY_FILE), '');
    const volumes = makeVolumes(['fast'], { known: [...found] });
    expect(await create(volumes)).toBe('fast');
    expect(found).toHaveLength(2);
    expect(found[1]?.id).not.toBe(found[0]?.id);
    expect(told).toEqual(['/fast holds another volume than before; it is used']);
  });

  test('says nothing of a volume that was mounted elsewhere before', async () => {
    await makeVolumes(['fast']).find();
    await rename(at('fast'), at('moved'));
    await makeVolumes(['moved'], { known: [...found] }).find();
    expect(found[1]).toEqual({ id: found[0]?.id, path: at('moved') });
    expect(told).toEqual([]);
  });

  test('does not use the copy of a volume', async () => {
    await makeVolumes(['fast']).find();
    await cp(at('fast'), at('copy'), { recursive: true });
    const volumes = makeVolumes(['fast', 'copy']);
    await volumes.find();
    expect(volumes.present.map(({ path }) => path)).toEqual([at('fast')]);
    expect(told[0]).toMatch(/volume \/copy cannot be used: .*found its copy/);
  });

  test('does not use a folder whose identity is damaged, and leaves it as it is', async () => {
    await mkdir(at('fast'));
    await writeFile(join(at('fast'), IDENTITY_FILE), '{"id');
    await expect(makeVolumes(['fast']).create('yard', START)).rejects.toMatchObject({ kind: 'identity' });
    expect(await readFile(join(at('fast'), IDENTITY_FILE), 'utf8')).toBe('{"id');
  });

  test('says why none of several takes a file', async () => {
    await writeFile(at('fast'), '');
    await writeFile(at('big'), '');
    const failing = makeVolumes(['fast/x', 'big/x']).create('yard', START);
    await expect(failing).rejects.toMatchObject({ kind: 'none' });
    await expect(failing).rejects.toThrow(/no volume takes a file: .*ENOTDIR.*; .*ENOTDIR/);
  });

  test('lets a volume that failed rest while there are others, and asks for room when it was full', async () => {
    const volumes = makeVolumes(['fast', 'big']);
    const { handle, key } = await volumes.create('yard', START);
    await handle.close();
    const fullDisk = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    volumes.failed(key, new Error('could not write', { cause: fullDisk }));
    expect(askedForRoom.map(({ path }) => path)).toEqual([at('fast')]);
    expect(await create(volumes)).toBe('big');
    await clock.advance(11 * 60_000);
    expect(await create(volumes)).toBe('fast');
    volumes.failed(key, new Error('EIO'));
    expect(askedForRoom).toHaveLength(1);
  });

  test('goes on trying a volume that failed when it is the only one', async () => {
    const volumes = makeVolumes(['fast']);
    const { handle, key } = await volumes.create('yard', START);
    await handle.close();
    volumes.failed(key, new Error('EIO'));
    expect(await create(volumes)).toBe('fast');
  });

  test('does not blame a volume for the folder of one camera', async () => {
    const volumes = makeVolumes(['fast']);
    await volumes.find();
    await symlink(tmpdir(), join(at('fast'), 'gate'));
    await expect(volumes.create('gate', START)).rejects.toMatchObject({ kind: 'folder' });
    expect(volumes.present).toHaveLength(1);
    expect(told).toEqual([]);
  });
});
