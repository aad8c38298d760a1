import { z } from 'zod';
import type { ExpectedValue } from './expected-value.ts';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that our options need. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** A value for the default file where there is no default. Not `examples`: zod drops those of transformed options. */
  readonly example?: unknown;
  readonly expected?: ExpectedValue;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** False where only `properties` may stand; a node where any name may. */
  readonly additionalProperties?: false | SchemaNode;
}

/** JSON Schema (draft 7) of `preroll.yaml`, for editors. */
export function jsonSchema(): SchemaNode {
  // The library types the result for every draft; our schema uses only what SchemaNode names.
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }) as SchemaNode;
}

/** What may stand under a key of `node`; undefined if the key is unknown. */
export function childNode(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  const properties = node?.properties;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  const others = node?.additionalProperties;
  return others === false ? undefined : others;
}

/** What stands at a path below `node`; undefined where nothing may. */
export function nodeAt(node: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((at, key) => childNode(at, String(key)), node);
}

/** Whether a value of this type may stand at `node`. */
export function accepts(node: SchemaNode | undefined, type: 'boolean' | 'number'): boolean {
  if (node === undefined) return false;
  const isNumber = type === 'number' && node.type === 'integer';
  return node.type === type || isNumber || (node.anyOf ?? []).some((one) => accepts(one, type));
}

/** Whether `node` is a section: keys with values below it. */
export function isSection(node: SchemaNode | undefined): boolean {
  return node?.type === 'object';
}

/** Paths of every named key below `node`; where any name may stand it is `<camera>`, for example, below `cameras`. */
export function* keyPaths(node: SchemaNode, above: readonly string[] = []): Generator<readonly string[]> {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    yield [...above, key];
    yield* keyPaths(child, [...above, key]);
  }
  if (typeof node.additionalProperties === 'object')
    yield* keyPaths(node.additionalProperties, [...above, `<${above.at(-1)?.replace(/s$/, '')}>`]);
}
