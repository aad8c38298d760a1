import { describe, expect, test } from 'vitest';
import { expandFolder, folderProblem, parseFolderTemplate, timeFields } from './folder-template.ts';

const WALL_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

function expand(text: string): string {
  const template = parseFolderTemplate(text);
  if ('problem' in template) throw new Error(template.problem);
  return expandFolder(template, timeFields(WALL_MS, 'utc'));
}

describe('parseFolderTemplate', () => {
  test.each([
    ['{yyyy}-{mm}-{dd}', '2026-01-02'],
    ['{yyyy}/{mm}/{dd} {hh}h{mi}.{ss}s', '2026/01/02 03h04.05s'],
    ['aufnahmen/größe', 'aufnahmen/größe'],
    ['', ''],
  ])('expands %s', (text, folder) => {
    expect(expand(text)).toBe(folder);
  });

  test.each([
    [
      '{yyyyy}',
      'an unknown placeholder {yyyyy}, did you mean {yyyy}? (known: {yyyy} {mm} {dd} {hh} {mi} {ss})',
    ],
    ['{camera}', 'an unknown placeholder {camera} (known: {yyyy} {mm} {dd} {hh} {mi} {ss})'],
    ['{yyyy', 'a lone brace'],
    ['../{yyyy}', 'a part that begins with a dot'],
    ['/{yyyy}', 'an absolute path'],
  ])('refuses %s', (text, problem) => {
    expect(parseFolderTemplate(text)).toEqual({ problem });
  });
});

describe('folderProblem', () => {
  test.each([
    '..',
    'a/../b',
    '/etc',
    'a//b',
    'a/',
    '',
    '.hidden',
    'a\\b',
    'C:x',
    'a\0b',
    'a\nb',
    'a.',
    ' a',
    'a ',
    '\ud800',
    'ü'.repeat(128),
    'x'.repeat(201),
    'a/b/c/d/e/f/g/h/i',
  ])('finds one in %o', (folder) => {
    expect(folderProblem(folder)).toBeTypeOf('string');
  });

  test.each(['2026-01-02', 'a/b', 'Größe 1', 'a.b', '日'])('finds none in %s', (folder) => {
    expect(folderProblem(folder)).toBeUndefined();
  });
});

test('gives local time in the time zone of the host', () => {
  const date = new Date(2026, 2, 4, 5, 6, 7);
  expect(timeFields(date.getTime(), 'local')).toEqual({
    yyyy: '2026',
    mm: '03',
    dd: '04',
    hh: '05',
    mi: '06',
    ss: '07',
  });
});
