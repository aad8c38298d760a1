import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfigDocument } from './document.ts';
import { findLocated } from './located.ts';

function problemsOf(text: string): string[] {
  return parseConfigDocument(text, 'a.yaml').problems.map(
    ({ place, message }) => `${place.line}:${place.column}: ${message}`,
  );
}

describe('parseConfigDocument', () => {
  test('keeps the line and column of each value and key', () => {
    const { root, problems } = parseConfigDocument(
      'event:\n  preRoll: 5s # five\n  list: [1, true]\n',
      'a.yaml',
    );
    expect(problems).toEqual([]);
    expect(findLocated(root, ['event', 'preRoll'])).toEqual({
      kind: 'scalar',
      value: '5s',
      place: { source: 'a.yaml', line: 2, column: 12 },
    });
    expect(findLocated(root, ['event', 'list', 1])).toMatchObject({
      value: true,
      place: { line: 3, column: 13 },
    });
  });

  test.each([
    ['event:\n  preRoll: 5s\n  preRoll: 6s\n', '3:3: preRoll: written twice, first in line 2'],
    ['a: 1\n\tb: 2', '2:1: not valid YAML: Tabs are not allowed as indentation'],
    ['a: 1\n---\nb: 2', '2:1: expected one YAML document, found a second'],
    ['"__proto__": 1', '1:1: __proto__: this name may not be used'],
    ['a: { constructor: 1 }', '1:6: constructor: this name may not be used'],
    ['a: !!js/function x', '1:4: not valid YAML: Unresolved tag'],
    ['a:\n  b: 1\n c: 2', '3:1: not valid YAML: All mapping items must start at the same column'],
    ['? [a]\n: 1', '1:3: not valid YAML: With stringKeys, all keys must be strings'],
  ])('tells what is wrong with %o', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test.each([
    'a: *hunter2',
    'a: "\\hunter2"',
    'a: "hunter2',
    'a: !hunter2 x',
    'a: [hunter2',
    'a: "b" hunter2',
    '&a *hunter2',
    '%hunter2\na: 1',
  ])('does not repeat the text around a problem: %s', (text) => {
    const problems = problemsOf(text);
    expect(problems).not.toEqual([]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('follows anchors and aliases', () => {
    const { root, problems } = parseConfigDocument('a: &x { b: 1 }\nc: *x\n', 'a.yaml');
    expect(problems).toEqual([]);
    expect(findLocated(root, ['c', 'b'])).toMatchObject({ value: 1 });
  });

  test('refuses aliases that multiply, aliases in themselves and deep nesting', () => {
    const bomb = ['a0: &a0 [x]'];
    for (let level = 1; level < 30; level += 1)
      bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    for (const text of [bomb.join('\n'), 'a: &x { b: *x }', `a: ${'['.repeat(40)}${']'.repeat(40)}`]) {
      expect(problemsOf(text).join()).toMatch(/expected at most 20000 values, 32 levels deep/);
    }
    expect(problemsOf('['.repeat(5_000)).length).toBeLessThanOrEqual(10);
  });

  test('takes any text without throwing', () => {
    const yamlish = fc.array(
      fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '&a', '*a', '"', '!', '\t', '|', '#', '?'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          yamlish.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parseConfigDocument(text, 'a.yaml').problems).toBeInstanceOf(Array);
        },
      ),
      { numRuns: 500 },
    );
  });
});
