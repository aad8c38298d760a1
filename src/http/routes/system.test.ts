import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ControlApi } from '../../control/control-api.ts';
import { ControlServer } from '../../control/control-server.ts';
import { PretendedRecorder } from '../../control/testing/pretended-recorder.ts';
import type { SystemAnswer } from '../api/system.ts';
import { startTestSite, type TestSite } from '../testing/test-site.ts';

let folder: string;
let site: TestSite | undefined;
let control: ControlServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-system-'));
});
afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  await control?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The recorder's cameras play, and count as they are told to. */
class CountingRecorder extends PretendedRecorder {
  bytes = 0;
  pictures = 0;

  override meters() {
    const { bytes, pictures } = this;
    return { upMs: 60_000, cameras: [{ camera: 'yard', bytes, pictures }] };
  }
}

test('rates of a camera are what its recorder counted between two looks', async () => {
  const recorder = new CountingRecorder('yard');
  const path = join(folder, 'preroll.sock');
  control = await ControlServer.start(new ControlApi(recorder), { kind: 'file', path }, silentLog);
  site = await startTestSite({ cameras: ['yard'], recorder: { kind: 'file', path } });
  const since = '2026-11-28T00:00:00.000Z';
  const [status] = recorder.status();
  if (status === undefined) throw new Error('no camera');
  const playing = { ...status, stream: { state: 'playing', since } } as const;
  site.link.changes[0]?.tell({ type: 'cameras', cameras: [playing] });
  const admin = await site.signedIn('ada', { role: 'admin' });
  const look = async () =>
    (await site?.inject({ method: 'GET', url: '/api/system', headers: admin }))?.json<SystemAnswer>();

  expect(await look()).toMatchObject({
    upMs: 60_000,
    versions: { preroll: '0.0.0', node: process.version },
    cameras: [{ camera: 'yard', state: 'playing', bitsPerSecond: null, fps: null }],
    lastDay: { gaps: [] },
  });
  recorder.bytes = 500_000;
  recorder.pictures = 50;
  await site.clock.advance(2_000);
  expect(await look()).toMatchObject({ cameras: [{ camera: 'yard', bitsPerSecond: 2_000_000, fps: 25 }] });
});

test('without a recorder that answers the rest is told', async () => {
  site = await startTestSite({ cameras: ['yard'] });
  const admin = await site.signedIn('ada', { role: 'admin' });
  const answer = await site.inject({ method: 'GET', url: '/api/system', headers: admin });
  expect(answer.json()).toMatchObject({ upMs: null, cameras: [{ camera: 'yard', bitsPerSecond: null }] });
});
