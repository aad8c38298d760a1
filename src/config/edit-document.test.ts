import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultConfigText } from './default-file.ts';
import { parseConfigDocument } from './document.ts';
import {
  editDocument,
  EditError,
  plainValue,
  type DocumentEdit,
  type WrittenValue,
} from './edit-document.ts';

const FILE = `# Our house.
cameras:
  # By the door.
  front:   # the new one
    url: 'rtsp://10.0.0.5/main'   # upstairs
    mode: motion
    # password: old
    motion:
      # The road.
      masks:   # two
        - [[0, 0], [1, 0], [1, 0.1]]
        - [[0, 0.9], [1, 0.9], [1, 1]]
      sensitivity:    60

  yard: { url: "demo:", mode: always }
    # mode: off
event:
log:
  level: debug
`;

function set(path: string, value: WrittenValue): DocumentEdit {
  return { kind: 'set', path: path.split('.'), value };
}

function remove(path: string): DocumentEdit {
  return { kind: 'remove', path: path.split('.') };
}

/** The lines of `FILE` that are gone, and those that are new. */
function difference(edited: string, original = FILE): { gone: string[]; added: string[] } {
  const [before, after] = [original.split('\n'), edited.split('\n')];
  return {
    gone: before.filter((line) => !after.includes(line)),
    added: after.filter((line) => !before.includes(line)),
  };
}

