import { afterEach, expect, test, vi } from 'vitest';
import { storedChoice } from './stored-choice.ts';

afterEach(() => vi.unstubAllGlobals());

function pretendStorage(entries: Readonly<Record<string, string>> = {}): Map<string, string> {
  const map = new Map(Object.entries(entries));
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => map.set(key, value),
  });
  return map;
}

test('a choice is kept in the browser and told to those who listen', () => {
  const storage = pretendStorage();
  const choice = storedChoice('theme', ['system', 'dark'], 'system');
  const told = vi.fn();
  const stop = choice.subscribe(told);
  choice.set('dark');
  expect(storage.get('preroll.theme')).toBe('dark');
  expect(choice.get()).toBe('dark');
  expect(told).toHaveBeenCalledTimes(1);
  stop();
  choice.set('system');
  expect(told).toHaveBeenCalledTimes(1);
});

test('what was kept is chosen again, unless it can no longer be chosen', () => {
  pretendStorage({ 'preroll.theme': 'dark' });
  expect(storedChoice('theme', ['system', 'dark'], 'system').get()).toBe('dark');
  expect(storedChoice('theme', ['system', 'light'], 'system').get()).toBe('system');
});

test('a browser that refuses to keep anything lets one choose all the same', () => {
  const refuse = (): never => {
    throw new Error('denied');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });
  const choice = storedChoice('theme', ['system', 'dark'], 'system');
  choice.set('dark');
  expect(choice.get()).toBe('dark');
});
