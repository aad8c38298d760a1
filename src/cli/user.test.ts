import { expect, test } from 'vitest';
import { usersJson, usersTable } from './user.ts';

const USERS = [
  { id: 1, name: 'ada', role: 'admin', cameras: null },
  { id: 2, name: 'vic', role: 'viewer', cameras: ['front', 'back'] },
  { id: 3, name: 'nil', role: 'viewer', cameras: [] },
] as const;

test('the accounts are listed for people', () => {
  expect(usersTable(USERS)).toMatch(
    /^name +role +sees\nada +admin +all cameras\nvic +viewer +front, back\nnil +viewer *\n$/,
  );
});

test('the accounts are listed for scripts, without what these need not know', () => {
  expect(usersJson(USERS)).toEqual({
    users: [
      { name: 'ada', role: 'admin', cameras: null },
      { name: 'vic', role: 'viewer', cameras: ['front', 'back'] },
      { name: 'nil', role: 'viewer', cameras: [] },
    ],
  });
});
