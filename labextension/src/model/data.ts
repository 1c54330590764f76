import type { Block, Chart } from './blocks';
import { PROSE, clean } from './clean';
import type { Column, Data, Distribution, Drift } from './diff.generated';
import type { Sides } from './tables';
import { changed, said, table } from './tables';
import { numberText, shareText } from './values';

const SHIFTS = { none: 0, slight: 1, strong: 2 } as const;
const MOST_CHOICES = 200;

/** What is shown of data: a line, columns, how values lay then and lie now, rows. */
export function dataBlocks(data: Data, sides: Sides): Block[] {
  const title = clean(`${data.role} ${data.name}`);
  const sizes = data.a_size === data.b_size ? data.b_size : `${data.a_size || 'absent'} → ${data.b_size || 'absent'}`;
  const texts = data.a_text === data.b_text ? '' : `: ${data.a_text || 'absent'} → ${data.b_text || 'absent'}`;
  const note = data.note === '' ? '' : ` (${data.note})`;
  return [
    { kind: 'text', change: data.change, text: clean(`${title}: ${data.change}, ${data.kind}, ${sizes}${texts}${note}`, 2000) },
    ...columns(`Index of ${title}`, data.index, sides),
    ...columns(`Columns of ${title}`, data.columns, sides),
    ...distributions(title, data, sides),
    ...rows(title, data)
  ];
}

function columns(caption: string, items: readonly Column[], sides: Sides): Block[] {
  const found = items.map(column => ({
    change: column.change,
    cells: [
      said(column.name),
      said(column.a_dtype),
      said(column.b_dtype),
      changed(column.change),
      drift(column),
      said(
        [...(column.is_moved ? ['moved'] : []), ...column.statistics.map(one => `${one.name}: ${one.a} → ${one.b}`)].join('; '),
        'muted'
      )
    ]
  }));
  return table(caption, ['column', ...sides, 'change', 'drift', 'statistics'], found);
}

function drift(column: Column): { text: string; sort?: number; tone?: 'bad' | 'muted' } {
  const [most] = [...column.drift].sort((one, other) => strength(other) - strength(one));
  return most === undefined
    ? { text: '' }
    : {
        text: clean(
          column.drift.map(one => `${one.name.replaceAll('_', ' ')} ${numberText(one.value)} (${one.shift})`).join('; '),
          PROSE
        ),
        sort: strength(most),
        tone: most.shift === 'strong' ? 'bad' : 'muted'
      };
}

function strength(one: Drift): number {
  return SHIFTS[one.shift] * 1000 + Math.min(Math.abs(one.value), 999);
}

function distributions(title: string, data: Data, sides: Sides): Block[] {
  const options = data.columns
    .flatMap(column => {
      const drawn = column.distribution === null ? [] : bars(column, column.distribution, sides);
      return drawn.length > 0
        ? [{ name: clean(column.name), blocks: drawn, strength: Math.max(0, ...column.drift.map(strength)) }]
        : [];
    })
    .sort((one, other) => other.strength - one.strength)
    .slice(0, MOST_CHOICES);
  return options.length > 0 ? [{ kind: 'choose', label: `Values of ${title} in column`, change: data.change, options }] : [];
}

function bars(column: Column, told: Distribution, sides: Sides): Chart[] {
  if (told.labels.length === 0) {
    return [];
  }
  const off = told.error > 0 ? `, at most ${shareText(told.error)} off` : '';
  return [
    {
      kind: 'chart',
      title: clean(
        `${column.name}: share of ${numberText(told.a_count)} and ${numberText(told.b_count)} values (${told.basis}${off})`
      ),
      shape: 'bars',
      change: column.change,
      sides,
      points: told.labels.map((label, x) => ({ x, label: clean(label), a: told.a[x] ?? null, b: told.b[x] ?? null }))
    }
  ];
}

function rows(title: string, data: Data): Block[] {
  const found = data.rows;
  if (found === null) {
    return [];
  }
  const by = found.key.length > 0 ? ` by ${found.key.join(', ')}` : ' by place';
  const numbers = (['added', 'removed', 'changed', 'moved', 'unchanged'] as const).map(
    word => `${numberText(found[word])} ${word}`
  );
  const differs = found.added + found.removed + found.changed + found.moved > 0;
  const note = found.note === '' ? '' : `. ${found.note}`;
  const change = differs ? 'changed' : 'unchanged';
  return [
    { kind: 'text', change, text: clean(`Rows of ${title}${by}: ${numbers.join(', ')}${note}`, 2000) },
    ...(differs ? [{ kind: 'rows', title: `Rows of ${title}`, change, data } as const] : [])
  ];
}
