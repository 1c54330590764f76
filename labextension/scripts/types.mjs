// Writes what is made of the schemas. `tests/generated.test.ts` says when that is due.
import { writeFileSync } from 'node:fs';
import { generated } from './generated.mjs';

for (const [path, text] of await generated()) {
  writeFileSync(path, text);
}
