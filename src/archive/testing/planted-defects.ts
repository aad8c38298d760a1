import { appendFile, copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { wallMs } from '../../base/time.ts';
import type { ProblemKind } from '../check/problem.ts';
import { sidecarPath } from '../sidecar.ts';
import { IDENTITY_FILE } from '../volume-identity.ts';
import type { PlantedArchive } from './planted-archive.ts';

/** Something that goes wrong with an archive, done to it. */
export interface PlantedDefect {
  readonly name: string;
  /** As what it must be found. */
  readonly kind: ProblemKind;
  /** @param path of the recording that it is done to. */
  readonly plant: (archive: PlantedArchive, path: string) => Promise<void> | void;
}

async function flipBit(file: string, where: (content: Buffer) => number, mask = 0x10): Promise<void> {
  const content = await readFile(file);
  const at = where(content);
  content[at] = (content[at] ?? 0) ^ mask;
  await writeFile(file, content);
}

/** Where the `count`th occurrence of a text begins, counted from one. */
function nth(content: Buffer, text: string, count: number): number {
  let at = -1;
  for (let found = 0; found < count; found += 1) at = content.indexOf(text, at + 1);
  return at;
}

export const PLANTED_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'a recording was deleted',
    kind: 'missing-file',
    plant: async ({ at }, path) => {
      await rm(at(path));
      await rm(sidecarPath(at(path)));
    },
  },
  {
    name: 'a recording was cut within a fragment',
    kind: 'cut-short',
    plant: async ({ at }, path) => truncate(at(path), (await readFile(at(path))).byteLength - 100),
  },
  {
    name: 'a recording was cut between two fragments',
    kind: 'cut-short',
    plant: async ({ at }, path) => {
      const content = await readFile(at(path));
      await truncate(at(path), content.lastIndexOf('moof') - 4);
    },
  },
  {
    name: 'a kill left a torn tail',
    kind: 'torn-tail',
    plant: ({ at }, path) => appendFile(at(path), Buffer.from('\0\0\x10\0moof and what there was time for')),
  },
  {
    name: 'a recording was emptied',
    kind: 'empty-file',
    plant: ({ at }, path) => truncate(at(path), 0),
  },
  {
    name: 'the index does not know a recording',
    kind: 'missing-row',
    plant: (archive, path) => archive.forget(path),
  },
  {
    name: 'a bit flipped in the header',
    kind: 'damaged-header',
    plant: ({ at }, path) => flipBit(at(path), (content) => content.indexOf('mvhd') + 40),
  },
  {
    name: 'a bit flipped in the parameter sets',
    kind: 'unreadable-file',
    plant: ({ at }, path) => flipBit(at(path), (content) => content.indexOf('avcC') + 9),
  },
  {
    name: 'a bit flipped in the size of the header',
    kind: 'unreadable-file',
    plant: ({ at }, path) => flipBit(at(path), (content) => content.indexOf('moov') - 2),
  },
  {
    name: "a bit flipped in a fragment's tables",
    kind: 'damaged-fragment',
    plant: ({ at }, path) => flipBit(at(path), (content) => nth(content, 'tfdt', 3) + 15),
  },
  {
    name: 'a bit flipped in the size of a fragment',
    kind: 'damaged-fragment',
    plant: ({ at }, path) => flipBit(at(path), (content) => nth(content, 'moof', 2) - 1),
  },
  {
    name: "a bit flipped in the length of a fragment's data",
    kind: 'damaged-fragment',
    plant: ({ at }, path) => flipBit(at(path), (content) => nth(content, 'mdat', 2) - 2, 1),
  },
  {
    name: 'a bit flipped in the length of a picture',
    kind: 'damaged-fragment',
    plant: ({ at }, path) => flipBit(at(path), (content) => nth(content, 'mdat', 2) + 7, 2),
  },
  {
    name: 'a bit flipped in a picture',
    kind: 'damaged-fragment',
    plant: ({ at }, path) => flipBit(at(path), (content) => nth(content, 'mdat', 3) + 20),
  },
  {
    name: 'a sector was lost in the middle',
    kind: 'damaged-fragment',
    plant: async ({ at }, path) => {
      const content = await readFile(at(path));
      content.fill(0, nth(content, 'moof', 2) - 4, nth(content, 'moof', 2) + 508);
      await writeFile(at(path), content);
    },
  },
  {
    name: 'a recording is no MP4 any more',
    kind: 'unreadable-file',
    plant: async ({ at }, path) => {
      const content = await readFile(at(path));
      await writeFile(at(path), content.fill(0x55, 0, 4096));
    },
  },
  {
    name: 'the index has a wrong size',
    kind: 'wrong-size',
    plant: (archive, path) => archive.change(path, ({ sizeBytes }) => ({ sizeBytes: sizeBytes - 1 })),
  },
  {
    name: 'the index has wrong times',
    kind: 'wrong-times',
    plant: (archive, path) =>
      archive.change(path, ({ startWallMs }) => ({ startWallMs: wallMs(startWallMs - 1000) })),
  },
  {
    name: 'the index has wrong fragments',
    kind: 'wrong-fragments',
    plant: (archive, path) => archive.change(path, ({ fragments }) => ({ fragments: fragments.slice(1) })),
  },
  {
    name: 'the index has another codec',
    kind: 'wrong-description',
    plant: (archive, path) =>
      archive.change(path, ({ video }) => ({ video: { ...video, codec: 'hvc1.1.6.L93.b0' } })),
  },
  {
    name: 'the index takes a recording for open',
    kind: 'left-open',
    plant: (archive, path) => archive.change(path, () => ({ isOpen: true })),
  },
  {
    name: 'a row is there twice, under a second name',
    kind: 'missing-file',
    plant: (archive, path) =>
      archive.change(path, () => ({ path: path.replace('.mp4', '-9.mp4') })),
  },
  {
    name: 'a row leads out of the archive',
    kind: 'bad-path',
    plant: (archive, path) => archive.change(path, () => ({ path: '../canary.mp4' })),
  },
  {
    name: 'a recording was copied',
    kind: 'doubled',
    plant: async (archive, path) => {
      const copy = path.replace('.mp4', '-2.mp4');
      await copyFile(archive.at(path), archive.at(copy));
      const sidecar = await readFile(sidecarPath(archive.at(path)), 'utf8');
      const [name = '', copyName = ''] = [path, copy].map((each) => each.split('/').at(-1) ?? '');
      await writeFile(sidecarPath(archive.at(copy)), sidecar.replace(name, copyName));
      await archive.change(path, () => ({ path: copy }));
    },
  },
  {
    name: 'a sidecar was deleted',
    kind: 'missing-sidecar',
    plant: ({ at }, path) => rm(sidecarPath(at(path))),
  },
  {
    name: 'a sidecar was torn by a power cut',
    kind: 'damaged-sidecar',
    plant: ({ at }, path) => truncate(sidecarPath(at(path)), 40),
  },
  {
    name: 'a sidecar is that of another recording',
    kind: 'damaged-sidecar',
    plant: async (archive, path) => {
      const other = (await archive.recordings()).find(
        (each) => each.path !== path && !each.path.startsWith('..'),
      )?.path ?? '';
      await copyFile(sidecarPath(archive.at(other)), sidecarPath(archive.at(path)));
    },
  },
  {
    name: 'a sidecar has lost its recording',
    kind: 'orphan-sidecar',
    plant: async (archive, path) => {
      await rm(archive.at(path));
      await archive.forget(path);
    },
  },
  {
    name: 'something was to be renamed',
    kind: 'leftover',
    plant: ({ at }, path) => writeFile(`${sidecarPath(at(path))}.new`, '{"camera"'),
  },
  {
    name: 'a deletion was not finished',
    kind: 'unfinished-garbage',
    plant: (archive, path) => archive.discard(path),
  },
  {
    name: 'the index does not know an event',
    kind: 'missing-event',
    plant: ({ sql }) => sql('DELETE FROM event_detail; DELETE FROM event'),
  },
  {
    name: 'the index does not know a run',
    kind: 'missing-run',
    plant: ({ sql }) => sql('DELETE FROM run'),
  },
  {
    name: 'the sums of the index are wrong',
    kind: 'wrong-sums',
    plant: ({ sql }) => sql('UPDATE usage SET size_bytes = size_bytes + 1'),
  },
  {
    name: 'the spans of the index are wrong',
    kind: 'wrong-sums',
    plant: ({ sql }) => sql('UPDATE recorded_span SET end_ms = end_ms - 500'),
  },
  {
    name: 'a page of the database was overwritten',
    kind: 'damaged-index',
    plant: async ({ indexPath }) => {
      const content = await readFile(indexPath);
      await writeFile(indexPath, content.fill(0x55, 4096 * 3, 4096 * 9));
    },
  },
  {
    name: 'the database is gone',
    kind: 'missing-index',
    plant: ({ indexPath }) => rename(indexPath, `${indexPath}.gone`),
  },
  {
    name: 'the identity of the volume is gone',
    kind: 'identity',
    plant: ({ at }) => rm(at(IDENTITY_FILE)),
  },
  {
    name: 'the identity of the volume is damaged',
    kind: 'identity',
    plant: ({ at }) => writeFile(at(IDENTITY_FILE), '{"id":'),
  },
];
