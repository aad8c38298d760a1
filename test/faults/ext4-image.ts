import { copyFile, constants, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/**
 * A disk of its own: a file with an ext4 file system, mounted in a folder. What a copy of the file holds is what the disk
 * would after a power cut: what programs have written and the file system has not yet put on the disk is not in it. Needs
 * root.
 */
export class Ext4Image implements AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string;
  readonly #path: string;

  private constructor(path: string, folder: string) {
    this.#path = path;
    this.folder = folder;
  }

  /** @param parent an existing folder for the file and the mounted folder. */
  static async make(parent: string, sizeMib: number): Promise<Ext4Image> {
    const path = join(parent, 'disk.img');
    await using file = await open(path, 'w');
    await file.truncate(sizeMib * 2 ** 20);
    await runProgram(['mkfs.ext4', '-q', '-F', path]);
    return await Ext4Image.#mount(path, join(parent, 'disk'));
  }

  static async #mount(path: string, folder: string): Promise<Ext4Image> {
    await mkdir(folder, { recursive: true });
    await runProgram(['mount', '-o', 'loop,data=ordered', path, folder]);
    return new Ext4Image(path, folder);
  }

  /**
   * What is on the disk now, as a disk that gets its power back: its file system is checked and its journal replayed. Whoever
   * writes to it must stand still meanwhile.
   */
  async copyAfterPowerCut(parent: string): Promise<string> {
    const path = join(parent, 'after.img');
    await rm(path, { force: true });
    await copyFile(this.#path, path, constants.COPYFILE_FICLONE);
    return path;
  }

  /** @throws when the file system is damaged beyond what its journal mends. */
  static async mountCopy(path: string, folder: string): Promise<Ext4Image> {
    // 1: errors were corrected, which replaying the journal counts as.
    await runProgram(['sh', '-c', 'e2fsck -fp "$0" >&2; [ $? -le 1 ]', path]);
    return await Ext4Image.#mount(path, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runProgram(['umount', this.folder]);
    await rm(this.#path, { force: true });
  }
}
