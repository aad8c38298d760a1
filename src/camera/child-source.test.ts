import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { encodeNotice, encodePacketHead, encodeTrack } from '../media/packet-records.ts';
import { makePicture, makeSound, testVideoTrack } from '../media/testing/make-packet.ts';
import { ChildSource, openChildSource } from './child-source.ts';
import type { OpenedStream, SourceOrder, SourceReport } from './source-messages.ts';

const ORDER: SourceOrder = {
  input: { kind: 'file', path: 'yard.mp4', isLooped: true, text: 'file:yard.mp4' },
  audio: true,
  encoding: { reencode: PLAIN_ENCODING, camera: 'yard', timeZone: 'utc' },
};
const STREAM: OpenedStream = {
  format: 'mov',
  videoCodec: 'h264',
  isEncoded: false,
  audioCodec: undefined,
  patienceMs: 10_000,
};
const opened = line({ type: 'opened', stream: STREAM });
const picture = makePicture(1_000);
const packet = Buffer.concat([encodePacketHead(picture, wallMs(1e12)), picture.data]);
const track = encodeTrack(testVideoTrack);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-source-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function line(report: SourceReport): string {
  return `${JSON.stringify(report)}\n`;
}

interface Said {
  /** On its standard error. */
  readonly said?: string;
  /** On its standard output. */
  readonly sent?: Uint8Array;
  /** It stays until it is killed where there is none. */
  readonly exitCode?: number;
}

/** Plays a process that says so, and tells how many packets came and what ended it. */
async function play({ said = opened, sent = new Uint8Array(), exitCode }: Said) {
  const program = join(folder, 'source.mjs');
  const end = exitCode === undefined ? 'setInterval(() => undefined, 1_000)' : `process.exit(${exitCode})`;
  const bytes = `Buffer.from('${Buffer.from(sent).toString('hex')}', 'hex')`;
  await writeFile(
    program,
    `import { readFileSync, writeSync } from 'node:fs';
    readFileSync(0);
    writeSync(2, ${JSON.stringify(said)});
    writeSync(1, ${bytes});
    ${end};`,
  );
  const { signal } = new AbortController();
  let packets = 0;
  const error = await (async () => {
    await using source = await openChildSource({ program, order: ORDER, clock: systemClock }, signal);
    await source.play(() => packets++, signal);
  })().catch((thrown: unknown) => thrown);
  return { packets, error };
}

test('all that a process sent is told before that it has ended', async () => {
  const said = opened + line({ type: 'failed', kind: 'closed', message: 'the camera ended the stream' });
  expect(await play({ said, sent: Buffer.concat([track, packet, packet]), exitCode: 1 })).toMatchObject({
    packets: 2,
    error: { kind: 'closed', message: 'the camera ended the stream' },
  });
});

test.each([
  ['an unknown kind', Buffer.of(0, 0, 0, 1, 99), 'expected a record, found the kind 99'],
  ['a record beyond all bounds', Buffer.of(0xff, 0xff, 0xff, 0xff, 2), 'expected a record, found one of'],
  ['a torn track', Buffer.of(0, 0, 0, 3, 1, 0xff, 0xff), 'expected a track, found what is none'],
])('%s ends the run, and nothing after it is told', async (_, garbage, reason) => {
  const sent = Buffer.concat([track, packet, garbage, packet, encodeNotice({ kind: 'run' })]);
  const { packets, error } = await play({ sent });
  expect(packets).toBe(1);
  expect(String(error)).toContain(`reading packets: ${reason}`);
});

test('a report that breaks off is the last that it said', async () => {
  const { error } = await play({ said: opened.slice(0, 30), exitCode: 139 });
  expect(error).toMatchObject({
    kind: 'died',
    message: `the source process ended with exit code 139, its last words: ${opened.slice(0, 30)}`,
  });
});

test('sound that goes on without pictures is a stall', async () => {
  const sound = makeSound(1_000);
  const heard = Buffer.concat([encodeTrack(sound.track), encodePacketHead(sound, wallMs(1e12)), sound.data]);
  const program = join(folder, 'source.mjs');
  await writeFile(
    program,
    `import { writeSync } from 'node:fs';
    writeSync(2, ${JSON.stringify(opened)});
    setInterval(() => writeSync(1, Buffer.from('${heard.toString('hex')}', 'hex')), 10);`,
  );
  const clock = new SimulatedClock();
  const { signal } = new AbortController();
  await using source = await openChildSource({ program, order: ORDER, clock }, signal);
  let wasHeard = (): void => undefined;
  const hearing = () => new Promise<void>((resolve) => (wasHeard = resolve));
  const played = expect(source.play(() => wasHeard(), signal)).rejects.toMatchObject({
    kind: 'stall',
    message: 'no picture came for 10 s',
  });
  for (const stepMs of [6_000, 3_999, 1]) {
    await hearing();
    await clock.advance(stepMs);
  }
  await played;
});

test('a process that does not even end when it is killed is left after five seconds', async () => {
  const clock = new SimulatedClock();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)']);
  const kill = child.kill.bind(child);
  child.kill = () => true;
  const source = new ChildSource(child, clock);
  let hasLeft = false;
  const leaving = source[Symbol.asyncDispose]().then(() => (hasLeft = true));
  await clock.advance(4_999);
  expect(hasLeft).toBe(false);
  await clock.advance(1);
  await leaving;
  kill('SIGKILL');
});
