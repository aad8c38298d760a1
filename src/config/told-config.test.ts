import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { Config } from './config.ts';
import { Secret } from './secret.ts';
import { hearConfig, saysTheSame, tellConfig } from './told-config.ts';

const written = {
  cameras: [
    {
      name: 'yard',
      source: { main: { url: 'rtsp://h/1', credentials: { username: 'eva', password: new Secret('x5!') } } },
    },
    { name: 'gate', isEnabled: false, reencode: undefined },
  ],
  archive: { segmentLengthMs: 60_000, volumes: [{ path: '/a', maxBytes: undefined }] },
};
// No more of a configuration is needed here.
const config = written as unknown as Config;

test('brings a configuration to another process with its secrets still secret', () => {
  const heard = hearConfig(deserialize(serialize(tellConfig(config))) as ReturnType<typeof tellConfig>);
  expect(heard).toEqual(config);
  const source = heard.cameras[0]?.source;
  const password = source?.kind === 'demo' ? undefined : source?.main.credentials?.password;
  expect(password).toBeInstanceOf(Secret);
  expect([String(password), password?.reveal()]).toEqual(['***', 'x5!']);
});

test('compares with secrets, which no other comparison sees', () => {
  const other = (password: string) => ({ name: 'yard', password: new Secret(password), minimal: undefined });
  expect(saysTheSame(other('x5!'), other('x5!'))).toBe(true);
  expect(saysTheSame(other('x5!'), other('x6!'))).toBe(false);
});
