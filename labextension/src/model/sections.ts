import type { Block, Chart, Point, Section } from './blocks';
import { clean } from './clean';
import { dataBlocks } from './data';
import type { Cell, Course, Diff, Figure, Redaction, Series, Stream, Warning } from './diff.generated';
import { modelBlocks } from './models';
import { namesOf } from './names';
import type { Sides } from './tables';
import { changed, figure, metrics, packages, said, table, values } from './tables';
import { numberText, shareText } from './values';

/** Return what a comparison says, as sections of what can be shown, the most telling first. As the static page has them. */
export function sectionsOf(diff: Diff): Section[] {
  const [first = '', second = ''] = namesOf([diff.a.ref, diff.b.ref]);
  const sides: Sides = [first, second];
  const all: Section[] = [
    section('params', 'Parameters', values('Parameters', diff.params, sides)),
    section('metrics', 'Metrics', [...metrics(diff.metrics, sides), ...curves(diff.series, sides)]),
    section(
      'data',
      'Data',
      diff.data.flatMap(one => dataBlocks(one, sides))
    ),
    section(
      'models',
      'Models',
      diff.models.flatMap(one => modelBlocks(one, sides))
    ),
    section('code', 'Code', diff.code.map(cell)),
    section('modules', 'Modules', streams(diff.modules)),
    section('figures', 'Figures', diff.figures.map(pictures)),
    section('streams', 'Printed', streams(diff.streams)),
    section('displays', 'Shown', streams(diff.displays)),
    section('warnings', 'Warnings', warnings(diff.warnings, sides)),
    section('redactions', 'Replaced', redactions(diff.redactions, sides)),
    section('files', 'Files', values('Files', diff.files, sides)),
    section('described', 'Ways to data', values('Ways to data', diff.described, sides)),
    section('lineage', 'Lineage', values('Lineage', diff.lineage, sides)),
    section('environment', 'Environment', environment(diff, sides)),
    section('hints', 'Hints', values('Hints', diff.hints, sides)),
    section('randomness', 'Randomness', values('Randomness', diff.randomness, sides))
  ];
  return all.filter(one => one.blocks.length > 0);
}

function section(id: string, title: string, blocks: readonly Block[]): Section {
  return { id, title, blocks };
}

function cell(one: Cell): Block {
  const places = [one.a_position, one.b_position].filter(place => place !== null);
  const place = [...new Set(places)].join(' → ');
  const words = [one.change, ...(one.is_moved ? ['moved'] : []), ...(one.is_tracked ? ['tracked'] : [])];
  const change = one.change === 'unchanged' && one.is_moved ? 'changed' : one.change;
  return { kind: 'lines', title: `Cell ${place} (${words.join(', ')})`, change, lines: one.lines };
}

function streams(items: readonly Stream[]): Block[] {
  return items.map(one => ({
    kind: 'lines',
    title: clean(`${one.name} (${one.change})`),
    change: one.change,
    lines: one.lines
  }));
}

function curves(items: readonly Series[], sides: Sides): Block[] {
  const drawn = items.filter(one => one.a !== null || one.b !== null);
  const options = drawn.map(one => ({ name: clean(one.name), blocks: [curve(one, sides)] }));
  const notes = items.filter(one => one.note !== '').map(one => `${one.name}: ${one.note}`);
  return [
    ...(options.length > 0 ? [{ kind: 'choose', label: 'Curve of', change: 'changed', options } as const] : []),
    ...notes.map(text => ({ kind: 'text', change: 'changed', text: clean(text, 2000), tone: 'muted' }) as const)
  ];
}

function curve(one: Series, sides: Sides): Chart {
  const points = new Map<number, Point>();
  for (const [side, course] of [['a', one.a] as const, ['b', one.b] as const]) {
    for (const [step, value] of valuesOf(course)) {
      const point = points.get(step) ?? { x: step, label: `step ${numberText(step)}`, a: null, b: null };
      points.set(step, { ...point, [side]: value });
    }
  }
  const sorted = [...points.values()].sort((left, right) => left.x - right.x);
  return { kind: 'chart', title: clean(one.name), shape: 'lines', change: one.change, sides, points: sorted };
}

function valuesOf(course: Course | null): [number, number | null][] {
  return course === null ? [] : course.steps.map((step, index) => [step, course.values[index] ?? null]);
}

function pictures(one: Figure): Block {
  const alike = one.likeness;
  const word =
    alike?.alike === 'same'
      ? 'the same picture'
      : alike?.alike === 'nearly'
        ? 'nearly the same picture'
        : alike?.alike === 'another'
          ? 'another picture'
          : '';
  const share = alike?.share == null ? '' : `${shareText(alike.share)} of the pixels differ`;
  const note = [word, share, alike?.note ?? ''].filter(text => text !== '').join(', ');
  return { kind: 'pictures', title: clean(`${one.name} (${one.change})`), change: one.change, figure: one, note: clean(note) };
}

function warnings(items: readonly Warning[], sides: Sides): Block[] {
  const rows = items.map(one => ({
    change: one.change,
    cells: [
      said(one.category),
      said(one.message),
      said(one.place),
      figure(one.a_times),
      figure(one.b_times),
      changed(one.change)
    ]
  }));
  return table('Warnings', ['category', 'message', 'place', ...sides, 'change'], rows);
}

function redactions(items: readonly Redaction[], sides: Sides): Block[] {
  const rows = items.map(one => ({
    change: one.change,
    cells: [
      said(one.place),
      said(one.column),
      said(one.rule),
      figure(one.a_times),
      figure(one.b_times),
      changed(one.change),
      said(one.note)
    ]
  }));
  return table('Replaced', ['place', 'column', 'rule', ...sides, 'change', 'note'], rows);
}

function environment({ environment: found }: Diff, sides: Sides): Block[] {
  return [
    ...values('Machine', found.facts, sides),
    ...values('Repository', found.git, sides),
    ...packages(found.packages, sides),
    ...values('Loaded libraries', found.loaded, sides)
  ];
}
