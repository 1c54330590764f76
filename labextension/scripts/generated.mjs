// What is made of the schemas in docs/spec: the types of documents, and the schemas themselves without their prose.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';

const SPEC = join(import.meta.dirname, '../../docs/spec');
const MODEL = join(import.meta.dirname, '../src/model');
const SCHEMAS = { diff: 'Diff', 'comparison-table': 'Many' };

/** Return the text of each generated file, by its path. */
export async function generated() {
  const files = new Map();
  for (const [name, title] of Object.entries(SCHEMAS)) {
    const text = readFileSync(join(SPEC, `${name}.schema.json`), 'utf8');
    const types = await compile(named(JSON.parse(text)), title, {
      additionalProperties: false,
      bannerComment: `/* Made from docs/spec/${name}.schema.json by \`npm run types\`. */`,
      unknownAny: true,
      unreachableDefinitions: true,
      style: { singleQuote: true, printWidth: 128, arrowParens: 'avoid', trailingComma: 'none' }
    });
    const said = types.replace(
      / \*\n \* This interface was referenced by `\w+`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g,
      ''
    );
    files.set(join(MODEL, `${name}.generated.ts`), said);
    files.set(join(MODEL, `${name}.schema.json`), `${JSON.stringify(JSON.parse(text), withoutProse, 1)}\n`);
  }
  return files;
}

/** Return the schema as the compiler reads it: definitions by their old word, and no reference with a text beside it, which would make a second type. */
function named(schema) {
  const bare = JSON.stringify(schema, (key, value) => {
    if (key === '$id' || key === '$schema') {
      return undefined;
    }
    return value !== null && typeof value === 'object' && '$ref' in value ? { $ref: value.$ref } : value;
  });
  const read = JSON.parse(bare.replaceAll('#/$defs/', '#/definitions/').replace('"$defs":', '"definitions":'));
  read.definitions.plain.tsType = 'unknown';
  return read;
}

function withoutProse(key, value) {
  return (key === 'description' && typeof value === 'string') || key === '$id' || key === '$schema' ? undefined : value;
}
