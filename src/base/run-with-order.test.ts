import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runWithOrder } from './run-with-order.ts';
import { SimulatedClock } from './simulated-clock.ts';

let folder: string;
const clock = new SimulatedClock();
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'preroll-order-'))));
afterEach(() => rm(folder, { recursive: true }));

/** Runs a program that does this with its order. */
async function run(
  body: string,
  onMessage: (message: unknown) => void,
  signal = new AbortController().signal,
) {
  const program = join(folder, 'program.mjs');
  const text = `import { spawn } from 'node:child_process';
    process.once('message', (order) => { ${body} });`;
  await writeFile(program, text);
  return { ended: runWithOrder({ program, order: { word: 'hello' }, onMessage, clock, signal }) };
}

test('a program hears its order, answers, and ends; one that dies is told with its last words', async () => {
  const heard: unknown[] = [];
  const echo = await run('process.send(order, () => process.disconnect());', (message) =>
    heard.push(message),
  );
  expect(await echo.ended).toBe('its process ended with exit code 0, without an answer');
  expect(heard).toEqual([{ word: 'hello' }]);
  const dying = await run("process.stderr.write('too late\\n', () => process.exit(3));", () => undefined);
  expect(await dying.ended).toBe('its process ended with exit code 3, without an answer: too late');
});

// As by a dead disk that it reads: here somebody else holds its output.
test('one that was killed holds nobody up, though its end does not come', async () => {
  const leaving = new AbortController();
  let heldBy = 0;
  const body = `
    const args = ['-e', 'setInterval(() => undefined, 1_000)'];
    const { pid } = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    process.send(pid);`;
  const one = await run(body, (pid) => (heldBy = Number(pid)), leaving.signal);
  let how: string | undefined;
  const ended = one.ended.then((said) => (how = said));
  try {
    await expect.poll(() => heldBy).toBeGreaterThan(0);
    leaving.abort();
    await clock.advance(4_999);
    expect(how).toBeUndefined();
    await clock.advance(1);
    await ended;
    expect(how).toContain('was killed and had not left after 5 s');
  } finally {
    process.kill(heldBy, 'SIGKILL');
  }
});
