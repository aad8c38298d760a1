import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { EventsAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import { keyOf } from './event-key.ts';
import { EventList } from './event-list.ts';

const PAGE = 3;

function event(triggerMs: number, isSeen = false): EventSummaryJson {
  return {
    camera: 'yard',
    triggerMs,
    startMs: triggerMs,
    endMs: triggerMs + 1,
    isOpen: false,
    causes: ['motion'],
    zones: [],
    peakScore: null,
    isKept: false,
    isSeen,
    note: null,
  };
}

/** A server with the events of these triggers, the newest first. */
function serve(triggers: number[]) {
  const asked: (string | undefined)[] = [];
  const ask = async (after: string | undefined): Promise<EventsAnswer> => {
    asked.push(after);
    const rest = triggers.filter((trigger) => after === undefined || trigger < Number.parseInt(after, 10));
    const events = rest.slice(0, PAGE).map((trigger) => event(trigger));
    const last = events.at(-1);
    return { events, next: rest.length > PAGE && last !== undefined ? keyOf(last) : null };
  };
  return { list: new EventList(ask), ask, triggers, asked };
}

const shown = (list: EventList): number[] => list.state().events.map(({ triggerMs }) => triggerMs);

test('loads page by page until there is no more, and one page at a time', async () => {
  const { list, asked } = serve([7, 6, 5, 4, 3, 2, 1]);
  await Promise.all([list.loadMore(), list.loadMore()]);
  expect(shown(list)).toEqual([7, 6, 5]);
  await list.loadMore();
  expect(list.state().isWhole).toBe(false);
  await list.loadMore();
  await list.loadMore();
  expect(shown(list)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(list.state().isWhole).toBe(true);
  expect(asked).toEqual([undefined, '5:yard', '2:yard']);
});

test('goes to the oldest also when a page is on its way already', async () => {
  const { ask, asked } = serve([7, 6, 5, 4, 3, 2, 1]);
  const list = new EventList(async (after) => {
    await setImmediate();
    return await ask(after);
  });
  list.subscribe(() => undefined);
  const first = list.loadMore();
  expect(await list.loadAll()).toMatchObject({ triggerMs: 1 });
  await first;
  expect(shown(list)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(asked).toEqual([undefined, '5:yard', '2:yard']);
});

test('a page that comes when the list has begun anew leaves nothing out in between', async () => {
  const triggers = [6, 5, 4, 3, 2, 1];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { ask, asked } = serve(triggers);
  const list = new EventList(async (after) => {
    const isSecond = asked.length === 1;
    const page = await ask(after);
    if (isSecond) await gate;
    return page;
  });
  await list.loadMore();
  const more = list.loadMore();
  triggers.unshift(12, 11, 10, 9, 8, 7);
  await list.refresh();
  open();
  await more;
  expect(shown(list)).toEqual([12, 11, 10, 9, 8, 7]);
  await list.loadMore();
  await list.loadMore();
  expect(shown(list)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test('new events come to the top and deleted ones go, while what was loaded further down stays', async () => {
  const { list, triggers } = serve([6, 5, 4, 3, 2, 1]);
  await list.loadMore();
  await list.loadMore();
  triggers.unshift(8, 7);
  triggers.splice(triggers.indexOf(6), 1);
  await list.refresh();
  expect(shown(list)).toEqual([8, 7, 5, 4, 3, 2, 1]);
});

test('what was changed here stays in sight though the filter would not let it through any more', async () => {
  const { list, triggers } = serve([3, 2, 1]);
  await list.loadMore();
  list.change(new Set(['2:yard']), { isSeen: true });
  triggers.splice(1, 1);
  await list.refresh();
  expect(list.state().events.map(({ triggerMs, isSeen }) => [triggerMs, isSeen])).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ]);
  list.remove(new Set(['2:yard']));
  await list.refresh();
  expect(shown(list)).toEqual([3, 1]);
});

test('a failure is told, and asking again goes on where it stopped', async () => {
  let isBroken = true;
  const list = new EventList(async () => {
    if (isBroken) throw new Error('no answer');
    return { events: [event(1)], next: null };
  });
  await list.loadMore();
  expect(list.state().error).toEqual(new Error('no answer'));
  isBroken = false;
  await list.loadMore();
  expect([shown(list), list.state().error]).toEqual([[1], undefined]);
});

test('all is loaded as long as somebody looks', async () => {
  const { list, asked } = serve([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const leave = list.subscribe(() => undefined);
  expect(await list.loadAll()).toMatchObject({ triggerMs: 1 });
  expect(asked.length).toBe(3);
  leave();
  const left = serve([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await left.list.loadAll()).toBe(undefined);
  expect(left.asked.length).toBe(1);
});

test('a page that comes after a newer one adds nothing twice', async () => {
  const { list } = serve([3, 2, 1]);
  await Promise.all([list.loadMore(), list.refresh()]);
  expect(shown(list)).toEqual([3, 2, 1]);
});

test('begins anew where so much is new that something between it and what is known may be missing', async () => {
  const { list, triggers } = serve([2, 1]);
  await list.loadMore();
  triggers.unshift(9, 8, 7, 6);
  await list.refresh();
  expect([shown(list), list.state().isWhole]).toEqual([[9, 8, 7], false]);
  await list.loadMore();
  expect(shown(list)).toEqual([9, 8, 7, 6, 2, 1]);
});

test('goes on where the server has found nothing yet, and a refresh that finds nothing new keeps what was found', async () => {
  const pages = new Map<string | undefined, EventsAnswer>([
    [undefined, { events: [], next: '50:yard' }],
    ['50:yard', { events: [event(20)], next: '20:yard' }],
  ]);
  const list = new EventList(async (after) => pages.get(after) ?? { events: [], next: null });
  const leave = list.subscribe(() => undefined);
  await list.loadMore();
  expect([shown(list), list.state().isWhole]).toEqual([[20], false]);
  await list.refresh();
  expect(shown(list)).toEqual([20]);
  leave();
});
