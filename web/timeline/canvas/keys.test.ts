import { expect, test } from 'vitest';
import { isAboutMoment, type Command } from './keys.ts';

test.each<Command>([
  { kind: 'toggle-play' },
  { kind: 'span' },
  { kind: 'mark', end: 'to' },
  { kind: 'frame', direction: 1 },
])('$kind brings the moment shown into sight', (command) => {
  expect(isAboutMoment(command, false)).toBe(true);
});

test.each<Command>([{ kind: 'page', direction: 1 }, { kind: 'zoom', direction: -1 }, { kind: 'escape' }])(
  '$kind leaves the timeline where somebody looks',
  (command) => {
    expect(isAboutMoment(command, false)).toBe(false);
  },
);

test('to pause leaves it there, too', () => {
  expect(isAboutMoment({ kind: 'toggle-play' }, true)).toBe(false);
});