describe('editDocument', () => {
  test('changes a value and leaves every other byte as it was', () => {
    const edited = editDocument(FILE, [set('cameras.front.motion.sensitivity', 75)]);
    expect(edited).toBe(FILE.replace('sensitivity:    60', 'sensitivity:    75'));
  });

  test('keeps the comment behind a value', () => {
    const edited = editDocument(FILE, [set('cameras.front.url', 'rtsp://10.0.0.6/main')]);
    expect(difference(edited).added).toEqual(['    url: rtsp://10.0.0.6/main   # upstairs']);
  });

  test('leaves the text alone when the value is what it was', () => {
    expect(editDocument(FILE, [set('cameras.front.mode', 'motion'), remove('cameras.back')])).toBe(FILE);
  });

  test('writes a new key behind the last one of its section', () => {
    const edited = editDocument(FILE, [set('log.console', false)]);
    expect(edited).toBe(`${FILE}  console: false\n`);
  });

  test('writes the sections above a new key', () => {
    const edited = editDocument(FILE, [set('event.preRoll', '8s'), set('retention.eventMaxAge', '90d')]);
    expect(difference(edited).gone).toEqual([]);
    expect(edited).toContain('event:\n  preRoll: 8s\nlog:');
    expect(edited.endsWith('  level: debug\nretention:\n  eventMaxAge: 90d\n')).toBe(true);
  });

  test('adds a camera behind the others, and behind what is commented out of the last one', () => {
    const edited = editDocument(FILE, [
      set('cameras.gate', { url: 'rtsp://10.0.0.7/1', motion: { sensitivity: 40 } }),
    ]);
    expect(difference(edited).gone).toEqual([]);
    expect(edited).toContain(
      '    # mode: off\n  gate:\n    url: rtsp://10.0.0.7/1\n    motion:\n      sensitivity: 40\nevent:\n',
    );
  });

  test('replaces a list, its heading and what follows kept', () => {
    const edited = editDocument(FILE, [
      set('cameras.front.motion.masks', [
        [
          [0, 0],
          [0.5, 0],
          [0.5, 1],
        ],
      ]),
    ]);
    expect(edited).toContain(
      '      # The road.\n      masks:   # two\n        - [[0, 0], [0.5, 0], [0.5, 1]]\n      sensitivity:    60\n',
    );
  });

  test('empties a list', () => {
    const edited = editDocument(FILE, [set('cameras.front.motion.masks', [])]);
    expect(edited).toContain('      masks: []   # two\n      sensitivity:    60\n');
  });

  test('writes a list where a value in one line was', () => {
    const edited = editDocument('a:\n  masks: [] # none\n  b: 1\n', [set('a.masks', [[[0, 0]]])]);
    expect(edited).toBe('a:\n  masks: # none\n    - [[0, 0]]\n  b: 1\n');
  });

  test('changes what is written in braces', () => {
    const edited = editDocument(FILE, [set('cameras.yard.mode', 'off'), set('cameras.yard.enabled', false)]);
    expect(difference(edited).added).toEqual(['  yard: { url: "demo:", mode: off, enabled: false }']);
  });

  test('removes a camera with what is below it and leaves the others', () => {
    const edited = editDocument(FILE, [remove('cameras.front')]);
    expect(edited).toBe(`${FILE.slice(0, FILE.indexOf('  front:'))}${FILE.slice(FILE.indexOf('\n  yard:'))}`);
    expect(editDocument(FILE, [remove('cameras.yard')])).not.toContain('# mode: off');
  });

  test('removes the last camera', () => {
    const edited = editDocument('cameras:\n  a:\n    url: "demo:"\nlog:\n', [remove('cameras.a')]);
    expect(edited).toBe('cameras:\nlog:\n');
    expect(editDocument(edited, [set('cameras.b.url', 'demo:')])).toBe(
      'cameras:\n  b:\n    url: "demo:"\nlog:\n',
    );
  });

  test('renames a camera in its place', () => {
    const edited = editDocument(FILE, [{ kind: 'rename', path: ['cameras', 'front'], to: 'front door' }]);
    expect(edited).toBe(FILE.replace('  front:', '  front door:'));
  });

  test('writes into an empty file, and into one of comments only', () => {
    expect(editDocument('', [set('cameras.a.url', 'demo:')])).toBe('cameras:\n  a:\n    url: "demo:"\n');
    expect(editDocument('# none yet', [set('log.level', 'warn')])).toBe('# none yet\nlog:\n  level: warn\n');
  });

  test('keeps the line ends of a file', () => {
    const edited = editDocument('log:\r\n  level: info # x\r\n', [
      set('log.level', 'warn'),
      set('log.count', 3),
    ]);
    expect(edited).toBe('log:\r\n  level: warn # x\r\n  count: 3\r\n');
  });

  test('refuses to change what an alias stands for', () => {
    const text = 'a: &x\n  b: 1\nc: *x\n';
    for (const path of ['a.b', 'c.b']) expect(() => editDocument(text, [set(path, 2)])).toThrow(EditError);
  });

  test.each([
    [['__proto__', 'x'], 1],
    [['a', 'constructor'], 1],
    [['a'], JSON.parse('{"__proto__":{"x":1}}') as WrittenValue],
    [['a'], [{ prototype: 1 }]],
    [[], 1],
  ])('refuses the keys of %o', (path, value) => {
    expect(() => editDocument(FILE, [{ kind: 'set', path, value }])).toThrow(EditError);
  });

  test('refuses a text that already holds a key twice', () => {
    expect(() => editDocument('a: 1\na: 2\n', [set('b', 1)])).toThrow(EditError);
  });

  test('several changes at once give what they give one after the other', () => {
    const texts = fc.constantFrom(
      FILE,
      FILE.replaceAll('\n', '\r\n'),
      FILE.trimEnd(),
      defaultConfigText(),
      '',
    );
    const keys = ['front', 'yard', 'gate', 'mode', 'motion', 'masks', 'sensitivity', 'url', 'x', 'preRoll'];
    const path = fc
      .tuple(
        fc.constantFrom('cameras', 'event', 'log', 'retention'),
        fc.array(fc.constantFrom(...keys), { maxLength: 3 }),
      )
      .map(([section, below]) => [section, ...below]);
    const value = fc.constantFrom<WrittenValue>(
      1,
      'off',
      null,
      [],
      [[[0, 0]]],
      { x: 1 },
      { mode: { x: [1] } },
    );
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), path, value }),
      fc.record({ kind: fc.constant('remove' as const), path }),
      fc.record({ kind: fc.constant('rename' as const), path, to: fc.constantFrom(...keys) }),
    );
    const outcome = (work: () => string): string => {
      try {
        return work();
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(texts, fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
        const singly = outcome(() => edits.reduce((written, one) => editDocument(written, [one]), text));
        expect(outcome(() => editDocument(text, edits))).toBe(singly);
      }),
    );
  });

  test('takes whatever text a value holds for text', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'a\nb: 1',
        'x: y',
        '# no',
        '- a',
        '*x',
        '&x',
        '!!js',
        '"',
        "'",
        '\r\n  evil: 1',
        'yes',
        '007',
        '{a}',
        '\u2028',
      ),
    );
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom('cameras.front.url', 'cameras.yard.url', 'cameras.new.url', 'log.x', 'event.x'),
        (text, path) => {
          const edited = editDocument(FILE, [set(path, text)]);
          const { root, problems } = parseConfigDocument(edited, '');
          expect(problems).toEqual([]);
          let value: unknown = plainValue(root);
          for (const key of path.split('.')) value = (value as Record<string, unknown>)[key];
          expect(value).toBe(text);
          expect(difference(edited).gone.length).toBeLessThan(2);
        },
      ),
    );
  });

  test('loses no comment of the default file, whatever is set in it', () => {
    const text = defaultConfigText();
    const edits = fc.constantFrom(
      set('cameras.yard.mode', 'always'),
      set('cameras.yard.motion.masks', [
        [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      ]),
      set('cameras.yard.motion.zones', {
        door: {
          polygon: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      }),
      set('cameras.yard.schedule', { 'sat,sun': 'off' }),
      set('cameras.gate', { url: 'rtsp://10.0.0.1/' }),
      set('retention.eventMaxAge', '90d'),
      set('event.at', ['mon 08:00-09:00']),
      set('archive.volumes', [{ path: '/a' }]),
      remove('cameras.yard.mode'),
      remove('event.at'),
    );
    const comments = (of: string) => of.split('\n').filter((line) => line.trim().startsWith('#'));
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 8 }), (some) => {
        expect(comments(editDocument(text, some))).toEqual(comments(text));
      }),
    );
  });
});
