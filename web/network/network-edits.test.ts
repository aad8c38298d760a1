import { expect, test } from 'vitest';
import { addressAfter, isMoving, networkEdits, networkForm, type NetworkPart } from './network-edits.ts';

const PART: NetworkPart = {
  listen: 'lan',
  port: 8470,
  encryption: 'lan',
  basePath: '',
  trustedProxies: ['10.0.0.1'],
  certificate: null,
};
const FORM = networkForm(PART);

test('only what was changed is written, as the configuration has it', () => {
  expect(networkEdits(PART, FORM)).toEqual([]);
  const form = { ...FORM, port: '8080', basePath: '/cams/', trustedProxies: '10.0.0.1\n 10.1.0.0/16,' };
  expect(networkEdits(PART, form)).toEqual([
    { kind: 'set', path: ['web', 'port'], value: 8_080 },
    { kind: 'set', path: ['web', 'basePath'], value: '/cams' },
    { kind: 'set', path: ['web', 'trustedProxies'], value: ['10.0.0.1', '10.1.0.0/16'] },
  ]);
});

test.each([
  ['cams', '/cams'],
  [' cams/home/ ', '/cams/home'],
  ['/cams', '/cams'],
])('a path that is written as %j is meant as %j', (basePath, value) => {
  expect(networkEdits(PART, { ...FORM, basePath })).toEqual([
    { kind: 'set', path: ['web', 'basePath'], value },
  ]);
});

test.each(['', ' ', '/', '//'])('a path that is written as %j is none', (basePath) => {
  expect(networkEdits(PART, { ...FORM, basePath })).toEqual([]);
});

test('the page is found again at the new port and path, with the scheme that is answered there', () => {
  const here = new URL('http://nvr.lan:8470/settings/network');
  const after = (change: Partial<typeof FORM>) => addressAfter(PART, { ...FORM, ...change }, here)?.href;
  expect(after({ port: '8080' })).toBe('http://nvr.lan:8080/settings/network');
  expect(after({ basePath: '/cams' })).toBe('http://nvr.lan:8470/cams/settings/network');
  expect(after({ encryption: 'always' })).toBe('https://nvr.lan:8470/settings/network');
});

test('pages that are open lose the app where its port, path or scheme changes, not where its senders do', () => {
  expect(isMoving(PART, { ...FORM, listen: 'loopback', trustedProxies: '' })).toBe(false);
  expect(isMoving(PART, { ...FORM, basePath: '/' })).toBe(false);
  for (const change of [{ port: '8080' }, { basePath: '/cams' }, { encryption: 'always' }] as const) {
    expect(isMoving(PART, { ...FORM, ...change })).toBe(true);
  }
});

test('a port stays where the scheme changes whose own it is', () => {
  const after = (port: number, encryption: NetworkPart['encryption'], here: string) =>
    addressAfter({ ...PART, port }, { ...FORM, port: String(port), encryption }, new URL(here))?.href;
  expect(after(80, 'always', 'http://nvr.lan/settings/network')).toBe('https://nvr.lan:80/settings/network');
  expect(after(443, 'never', 'https://nvr.lan/settings/network')).toBe('http://nvr.lan:443/settings/network');
});

test('nobody knows where the page will be behind a proxy, or at a port that is yet to be taken', () => {
  expect(addressAfter(PART, { ...FORM, port: '8080' }, new URL('https://nvr.example/'))).toBeUndefined();
  expect(addressAfter(PART, { ...FORM, port: '0' }, new URL('http://nvr.lan:8470/'))).toBeUndefined();
});
