import tableSchema from './comparison-table.schema.json';
import diffSchema from './diff.schema.json';

/** As much of JSON Schema as ours use. Fields that a schema does not know are passed over: a later writer may add some. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly type?: string | readonly string[];
}

type Definitions = Readonly<Record<string, Schema>>;

const DEFINITIONS = diffSchema.$defs as unknown as Definitions;

/** Return whether a value is what `docs/spec/diff.schema.json` calls by this name: nothing of strangers is read before that. */
export function conforms<T>(value: unknown, name: keyof typeof diffSchema.$defs | 'Diff'): value is T {
  const schema = name === 'Diff' ? (diffSchema as unknown as Schema) : DEFINITIONS[name];
  return schema !== undefined && fits(value, schema, DEFINITIONS);
}

/** Return whether a value is what `docs/spec/comparison-table.schema.json` describes. */
export function conformsToTable<T>(value: unknown): value is T {
  return fits(value, tableSchema, tableSchema.$defs);
}

function fits(value: unknown, schema: Schema, all: Definitions): boolean {
  if (schema.$ref !== undefined) {
    const named = all[schema.$ref.replace('#/$defs/', '')];
    return named !== undefined && fits(value, named, all);
  }
  return (
    (schema.anyOf?.some(one => fits(value, one, all)) ?? true) &&
    (schema.enum?.includes(value) ?? true) &&
    (schema.const === undefined || schema.const === value) &&
    (schema.type === undefined || [schema.type].flat().some(type => isOf(value, type))) &&
    (!Array.isArray(value) || schema.items === undefined || value.every(one => fits(one, schema.items ?? {}, all))) &&
    (!isObject(value) || hasFields(value, schema, all))
  );
}

function hasFields(value: Readonly<Record<string, unknown>>, schema: Schema, all: Definitions): boolean {
  return (
    (schema.required ?? []).every(name => Object.hasOwn(value, name)) &&
    Object.entries(schema.properties ?? {}).every(([name, one]) => !Object.hasOwn(value, name) || fits(value[name], one, all))
  );
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
