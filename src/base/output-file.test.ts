import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputError, OutputFile } from './output-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('OutputFile', () => {
  it('has its name only when it is whole', () => {
    const path = join(folder, 'out.txt');
    {
      using given = new OutputFile(path, false);
      writeFileSync(given.partPath, 'half');
    }
    expect(readdirSync(folder)).toEqual([]);
    using file = new OutputFile(path, false);
    writeFileSync(file.partPath, 'whole');
    file.complete();
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('replaces a file only when told', () => {
    const path = join(folder, 'out.txt');
    writeFileSync(path, 'old');
    expect(() => new OutputFile(path, false)).toThrow(OutputError);
    using file = new OutputFile(path, true);
    expect(readFileSync(path, 'utf8')).toBe('old');
    writeFileSync(file.partPath, 'new');
    file.complete();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('never replaces what is no file: a device would be gone for the whole machine', () => {
    for (const path of ['/dev/null', folder]) {
      expect(() => new OutputFile(path, true)).toThrow('is no file, and is not replaced');
    }
  });

  it('does not replace a file that somebody else made meanwhile', () => {
    const path = join(folder, 'out.txt');
    using file = new OutputFile(path, false);
    writeFileSync(path, 'theirs');
    expect(() => file.complete()).toThrow(OutputError);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  it('says so when its folder is missing', () => {
    expect(() => new OutputFile(join(folder, 'no', 'out.txt'), false)).toThrow(/cannot be written/);
  });

  it('says so when its name cannot even be looked up', () => {
    const path = join(folder, 'n'.repeat(300));
    expect(() => new OutputFile(path, false)).toThrow(OutputError);
    expect(() => new OutputFile(path, false)).toThrow(/cannot be written/);
  });
});
