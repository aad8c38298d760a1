import { parseDocument } from 'yaml';
import { beforeEach, expect, test, vi } from 'vitest';
import { editDocument, type DocumentEdit } from './edit-document.ts';

vi.mock('yaml', { spy: true });

beforeEach(() => {
  vi.mocked(parseDocument).mockClear();
});

const CAMERAS = Array.from({ length: 16 }, (_, i) => `yard ${i}`);
const TEXT = `cameras:\n${CAMERAS.map((name) => `  ${name}:\n    url: "demo:"\n    mode: motion\n`).join('')}`;

function set(camera: string, key: string): DocumentEdit {
  return { kind: 'set', path: ['cameras', camera, ...key.split('.')], value: '8s' };
}

test('reads a text once before and once afterwards, however many of its values are changed or added', () => {
  const edits = CAMERAS.flatMap((name) => ['mode', 'x', 'y'].map((key) => set(name, key)));
  expect(editDocument(TEXT, edits)).toContain('    mode: 8s\n    x: 8s\n    y: 8s\n  yard 15:');
  expect(parseDocument).toHaveBeenCalledTimes(2);
});

test('reads it once more where something changes what another one has written', () => {
  const edits = ['event.preRoll', 'event.postRoll', 'event.initialWait'].map((key) => set('yard 15', key));
  expect(editDocument(TEXT, edits)).toMatch(/ {4}event:\n( {6}\w+: 8s\n){3}$/);
  expect(parseDocument).toHaveBeenCalledTimes(3);
});
