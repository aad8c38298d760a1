import { join } from 'node:path';
import { Accounts } from '../account/accounts.ts';
import type { UserRecord } from '../account/user-table.ts';
import { systemClock } from '../base/clock.ts';
import { configOf } from './config-of.ts';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { readPassword } from './read-password.ts';
import { requireFile } from './require-file.ts';
import { textTable } from './text-table.ts';

/** `preroll user list`. @returns the exit code. @throws ConfigError, CommandError where there are no accounts yet, AccountDatabaseError */
export async function listUsers(options: ConfigOptions & { readonly json: boolean }): Promise<number> {
  using accounts = await openAccounts(options);
  const users = accounts.users.all();
  process.stdout.write(options.json ? json(usersJson(users)) : usersTable(users));
  return EXIT.ok;
}

type Listed = Pick<UserRecord, 'name' | 'role' | 'cameras'>;

/** For scripts: `cameras` is null for who sees all, also those to come. */
export function usersJson(users: readonly Listed[]): { readonly users: readonly Listed[] } {
  return { users: users.map(({ name, role, cameras }) => ({ name, role, cameras })) };
}

/** For people. */
export function usersTable(users: readonly Listed[]): string {
  const rows = users.map(({ name, role, cameras }) => [name, role, cameras?.join(', ') ?? 'all cameras']);
  return `${textTable(['name', 'role', 'sees'], rows).join('\n')}\n`;
}

/**
 * `preroll user password NAME`: for who has forgotten it. Who may write the file of the accounts may do it.
 * @returns the exit code.
 * @throws ConfigError, CommandError where there are no accounts yet, AccountDatabaseError, AccountError
 */
export async function setUserPassword(name: string, options: ConfigOptions): Promise<number> {
  using accounts = await openAccounts(options);
  const user = accounts.users.get(name);
  await accounts.resetPassword(user, await readPassword(`New password of ${user.name}: `));
  accounts.audit.record(
    { user: user.name, address: 'command line' },
    { action: 'changed', what: { kind: 'account-password', name: user.name } },
  );
  process.stdout.write(`${user.name} has a new password, and is signed out everywhere.\n`);
  return EXIT.ok;
}

async function openAccounts(options: ConfigOptions): Promise<Accounts> {
  const { web } = await configOf(options);
  const path = join(web.folder, 'accounts.db');
  await requireFile(
    path,
    `there are no accounts in ${path}: the set-up link that the recorder shows makes the first`,
  );
  return Accounts.open({ path, clock: systemClock });
}
