import { expect, it } from 'vitest';
import { untilEvent } from './until-event.ts';

it('waits until it is so, whatever other events there are, and no longer than its signal', async () => {
  const target = new EventTarget();
  const asking = new AbortController();
  let isThere = false;
  const wait = async () => await untilEvent(target, 'seeked', () => isThere, asking.signal);
  const first = wait();
  target.dispatchEvent(new Event('seeked'));
  const second = wait();
  isThere = true;
  target.dispatchEvent(new Event('seeked'));
  await Promise.all([first, second, wait()]);

  isThere = false;
  const third = wait();
  asking.abort(new Error('something else is asked for'));
  await expect(third).rejects.toThrow('something else');
  await expect(wait()).rejects.toThrow('something else');
});
