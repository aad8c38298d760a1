import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MortalChild } from './mortal-child.ts';
import { SimulatedClock } from './simulated-clock.ts';

function start(program: string) {
  return spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
}

/** What keeps this process from ending. */
function held(): number {
  const kinds = ['ProcessWrap', 'PipeWrap', 'ChildProcess', 'Pipe'];
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind)).length;
}

test('a process that does not even end when it is killed is let go, and holds nobody up', async () => {
  const before = held();
  const clock = new SimulatedClock();
  const child = start('setInterval(() => undefined, 1_000)');
  await once(child, 'spawn');
  const kill = child.kill.bind(child);
  child.kill = () => true;
  const mortal = new MortalChild(child, clock);
  mortal.kill();
  let how: string | undefined;
  void mortal.ended.then((ended) => (how = ended));
  await clock.advance(4_999);
  expect(how).toBeUndefined();
  expect(held()).toBeGreaterThan(before);
  await clock.advance(1);
  expect(await mortal.ended).toBe('was killed and had not left after 5 s');
  await clock.advance(0);
  expect(held()).toBe(before);
  kill('SIGKILL');
});

test('tells how a process ended, when it was killed, and when it could not be started', async () => {
  const clock = new SimulatedClock();
  expect(await new MortalChild(start('process.exit(3)'), clock).ended).toBe('ended with exit code 3');
  const killed = new MortalChild(start('setInterval(() => undefined, 1_000)'), clock);
  killed.kill();
  expect(await killed.ended).toBe('was ended by SIGKILL');
  const nobody = new MortalChild(spawn('/nowhere'), clock);
  expect(await nobody.ended).toBe('could not be started: spawn /nowhere ENOENT');
});
