import { open, rename, rm } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { stringify } from 'yaml';
import { describeError } from '../base/error.ts';
import { jsonSchema, type SchemaNode } from './json-schema.ts';
import { ConfigError } from './problem.ts';

const WIDTH = 100;

const HEAD = [
  'Configuration of Preroll.',
  '',
  ...wrap(
    'Every option stands here with its default; those without one are commented out. What differs on this machine goes into preroll.local.yaml beside this file, which is laid over it key by key. Over both go environment variables (PREROLL__EVENT__PRE_ROLL=8s) and flags (--set event.preRoll=8s).',
    WIDTH,
  ),
  '',
  ...wrap(
    'Durations: 500ms, 5s, 2m, 1h, 1d; a plain number is seconds. Sizes: 8MB (millions of bytes), 32MiB (times 1024 x 1024); a plain number is bytes. Relative paths start at the folder of this file.',
    WIDTH,
  ),
];

/** The commented default configuration, with the demo camera as its only camera. */
export function defaultConfigText(): string {
  const sections = Object.entries(jsonSchema().properties ?? {}).map(([key, node]) =>
    key === 'cameras' ? camerasSection(key, node) : section(key, node),
  );
  return `${[comment(HEAD), ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/**
 * Writes the default file with its bytes synced, readable by its owner only, whole or not at all.
 * @throws ConfigError if there is a file already, which is left as it is, or if writing fails.
 */
export async function writeDefaultConfig(path: string): Promise<void> {
  const place = { source: resolvePath(path) };
  try {
    // Taking the name first is what keeps an existing file safe; the rename then fills it at once.
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const message = isThere
      ? 'there is a file already; it was left as it is'
      : `the default configuration could not be written: ${describeError(error)}`;
    throw new ConfigError([{ place, message }]);
  }
  const temporary = `${path}.new`;
  try {
    await writeSynced(temporary, defaultConfigText());
    await rename(temporary, path);
  } catch (error) {
    await Promise.allSettled([rm(temporary, { force: true }), rm(path, { force: true })]);
    const message = `the default configuration could not be written: ${describeError(error)}`;
    throw new ConfigError([{ place, message }]);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(text);
  await file.sync();
}

function camerasSection(key: string, node: SchemaNode): string[] {
  const camera = typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
  return [
    ...comment(wrap(node.description ?? '', WIDTH)),
    `${key}:`,
    '  yard:',
    ...indent(options(camera, { url: 'demo:' }), '    '),
  ];
}

function section(key: string, node: SchemaNode): string[] {
  return [...comment(wrap(node.description ?? '', WIDTH)), `${key}:`, ...indent(options(node, {}), '  ')];
}

function options(node: SchemaNode, values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, option]) => {
    const value = values[key] ?? option.default;
    const lines = isExplained(option)
      ? [`${key}:`, ...indent(options(option, {}), '  ')]
      : entry(key, value ?? option.example);
    return [...comment(wrap(describe(option), WIDTH - 6)), ...(value === undefined ? comment(lines) : lines)];
  });
}

/** A section without an example: its options are told like those of other sections. */
function isExplained({ properties, example }: SchemaNode): boolean {
  return properties !== undefined && example === undefined;
}

/** A key with its value: in one line, unless there are sections or lists in the value. */
function entry(key: string, value: unknown): string[] {
  if (!isMap(value) || !Object.values(value).some((inner) => typeof inner === 'object'))
    return [`${key}: ${inline(value)}`];
  return [
    `${key}:`,
    ...indent(
      Object.entries(value).flatMap((inner) => entry(...inner)),
      '  ',
    ),
  ];
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe({ description = '', enum: choices = [] }: SchemaNode): string {
  return choices.length > 1 ? `${description} (${choices.join(' | ')})` : description;
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function comment(lines: readonly string[]): string[] {
  return lines.map((line) => `# ${line}`.trimEnd());
}

function indent(lines: readonly string[], by: string): string[] {
  return lines.map((line) => by + line);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
