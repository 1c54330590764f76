import type { Block, Cell, Section } from './blocks';
import { clean } from './clean';
import type { Aspect, Had, Many, Row } from './comparison-table.generated';
import { said, table } from './tables';
import { asNumber, numberText, valueText } from './values';

const MOST_EQUAL = 200;
const DIGITS = 8;
const SHORT = 8; // characters of a number that stands there as it is: 1.0 is no 1
const CONTENT = 'b3:';
/** Aspects whose texts are words of ours, or numbers of releases: they need no quotes to be told from numbers. */
const BARE: ReadonlySet<string> = new Set(['data', 'outputs', 'files', 'packages', 'machine']);

/** Return what the columns are called: `v2`, `v3` when all are versions of one name, else their refs. */
export function versionNames({ versions }: Pick<Many, 'versions'>): string[] {
  const parts = versions.map(({ ref }) => [
    ref.slice(0, Math.max(0, ref.lastIndexOf(':'))),
    ref.slice(ref.lastIndexOf(':') + 1)
  ]);
  const isOne = parts[0]?.[0] !== '' && new Set(parts.map(([name]) => name)).size === 1;
  return versions.map(({ ref }, index) => clean(isOne ? (parts[index]?.[1] ?? '') : ref));
}

/** Return the aspects of a table of versions: the rows that differ, and of what is equal the names. */
export function aspectSections(many: Many): Section[] {
  const names = versionNames(many);
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

/** Return what each version has, with as many digits as tell the values apart. */
function cellsOf(row: Row, count: number, isBare: boolean): Cell[] {
  const had = Array.from({ length: count }, (_, index) => row.had[index]);
  const exact = had.map(one => textOf(one?.value, isBare));
  const short = had.map((one, index) => {
    const number = asNumber(one?.value);
    const text = exact[index] ?? '';
    return number === undefined || text.length <= SHORT ? text : numberText(number);
  });
  const texts = new Set(short).size === new Set(exact).size ? short : exact;
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
