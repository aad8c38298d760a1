import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askBeforeLeaving } from './ask-before-leaving.ts';

const HERE = '/nvr/settings/recording/front';
const browser = {
  navigation: Object.assign(new EventTarget(), { traverseTo: vi.fn() }),
  history: { pushState: vi.fn() },
};
const asked: (() => void)[] = [];
let end: () => void;

beforeEach(() => {
  const { navigation, history } = browser;
  asked.length = 0;
  end = askBeforeLeaving({
    navigation,
    history,
    path: () => HERE,
    ask: (leave) => asked.push(leave),
  });
});
afterEach(() => {
  end();
  vi.clearAllMocks();
});

interface Wanted {
  readonly type?: NavigationType;
  readonly isCancelable?: boolean;
  readonly isSameDocument?: boolean;
}

/** @returns whether the browser goes there. */
function go(
  path: string,
  { type = 'push', isCancelable = true, isSameDocument = true }: Wanted = {},
): boolean {
  const event = new Event('navigate', { cancelable: isCancelable });
  const url = `https://recorder.example${path}`;
  const destination = { url, key: `the entry of ${path}`, sameDocument: isSameDocument };
  return browser.navigation.dispatchEvent(Object.assign(event, { destination, navigationType: type }));
}

test('another page is gone to only once that was answered', () => {
  expect(go('/nvr/settings/network')).toBe(false);
  expect(browser.history.pushState).not.toHaveBeenCalled();
  asked[0]?.();
  expect(browser.history.pushState).toHaveBeenCalledExactlyOnceWith(
    null,
    '',
    'https://recorder.example/nvr/settings/network',
  );
  expect(go('/nvr/settings/network')).toBe(true);
});

test('the way back is held back, and gone to the same place', () => {
  expect(go('/nvr/live', { type: 'traverse' })).toBe(false);
  asked[0]?.();
  expect(browser.navigation.traverseTo).toHaveBeenCalledExactlyOnceWith('the entry of /nvr/live');
});

test.each([
  ['stays on the page', () => go(`${HERE}?day=mon#content`)],
  ['is a redirection', () => go('/nvr/live', { type: 'replace' })],
  ['the browser lets nobody hold back', () => go('/nvr/live', { type: 'traverse', isCancelable: false })],
  ['leaves the app, about which the browser asks', () => go('/elsewhere', { isSameDocument: false })],
])('what %s is not asked about', (_, goes) => {
  expect(goes()).toBe(true);
  expect(asked).toEqual([]);
});

test('nothing is asked about once that has ended', () => {
  end();
  expect(go('/nvr/live')).toBe(true);
});
