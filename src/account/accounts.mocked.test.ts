import * as argon2 from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { Accounts } from './accounts.ts';
import { SESSION_IDLE_MS, SESSION_LIFE_MS } from './session-table.ts';

vi.mock('@node-rs/argon2', { spy: true });

const PASSWORD = 'correct horse 7';
const DOOR = { address: '192.0.2.7', agent: 'Firefox' };
const HOUR_MS = 3_600_000;

let clock: SimulatedClock;
let accounts: Accounts;

beforeEach(() => {
  clock = new SimulatedClock();
  accounts = Accounts.open({ path: ':memory:', clock });
});
afterEach(() => accounts[Symbol.dispose]());

async function addUser(
  name: string,
  role: 'viewer' | 'operator' | 'admin' = 'viewer',
  cameras: string[] | null = null,
) {
  return await accounts.addUser({ name, password: PASSWORD }, { role, cameras });
}

async function userOf(name: string) {
  const user = accounts.sessions.find(
    await accounts.signIn({ name, password: PASSWORD }, DOOR),
    DOOR.address,
  );
  if (user === undefined) throw new Error('not signed in');
  return user;
}

describe('the set-up link', () => {
  test('makes the first administrator, once', async () => {
    const secret = accounts.setup.make();
    expect(accounts.users.hasAdmin).toBe(false);
    const session = await accounts.setUp(secret, { name: 'ada', password: PASSWORD }, DOOR);
    expect(accounts.users.hasAdmin).toBe(true);
    expect(accounts.sessions.find(session, DOOR.address)).toMatchObject({
      name: 'ada',
      role: 'admin',
      cameras: null,
    });
    const again = accounts.setUp(secret, { name: 'eve', password: PASSWORD }, DOOR);
    await expect(again).rejects.toMatchObject({ kind: 'no-setup' });
  });

  test('makes one administrator only, however many use it at once', async () => {
    const secret = accounts.setup.make();
    const tries = ['ada', 'bob', 'eve'].map((name) =>
      accounts.setUp(secret, { name, password: PASSWORD }, DOOR),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(accounts.users.all()).toHaveLength(1);
  });

  test('is not valid once another was made, or with a guess', async () => {
    const old = accounts.setup.make();
    accounts.setup.make();
    for (const secret of [old, '', 'guess']) {
      const tried = accounts.setUp(secret, { name: 'ada', password: PASSWORD }, DOOR);
      await expect(tried).rejects.toMatchObject({ kind: 'no-setup' });
    }
  });
});

describe('passwords', () => {
  test('are kept as argon2id and nowhere in the clear', async () => {
    await addUser('ada');
    const { password } = accounts.users.get('ada');
    expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test.each([
    ['too short', 'short'],
    ['all the same', 'aaaaaaaaaaaa'],
    ['the name', 'adalovelace1'],
    ['too long', 'ab1'.repeat(100)],
  ])('that would be guessed are refused: %s', async (_, password) => {
    const added = accounts.addUser({ name: 'adalovelace', password }, { role: 'viewer', cameras: null });
    await expect(added).rejects.toMatchObject({
      kind: expect.stringMatching(/^password-/),
      field: 'password',
    });
  });

  test('wrong ones are answered alike whether there is the account or not', async () => {
    await addUser('ada');
    const wrong = accounts.signIn({ name: 'ada', password: 'wrong' }, DOOR);
    const nobody = accounts.signIn({ name: 'bob', password: 'wrong' }, DOOR);
    const [one, other] = await Promise.all(
      [wrong, nobody].map((tried) => tried.catch((error: unknown) => String(error))),
    );
    expect(one).toBe('AccountError: Wrong name or password.');
    expect(other).toBe(one);
  });

  test('of an account that is not there take as long: each is compared once, at the same cost', async () => {
    await addUser('ada');
    await accounts.signIn({ name: 'nobody yet', password: 'wrong' }, DOOR).catch(() => undefined);
    const workFor = async (name: string) => {
      vi.clearAllMocks();
      await accounts.signIn({ name, password: 'wrong' }, { ...DOOR, address: name }).catch(() => undefined);
      const compared = vi
        .mocked(argon2.verify)
        .mock.calls.map(([expected]) => String(expected).split('$').slice(1, 4));
      return { compared, hashed: vi.mocked(argon2.hash).mock.calls.length };
    };
    const once = { compared: [['argon2id', 'v=19', 'm=19456,t=2,p=1']], hashed: 0 };
    expect(await workFor('ada')).toEqual(once);
    expect(await workFor('bob')).toEqual(once);
  });

  test('can be compared again after a moment without memory', async () => {
    await addUser('ada');
    const signedIn = async (name: string, password: string) =>
      await accounts.signIn({ name, password }, { ...DOOR, address: name });
    vi.mocked(argon2.hash).mockRejectedValueOnce(new Error('no memory'));
    await expect(signedIn('bob', 'wrong')).rejects.toThrow('no memory');
    await expect(signedIn('bob', 'wrong')).rejects.toThrow('Wrong name or password.');
    expect(await signedIn('ada', PASSWORD)).toBeTypeOf('string');
  });

  test('a changed one ends all other sessions, a reset one all of them', async () => {
    const record = await addUser('ada');
    const here = await userOf('ada');
    const elsewhere = await userOf('ada');
    await accounts.changePassword(here, PASSWORD, 'another horse 8', DOOR);
    expect(accounts.isStill(here)).toBe(true);
    expect(accounts.isStill(elsewhere)).toBe(false);
    await expect(accounts.changePassword(here, PASSWORD, 'a third horse 9', DOOR)).rejects.toMatchObject({
      kind: 'wrong-present-password',
    });
    await accounts.resetPassword(record, PASSWORD);
    expect(accounts.isStill(here)).toBe(false);
  });
});

describe('guessing', () => {
  test('1,000 wrong passwords are throttled, and who has the account signs in from elsewhere meanwhile', async () => {
    await addUser('ada');
    const kinds = new Map<string, number>();
    for (let i = 0; i < 1_000; i += 1) {
      const tried = accounts.signIn(
        { name: 'ada', password: `guess ${i}` },
        { ...DOOR, address: '203.0.113.9' },
      );
      const { kind } = (await tried.catch((error: unknown) => error)) as { kind: string };
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      await clock.advance(100);
    }
    // In the 100 s that this took.
    expect(kinds.get('wrong-password')).toBeLessThan(15);
    expect(kinds.get('throttled')).toBeGreaterThan(985);
    await expect(accounts.signIn({ name: 'ada', password: PASSWORD }, DOOR)).resolves.toHaveLength(43);
    const refused = accounts.audit.entries({ limit: 10, action: 'refused' });
    expect(refused).toMatchObject([
      { user: 'ada', address: '203.0.113.9', times: kinds.get('wrong-password') },
    ]);
  });

  test('many at once are counted before any of them is answered', async () => {
    await addUser('ada');
    const tries = Array.from({ length: 50 }, (_, i) =>
      accounts.signIn({ name: 'ada', password: `guess ${i}` }, DOOR),
    );
    const kinds = (await Promise.allSettled(tries)).map((one) =>
      one.status === 'rejected' ? (one.reason as { kind: string }).kind : '',
    );
    expect(kinds.filter((kind) => kind === 'wrong-password')).toHaveLength(5);
  });

  test('one password on many accounts is throttled by the address, and a /64 of IPv6 is one address', async () => {
    let compared = 0;
    for (let i = 0; i < 200; i += 1) {
      const door = { ...DOOR, address: `2001:db8:1:2:${i.toString(16)}::1` };
      const tried = accounts.signIn({ name: `user${i}`, password: 'summer2026' }, door);
      const { kind } = (await tried.catch((error: unknown) => error)) as { kind: string };
      if (kind === 'wrong-password') compared += 1;
    }
    expect(compared).toBeLessThanOrEqual(40);
  });

  test('somebody who mistypes a few times signs in at once', async () => {
    await addUser('ada');
    for (let i = 0; i < 4; i += 1)
      await accounts.signIn({ name: 'ada', password: 'wrong' }, DOOR).catch(() => undefined);
    await expect(userOf('ada')).resolves.toMatchObject({ name: 'ada' });
  });
});

describe('sessions', () => {
  test('of one user are bounded: those that were used least end', async () => {
    const { id: userId } = await addUser('ada');
    await addUser('eve');
    const eve = await userOf('eve');
    const begin = () => accounts.sessions.begin({ userId, ...DOOR });
    const first = begin();
    const second = begin();
    await clock.advance(2 * HOUR_MS);
    // Used again, and so not the one that ends.
    accounts.sessions.find(first, DOOR.address);
    for (let i = 0; i < 99; i += 1) begin();
    expect(accounts.sessions.ofUser(userId)).toHaveLength(100);
    expect(accounts.sessions.find(first, DOOR.address)).toBeDefined();
    expect(accounts.sessions.find(second, DOOR.address)).toBeUndefined();
    expect(accounts.sessions.ofUser(eve.id)).toHaveLength(1);
  });

  test('end when they were idle for too long', async () => {
    await addUser('ada');
    const user = await userOf('ada');
    await clock.advance(SESSION_IDLE_MS - 1);
    expect(accounts.isStill(user)).toBe(true);
    await clock.advance(1);
    expect(accounts.isStill(user)).toBe(false);
  });

  test('end after their time, however much they are used', async () => {
    await addUser('ada');
    const secret = await accounts.signIn({ name: 'ada', password: PASSWORD }, DOOR);
    let livedMs = 0;
    while (accounts.sessions.find(secret, DOOR.address) !== undefined) {
      livedMs += HOUR_MS;
      await clock.advance(HOUR_MS);
    }
    expect(livedMs).toBe(SESSION_LIFE_MS);
  });

  test('their secrets are not in the database', async () => {
    await addUser('ada');
    const secret = await accounts.signIn({ name: 'ada', password: PASSWORD }, DOOR);
    const rows = accounts.database.prepare<object>('SELECT * FROM session').all();
    expect(
      JSON.stringify(rows, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    ).not.toContain(secret);
  });

  test('of another user cannot be ended', async () => {
    await addUser('ada');
    const eve = await addUser('eve');
    const user = await userOf('ada');
    expect(accounts.sessions.end(user.credential.id, eve.id)).toBe(false);
    expect(accounts.isStill(user)).toBe(true);
  });

  test('somebody whose rights change is not still who he was', async () => {
    const record = await addUser('ada', 'operator');
    const user = await userOf('ada');
    accounts.users.setRights(record, { role: 'operator', cameras: ['yard'] });
    expect(accounts.isStill(user)).toBe(false);
    expect(await userOf('ada')).toMatchObject({ cameras: ['yard'] });
  });
});

describe('tokens', () => {
  test('do what their scope and their owner allow, at each moment', async () => {
    const record = await addUser('ada', 'operator', ['yard', 'door']);
    const owner = await userOf('ada');
    const token = accounts.tokens.add(owner, {
      name: 'home',
      role: 'operator',
      cameras: ['yard'],
      expiresMs: null,
    });
    expect(token).toMatch(/^preroll_[\w-]{43}$/);
    expect(accounts.tokens.find(token)).toMatchObject({ name: 'ada', role: 'operator', cameras: ['yard'] });
    accounts.users.setRights(record, { role: 'viewer', cameras: ['door'] });
    expect(accounts.tokens.find(token)).toMatchObject({ role: 'viewer', cameras: [] });
    accounts.users.setRights(record, { role: 'viewer', cameras: null });
    expect(accounts.tokens.find(token)).toMatchObject({ cameras: ['yard'] });
  });

  test('cannot be made for more than their owner may', async () => {
    await addUser('ada', 'viewer', ['yard']);
    const owner = await userOf('ada');
    for (const scope of [
      { role: 'admin', cameras: ['yard'] },
      { role: 'viewer', cameras: ['door'] },
      { role: 'viewer', cameras: null },
    ] as const) {
      expect(() => accounts.tokens.add(owner, { name: 'x', ...scope, expiresMs: null })).toThrow(
        'more than whoever makes it',
      );
    }
  });

  test('end when they expire, are removed, or their owner is', async () => {
    await addUser('root', 'admin');
    const record = await addUser('ada');
    const owner = await userOf('ada');
    const add = (name: string, expiresMs: number | null) =>
      accounts.tokens.add(owner, { name, role: 'viewer', cameras: null, expiresMs });
    const [short, removed, orphan] = [add('a', clock.wallMs() + HOUR_MS), add('b', null), add('c', null)];
    await clock.advance(HOUR_MS);
    expect(accounts.tokens.find(short)).toBeUndefined();
    accounts.tokens.remove(accounts.tokens.list(owner.id)[1]?.id ?? 0, owner.id);
    expect(accounts.tokens.find(removed)).toBeUndefined();
    expect(accounts.tokens.find(orphan)).toBeDefined();
    accounts.users.remove(record);
    expect(accounts.tokens.find(orphan)).toBeUndefined();
  });
});

describe('accounts', () => {
  test('the last administrator stays one', async () => {
    const root = await addUser('root', 'admin');
    expect(() => accounts.users.remove(root)).toThrow('only administrator');
    expect(() => accounts.users.setRights(root, { role: 'viewer', cameras: null })).toThrow(
      'only administrator',
    );
    await addUser('other', 'admin');
    expect(() => accounts.users.remove(root)).not.toThrow();
  });

  test('a name is taken in any case of its letters', async () => {
    await addUser('Ada');
    await expect(addUser('ada')).rejects.toMatchObject({ kind: 'name-taken' });
    expect(accounts.users.get('ADA').name).toBe('Ada');
  });

  test.each(['', ' ', '../x', 'a/b', 'a\nb', '<script>', 'x'.repeat(65), "'; DROP TABLE user; --"])(
    '%o is no name',
    async (name) => {
      await expect(addUser(name)).rejects.toMatchObject({ kind: 'bad-name' });
    },
  );
});

describe('the audit log', () => {
  test('tells the newest first, and the same within ten minutes as one entry', async () => {
    const actor = { user: 'ada', address: '192.0.2.7' };
    for (let i = 0; i < 30; i += 1) {
      accounts.audit.record(actor, { action: 'saw', camera: 'yard', what: { kind: 'live' } });
      await clock.advance(30_000);
    }
    accounts.audit.record(actor, {
      action: 'deleted',
      camera: 'yard',
      what: { kind: 'event', triggerMs: 1 },
    });
    const entries = accounts.audit.entries({ limit: 10 });
    expect(entries.map(({ action, times }) => [action, times])).toEqual([
      ['deleted', 1],
      ['saw', 10],
      ['saw', 20],
    ]);
    const [, last] = entries;
    expect(
      accounts.audit.entries({ limit: 10, ...(last === undefined ? {} : { beforeId: last.id }) }),
    ).toHaveLength(1);
    expect(accounts.audit.entries({ limit: 10, camera: 'door' })).toEqual([]);
  });

  test('tells what was done in English, and its kind and values for pages in other languages', () => {
    const actor = { user: 'ada', address: '192.0.2.7' };
    const triggerMs = Date.UTC(2026, 10, 27, 13, 5, 10);
    accounts.audit.record(actor, { action: 'deleted', camera: 'yard', what: { kind: 'event', triggerMs } });
    const cameras = Array.from({ length: 64 }, (_, i) => `${'c'.repeat(60)} ${i}`);
    accounts.audit.record(actor, { action: 'deleted', what: { kind: 'export', cameras } });
    const [long, event] = accounts.audit.entries({ limit: 10 });
    expect(event).toMatchObject({
      detail: 'event of 2026-11-27T13:05:10.000Z',
      what: { kind: 'event', triggerMs },
    });
    // Of many cameras only the beginning.
    expect(long?.detail).toMatch(/^an export of c+ 0, c+ 1, .*…$/);
    expect(long).not.toHaveProperty('what');
  });

  test('does not keep what somebody typed as his name', async () => {
    await accounts.signIn({ name: 'canary-password', password: 'x' }, DOOR).catch(() => undefined);
    expect(JSON.stringify(accounts.audit.entries({ limit: 10 }))).not.toContain('canary');
  });
});
