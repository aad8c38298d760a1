import { expect, test } from 'vitest';
import { socketAddress } from './socket-address.ts';

test('is the path itself where sockets are files', () => {
  expect(socketAddress('/home/a/preroll.sock', 'linux')).toEqual({
    kind: 'file',
    path: '/home/a/preroll.sock',
  });
});

test('is a pipe of its own for each path on Windows, whatever the case of its letters', () => {
  const address = socketAddress('C:\\preroll\\preroll.sock', 'win32');
  expect(address).toEqual({
    kind: 'pipe',
    path: expect.stringMatching(/^\\\\\.\\pipe\\preroll-[0-9a-f]{32}$/) as unknown,
  });
  expect(socketAddress('c:\\Preroll\\preroll.sock', 'win32')).toEqual(address);
  expect(socketAddress('D:\\preroll\\preroll.sock', 'win32')).not.toEqual(address);
});

test('is reached from the working folder where the whole path is too long', () => {
  const folder = `/${'x'.repeat(110)}/preroll`;
  const path = `${folder}/preroll.sock`;
  expect(socketAddress(path, 'linux', () => folder)).toEqual({ kind: 'file', path: 'preroll.sock' });
  expect(socketAddress(path, 'linux', () => `${folder}/web`).path).toBe('../preroll.sock');
  expect(() => socketAddress(path, 'linux', () => '/')).toThrow('set control.path');
});

test('refuses a path that a system would cut off', () => {
  const name = (bytes: number) => `/${'ü'.repeat(10)}${'x'.repeat(bytes - 21)}`;
  expect(socketAddress(name(102), 'darwin').path).toBe(name(102));
  expect(() => socketAddress(name(103), 'darwin')).toThrow('at most 102 bytes, found 103; set control.path');
});
