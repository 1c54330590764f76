import type { Block, Cell, Section } from './blocks';
import { clean } from './clean';
import type { Aspect, Had, Many, Row } from './comparison-table.generated';
import { namesOf } from './names';
import { said, table } from './tables';
import { apartTexts, asNumber, numberText, valueText } from './values';

const MOST_EQUAL = 200;
const DIGITS = 8;
const CONTENT = 'b3:';
/** Aspects whose texts are words of ours, or numbers of releases: they need no quotes to be told from numbers. */
const BARE: ReadonlySet<string> = new Set(['data', 'outputs', 'files', 'packages', 'machine']);

/** Return the aspects of a table of versions: the rows that differ, and of what is equal the names. */
export function aspectSections(many: Many): Section[] {
  const names = namesOf(many.versions.map(({ ref }) => ref));
  return many.aspects
    .map(one => ({ id: one.aspect, title: capitalised(one.aspect), blocks: blocksOf(one, names) }))
    .filter(one => one.blocks.length > 0);
}

function blocksOf({ aspect, rows, equal }: Aspect, names: readonly string[]): Block[] {
  const shown = rows.map(row => ({
    change: 'changed' as const,
    cells: [
      said(row.of === '' ? row.name : `${row.of} ${row.name}`),
      ...cellsOf(row, names.length, BARE.has(aspect)),
      better(row)
    ]
  }));
  const more = equal.length > MOST_EQUAL ? `, … and ${numberText(equal.length - MOST_EQUAL)} more` : '';
  const alike = equal.slice(0, MOST_EQUAL).map(name => clean(name, 200));
  return [
    ...table(capitalised(aspect), ['name', ...names, 'note'], shown),
    ...(equal.length > 0
      ? [{ kind: 'text', change: 'unchanged', text: `Equal in all: ${alike.join(', ')}${more}`, tone: 'muted' } as const]
      : [])
  ];
}

function better({ direction }: Row): Cell {
  return said(direction === null ? '' : `${direction} is better`, 'muted');
}

function cellsOf(row: Row, count: number, isBare: boolean): Cell[] {
  const had = Array.from({ length: count }, (_, index) => row.had[index]);
  const texts = apartTexts(
    had.map(one => one?.value),
    value => textOf(value, isBare)
  );
  return had.map((one, index) => cellOf(one, texts[index] ?? ''));
}

function cellOf(had: Had | undefined, text: string): Cell {
  if (!had?.is_there) {
    return { text: '' };
  }
  const words = [
    had.digest === null ? '' : shortened(had.digest),
    had.value === null && had.digest !== null ? '' : text,
    had.steps === null ? '' : `(${numberText(had.steps)} ${had.steps === 1 ? 'step' : 'steps'})`,
    had.is_best ? '★ best' : ''
  ];
  const number = asNumber(had.value);
  const cell = said(words.filter(word => word !== '').join(' '), had.is_best ? 'good' : undefined);
  return number === undefined ? cell : { ...cell, sort: number };
}

function textOf(value: unknown, isBare: boolean): string {
  if (Array.isArray(value) && value.length > 0 && value.every(one => typeof one === 'string' && one.startsWith(CONTENT))) {
    return value.map(one => shortened(String(one))).join(' ');
  }
  return typeof value !== 'string'
    ? valueText(value)
    : value.startsWith(CONTENT)
      ? shortened(value)
      : isBare
        ? value
        : valueText(value);
}

function shortened(digest: string): string {
  return digest.slice(CONTENT.length, CONTENT.length + DIGITS);
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
