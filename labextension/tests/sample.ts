import tableSchema from '../src/model/comparison-table.schema.json';
import type { Many } from '../src/model/comparison-table.generated';
import diffSchema from '../src/model/diff.schema.json';
import type { Diff, Side } from '../src/model/diff.generated';

interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  type?: string | string[];
}

const DEFINITIONS = { ...tableSchema.$defs, ...diffSchema.$defs } as unknown as Record<string, Schema>;

/** Return a document with one of everything, in which every text is this one: a new field of the schema is in it by itself. */
export function everything(text: string): Diff {
  return sample(diffSchema, text) as Diff;
}

/** Return a table of some versions with one of everything, in which every text is this one. */
export function everythingOf(text: string, versions: number): Many {
  const many = sample(tableSchema, text) as Many;
  return { ...many, versions: Array.from({ length: versions }, () => ({ ...many.versions[0]! })) };
}

/** Return a document in which nothing is, with some parts. */
export function comparison(parts: Partial<Diff> = {}): Diff {
  const side = one<Side>('side', {
    created_at: '2026-03-03T14:00:00.000000Z',
    author: 'ana',
    message: '',
    peak_memory: null,
    is_live: false
  });
  const empty = Object.fromEntries(
    Object.entries(everything('x')).map(([name, value]) => [name, Array.isArray(value) ? [] : value])
  );
  return {
    ...(empty as unknown as Diff),
    a: { ...side, ref: 'fraud:v1' },
    b: { ...side, ref: 'fraud:v2' },
    environment: { facts: [], git: [], packages: [], loaded: [] },
    ...parts
  };
}

/** Return one thing as the schema has it, with some fields. */
export function one<T>(name: string, fields: Partial<T> = {}): T {
  const schema = DEFINITIONS[name];
  if (schema === undefined) {
    throw new Error(`no ${name} in the schema`);
  }
  return { ...(sample(schema, 'x') as T), ...fields };
}

function sample(schema: Schema, text: string): unknown {
  if (schema.$ref !== undefined) {
    return sample(DEFINITIONS[schema.$ref.replace('#/$defs/', '')] ?? {}, text);
  }
  if (schema.anyOf !== undefined) {
    return sample(schema.anyOf[0] ?? {}, text);
  }
  if (schema.const !== undefined || schema.enum !== undefined) {
    // What has changed is shown: not the first word of all, which says that a is not there.
    return schema.const ?? (schema.enum?.includes('changed') ? 'changed' : schema.enum?.[0]);
  }
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, of]) => [name, sample(of, text)]));
    case 'array':
      return [sample(schema.items ?? {}, text)];
    case 'integer':
      return 1;
    case 'number':
      return 0.5;
    case 'boolean':
      return true;
    default:
      return text;
  }
}
