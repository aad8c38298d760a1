import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Accounts } from '../../src/account/accounts.ts';
import { User } from '../../src/account/user.ts';
import { systemClock } from '../../src/base/clock.ts';
import { freePort } from '../../test/sources/free-port.ts';
import { startLeader, stopChild } from '../child.ts';
import type { Camera } from '../served-cameras.ts';

export interface PrerollServer extends AsyncDisposable {
  readonly port: number;
  /** Of the recorder, and of its web server. */
  readonly recorderPid: number;
  readonly pid: number;
  /** Lets a program in. */
  readonly token: string;
  /** Lets a browser in. */
  readonly account: { readonly name: string; readonly password: string };
}

const START_MS = 15_000;

/** A whole recorder, its web server on loopback, with an account. @param folder an empty one. */
export async function startPreroll(cameras: readonly Camera[], folder: string): Promise<PrerollServer> {
  const account = { name: 'bench', password: randomBytes(16).toString('hex') };
  const token = await makeToken(join(folder, 'web'), account);
  const port = await freePort();
  const config = {
    cameras: Object.fromEntries(
      cameras.map(({ name, url, subUrl }) => [name, { url, subUrl, mode: 'always+motion' }]),
    ),
    archive: { path: join(folder, 'archive') },
    control: { path: join(folder, 's.sock') },
    web: { listen: 'loopback', port, folder: join(folder, 'web') },
    log: { path: join(folder, 'preroll.log'), console: false },
  };
  const path = join(folder, 'preroll.yaml');
  // JSON is YAML.
  await writeFile(path, JSON.stringify(config));
  const child = startLeader(process.execPath, ['dist/main.js', 'run', '--config', path], join(folder, 'out'));
  const recorderPid = child.pid ?? 0;
  const stop = () => stopChild(child);
  try {
    await answering(port, token, cameras.length);
    return {
      port,
      recorderPid,
      pid: webProcessOf(recorderPid),
      token,
      account,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeToken(folder: string, account: PrerollServer['account']): Promise<string> {
  const rights = { role: 'admin', cameras: null } as const;
  const accounts = Accounts.open({ path: join(folder, 'accounts.db'), clock: systemClock });
  try {
    const { id, name } = await accounts.addUser(account, rights);
    const credential = { kind: 'session', id: 0 } as const;
    return accounts.tokens.add(new User({ id, name, ...rights, credential }), {
      name: 'bench',
      ...rights,
      expiresMs: null,
    });
  } finally {
    accounts[Symbol.dispose]();
  }
}

/** Waits until all cameras play. */
async function answering(port: number, token: string, count: number): Promise<void> {
  const lastMs = performance.now() + START_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/cameras`, {
      headers: { authorization: `Bearer ${token}` },
    })
      .then(async (response) => (await response.json()) as { cameras?: readonly { video: unknown }[] })
      .catch(() => undefined);
    const playing = answer?.cameras?.filter(({ video }) => video !== null).length ?? 0;
    if (playing === count) return;
    if (performance.now() > lastMs) throw new Error(`the cameras do not play: ${JSON.stringify(answer)}`);
    await delay(200);
  }
}

function webProcessOf(recorderPid: number): number {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(recorderPid)], { encoding: 'utf8' });
  const line = lines.split('\n').find((one) => one.includes('web-main'));
  if (line === undefined) throw new Error('the recorder has no web server');
  return Number.parseInt(line, 10);
}
