// @vitest-environment node
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generated } from '../scripts/generated.mjs';

test('what is made of the schemas is up to date: npm run types', async () => {
  const files = await generated();
  expect(files.size).toBeGreaterThan(1);
  for (const [path, text] of files) {
    expect(readFileSync(path, 'utf8'), path).toBe(text);
  }
});
