import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

test('shows itself to nobody who does not ask', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join(' ')).not.toContain('hunter2');
  expect(secret.toString()).toBe('***');
  expect(secret.reveal()).toBe('hunter2');
});
