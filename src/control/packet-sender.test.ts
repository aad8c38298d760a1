import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { monotonicMs, wallMs } from '../base/time.ts';
import { startRun } from '../media/run.ts';
import { CountedMemory } from '../media/testing/counted-memory.ts';
import { makePicture } from '../media/testing/make-packet.ts';
import { PacketRecordReader, type PacketRecord } from '../media/packet-records.ts';
import { PacketSender } from './packet-sender.ts';

const run = startRun(1, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });
const MEGABYTE = 2 ** 20;

/** A socket that nobody reads but when told to. */
class Pipe extends Writable {
  readonly records: PacketRecord[] = [];
  readonly #reader = new PacketRecordReader((record) => this.records.push(record));
  #waiting: (() => void)[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#waiting.push(() => {
      this.#reader.feed(chunk);
      done();
    });
  }

  /** Reads everything. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      for (const next of this.#waiting.splice(0)) next();
      await new Promise(setImmediate);
    }
  }
}

function brief(records: readonly PacketRecord[]): string[] {
  return records.map((record) => {
    if (record.kind === 'packet') return String(record.packet.pts / 90);
    return record.kind === 'dropped' ? `dropped ${record.pictures}` : record.kind;
  });
}

test('leaves pictures out for a slow reader, up to a key picture for which there is room, and tells it', async () => {
  const pipe = new Pipe();
  const sender = new PacketSender(pipe);
  const send = (atMs: number, isKey: boolean) =>
    sender.packet(makePicture(atMs, { isKey, sizeBytes: MEGABYTE }), run);
  sender.caughtUp();
  for (let ms = 0; ms < 1_200; ms += 100) send(ms, ms % 500 === 0);
  await pipe.drain();
  send(1_200, false);
  send(1_300, true);
  await pipe.drain();
  const kept = [0, 100, 200, 300, 400, 500, 600, 700].map(String);
  expect(brief(pipe.records)).toEqual(['caught-up', 'run', ...kept, 'dropped 5', '1300']);
});

test('sends all of what is held for who joins', async () => {
  const pipe = new Pipe();
  const sender = new PacketSender(pipe);
  for (let ms = 0; ms < 1_200; ms += 100) {
    sender.packet(makePicture(ms, { isKey: ms === 0, sizeBytes: MEGABYTE }), run);
  }
  await pipe.drain();
  expect(pipe.records.filter(({ kind }) => kind === 'packet')).toHaveLength(12);
});

test('holds a packet’s memory until it is written', async () => {
  const pipe = new Pipe();
  const memory = new CountedMemory();
  new PacketSender(pipe).packet({ ...makePicture(0), memory }, run);
  expect(memory.holders).toBe(1);
  await pipe.drain();
  expect(memory.holders).toBe(0);
});
