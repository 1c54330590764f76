import type { Cell, Row, Table, Tone } from './blocks';
import { clean } from './clean';
import type { Change, Metric, Package, RunBand, Value } from './diff.generated';
import { apartTexts, asNumber, numberText, shareText, valueText } from './values';

export type Sides = readonly [string, string];

const MARKS: Readonly<Record<string, string>> = { better: '▲ better', worse: '▼ worse' };
const REMARKS: ReadonlySet<string> = new Set(['note', 'used']);

export function said(text: string, tone?: Tone): Cell {
  return { text: clean(text, 2000), tone };
}

/** Return a number as a cell that is sorted by it. */
export function figure(value: number | null, write: (value: number) => string = numberText): Cell {
  return value === null ? { text: '' } : { text: write(value), sort: value };
}

/** Return a table, or nothing where there are no rows. A column for remarks is there when something is remarked. */
export function table(caption: string, columns: readonly string[], rows: readonly Row[]): Table[] {
  const isKept = columns.map((name, index) => !REMARKS.has(name) || rows.some(row => row.cells[index]?.text !== ''));
  const kept = rows.map(row => ({ ...row, cells: row.cells.filter((_, index) => isKept[index]) }));
  return rows.length > 0 ? [{ kind: 'table', caption, columns: columns.filter((_, index) => isKept[index]), rows: kept }] : [];
}

/** Parameters, settings, facts: a value on each side. */
export function values(caption: string, items: readonly Value[], sides: Sides): Table[] {
  const rows = items.map(item => ({
    change: item.change,
    cells: [
      said(item.name),
      value(item.a, item.change === 'added', item.a_is_default),
      value(item.b, item.change === 'removed', item.b_is_default),
      changed(item.change),
      said(item.note, 'muted')
    ]
  }));
  return table(caption, ['name', ...sides, 'change', 'note'], rows);
}

export function metrics(items: readonly Metric[], sides: Sides): Table[] {
  const rows = items.map(item => {
    const [a, b] = measured(item);
    return {
      change: item.change,
      cells: [
        said(item.name),
        banded(a, item.a_band),
        banded(b, item.b_band),
        { ...figure(item.delta, signed), tone: outcomeTone(item.outcome) },
        figure(item.relative, share => `${share > 0 ? '+' : ''}${shareText(share)}`),
        { text: MARKS[item.outcome ?? ''] ?? item.outcome ?? item.change, tone: outcomeTone(item.outcome) },
        said(item.note, 'muted')
      ]
    };
  });
  return table('Metrics', ['name', ...sides, 'Δ', 'relative', 'outcome', 'note'], rows);
}

export function packages(items: readonly Package[], sides: Sides): Table[] {
  const rows = items.map(item => ({
    change: item.change,
    cells: [
      said(item.name),
      said(item.a),
      said(item.b),
      changed(item.change),
      {
        text: item.is_imported ? 'imported by the cells' : item.is_needed ? 'needed by what they import' : '',
        tone: 'muted' as const
      }
    ]
  }));
  return table('Packages', ['name', ...sides, 'change', 'used'], rows);
}

export function changed(change: Change): Cell {
  return { text: change, tone: change === 'unchanged' ? 'muted' : 'mark' };
}

export function signed(value: number): string {
  return value > 0 ? `+${numberText(value)}` : numberText(value);
}

function value(plain: unknown, isAbsent: boolean, isDefault: boolean | null): Cell {
  if (isAbsent) {
    return { text: '' };
  }
  const number = asNumber(plain);
  const text = valueText(plain) + (isDefault === true ? ' (default)' : '');
  return number === undefined ? { text } : { text, sort: number };
}

function measured({ a, b, change }: Metric): [Cell, Cell] {
  const cells: [Cell, Cell] = [value(a, change === 'added', null), value(b, change === 'removed', null)];
  const texts = apartTexts([a, b]);
  return cells.map((cell, side) => (cell.sort === undefined ? cell : { ...cell, text: texts[side] ?? '' })) as [Cell, Cell];
}

function banded(cell: Cell, band: RunBand | null): Cell {
  return band === null
    ? cell
    : { ...cell, text: `${cell.text} (${band.runs} runs: ${numberText(band.low)} to ${numberText(band.high)})` };
}

function outcomeTone(outcome: Metric['outcome']): Tone | undefined {
  return outcome === 'better' ? 'good' : outcome === 'worse' ? 'bad' : 'muted';
}
