import { describe, expect, test } from 'vitest';
import { Overtaken, Unanswered } from '../src/model/asker';
import { KernelAsker } from '../src/model/kernel-asker';

const WANTED = { role: 'input', name: 'df', op: 'changed', column: null, start: 0, count: 2 } as const;
const ROW = { op: 'changed', a_row: 1, b_row: 1, key: ['7'], cells: [{ column: 'x', a: '1', b: '2' }], is_moved: false };

function asked(): { asker: KernelAsker; sent: Record<string, unknown>[] } {
  const sent: Record<string, unknown>[] = [];
  return { asker: new KernelAsker(content => sent.push(content)), sent };
}

describe('a question to the kernel', () => {
  test('is a message with an id of its own, and is kept by the answer with that id', async () => {
    const { asker, sent } = asked();
    const first = asker.rows(WANTED);
    const second = asker.compare(['a:v1', 'a:v2']);
    expect(sent).toMatchObject([
      { kind: 'rows', ...WANTED },
      { kind: 'compare', refs: ['a:v1', 'a:v2'] }
    ]);
    const ids = sent.map(one => one.id);
    expect(new Set(ids).size).toBe(2);
    asker.take({ kind: 'done', id: ids[1] });
    await second;
    asker.take({ kind: 'rows', id: ids[0], total: 9, rows: [ROW] });
    expect(await first).toEqual({ total: 9, rows: [ROW] });
  });

  test('fails with what the kernel says of it', async () => {
    const { asker, sent } = asked();
    const rows = asker.rows(WANTED);
    asker.take({ kind: 'error', id: sent[0]?.id, message: 'no such data', hint: 'another name' });
    await expect(rows).rejects.toMatchObject({ message: 'no such data', hint: 'another name' });
  });

  test('that a newer one overtook says so', async () => {
    const { asker, sent } = asked();
    const rows = asker.rows(WANTED);
    asker.take({ kind: 'overtaken', id: sent[0]?.id });
    await expect(rows).rejects.toBeInstanceOf(Overtaken);
  });

  test('is given up when the kernel goes', async () => {
    const { asker } = asked();
    const rows = asker.rows(WANTED);
    asker.close();
    await expect(rows).rejects.toBeInstanceOf(Unanswered);
  });

  test.each([
    { rows: [{ ...ROW, key: 'text' }], total: 1 },
    { rows: 'none', total: 1 },
    { rows: [ROW], total: 'many' },
    { rows: [null], total: 1 }
  ])('is not answered by rows that are none: %j', async answer => {
    const { asker, sent } = asked();
    const rows = asker.rows(WANTED);
    asker.take({ kind: 'rows', id: sent[0]?.id, ...answer });
    await expect(rows).rejects.toBeInstanceOf(Unanswered);
  });

  test.each([null, 7, 'text', [], {}, { kind: 'done', id: 'nobody' }, { id: 3 }])('is not answered by %j', content => {
    const { asker } = asked();
    const rows = asker.rows(WANTED);
    rows.catch(() => undefined);
    asker.take(content);
    asker.close();
  });
});
