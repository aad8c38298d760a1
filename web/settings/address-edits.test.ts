import { expect, test } from 'vitest';
import { addressEdits } from './address-edits.ts';

const CAMERA = { name: 'yard', url: 'rtsp://a/main', subUrl: 'rtsp://a/sub', username: 'eva' };
const SAME = { url: CAMERA.url, subUrl: CAMERA.subUrl, username: 'eva', password: '' };

function told(changed: Partial<typeof SAME>): string[] {
  return addressEdits(CAMERA, { ...SAME, ...changed }).map(
    (edit) => `${edit.path[2]}${edit.kind === 'set' ? `=${String(edit.value)}` : ' removed'}`,
  );
}

test('changes what is another one, and nothing else', () => {
  expect(told({})).toEqual([]);
  expect(told({ url: ' rtsp://b/main ' })).toEqual(['url=rtsp://b/main']);
  expect(told({ subUrl: '' })).toEqual(['subUrl removed']);
});

test('writes the addresses anew with another login, for one may stand in them', () => {
  const addresses = ['url=rtsp://a/main', 'subUrl=rtsp://a/sub'];
  expect(told({ password: 'new' })).toEqual([...addresses, 'username=eva', 'password=new']);
  expect(told({ username: 'ida' })).toEqual([...addresses, 'username=ida']);
  expect(told({ username: '' })).toEqual([...addresses, 'username removed', 'password removed']);
});
