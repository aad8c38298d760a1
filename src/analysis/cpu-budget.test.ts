import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { BUDGET_MS, CpuBudget, type CpuShare } from './cpu-budget.ts';

/** Cameras of 20 pictures a second. */
const PICTURES = 20;
/** A key picture comes so often. */
const GOP_SECONDS = 2;

class Machine {
  readonly #clock = new SimulatedClock();
  #cpuMs = 0;
  readonly budget = new CpuBudget({ clock: this.#clock, cpuMs: () => this.#cpuMs });

  /** Looks at the pictures of cameras as far as there is CPU for it. @returns what each camera has spent, in ms a second. */
  async run(cameras: readonly { share: CpuShare; pictureMs: number }[], seconds: number): Promise<number[]> {
    const spentMs = cameras.map(() => 0);
    const isCut = cameras.map(() => false);
    for (let picture = 0; picture < seconds * PICTURES; picture++) {
      for (const [i, { share, pictureMs }] of cameras.entries()) {
        isCut[i] = picture % (GOP_SECONDS * PICTURES) > 0 && (isCut[i] === true || share.isSpent);
        share.note(1 / PICTURES, isCut[i]);
        if (isCut[i]) continue;
        share.spend(() => (this.#cpuMs += pictureMs));
        spentMs[i] = (spentMs[i] ?? 0) + pictureMs;
      }
      await this.#clock.advance(1_000 / PICTURES);
    }
    return spentMs.map((ms) => ms / seconds);
  }
}

test('a camera alone may have the whole budget, and no more in the long run', async () => {
  const machine = new Machine();
  const dear = { share: machine.budget.join(), pictureMs: 100 };
  await machine.run([dear], 20);
  const [spentMs = 0] = await machine.run([dear], 60);
  expect(spentMs).toBeGreaterThan(0.95 * BUDGET_MS);
  expect(spentMs).toBeLessThan(1.05 * BUDGET_MS);
  expect(dear.share.cost?.cpuMs).toBe(2_000);
  expect(dear.share.cost?.leftOutPercent).toBeGreaterThan(50);
});

test('where there is enough, nothing is left out', async () => {
  const machine = new Machine();
  const cameras = [25, 5, 5].map((pictureMs) => ({ share: machine.budget.join(), pictureMs }));
  expect(await machine.run(cameras, 60)).toEqual([500, 100, 100]);
  for (const { share } of cameras) expect(share.cost?.leftOutPercent).toBe(0);
});

test('where there is too little, only those are held back that take more than their share', async () => {
  const machine = new Machine();
  const cameras = [60, 40, 5].map((pictureMs) => ({ share: machine.budget.join(), pictureMs }));
  await machine.run(cameras, 20);
  const spentMs = await machine.run(cameras, 60);
  expect(spentMs[2]).toBe(100);
  const togetherMs = spentMs.reduce((sum, ms) => sum + ms, 0);
  expect(togetherMs).toBeGreaterThan(0.95 * BUDGET_MS);
  expect(togetherMs).toBeLessThan(1.05 * BUDGET_MS);
  expect(cameras.map(({ share }) => share.cost?.cpuMs)).toEqual([1_200, 800, 100]);
});

test('a camera that leaves gives its share back', async () => {
  const machine = new Machine();
  const [one, other] = [60, 60].map((pictureMs) => ({ share: machine.budget.join(), pictureMs }));
  if (one === undefined || other === undefined) throw new Error('two have joined');
  await machine.run([one, other], 20);
  other.share[Symbol.dispose]();
  await machine.run([one], 20);
  const [spentMs = 0] = await machine.run([one], 60);
  expect(spentMs).toBeGreaterThan(0.95 * BUDGET_MS);
});

test('a glance is paid for, and does not tell what looking costs', () => {
  let cpuMs = 0;
  const budget = new CpuBudget({ clock: new SimulatedClock(), cpuMs: () => cpuMs });
  const share = budget.join();
  expect(share.isSpent).toBe(false);
  share.glance(() => (cpuMs += 10 * BUDGET_MS));
  expect(share.isSpent).toBe(true);
  share.note(10, false);
  expect(share.cost).toEqual({ cpuMs: 0, leftOutPercent: 0 });
});

test('where all was left out, nobody knows what it would cost', () => {
  const share = new CpuBudget({ clock: new SimulatedClock(), cpuMs: () => 0 }).join();
  share.note(10, true);
  expect(share.cost).toBeUndefined();
});
