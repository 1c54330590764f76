import type { Block, Row } from './blocks';
import { clean } from './clean';
import type { Labels, Model, Numbers, Prediction, Score, Slice, Weights } from './diff.generated';
import type { Sides } from './tables';
import { figure, said, signed, table, values } from './tables';
import { numberText, shareText } from './values';

/** What is shown of a model: settings, what it learned, what it predicts. */
export function modelBlocks(model: Model, sides: Sides): Block[] {
  const name = clean(model.name);
  const type = model.a_type === model.b_type ? model.b_type : `${model.a_type || 'absent'} → ${model.b_type || 'absent'}`;
  const note = model.note === '' ? '' : ` (${model.note})`;
  return [
    { kind: 'text', change: model.change, text: clean(`${name}: ${model.change}, ${type}${note}`, 2000) },
    ...values(`Settings of ${name}`, model.settings, sides),
    ...values(`Learned by ${name}`, model.learned, sides),
    ...values(`Facts of ${name}`, model.facts, sides),
    ...model.weights.flatMap(one => weights(name, one, sides)),
    ...model.predictions.flatMap(one => prediction(name, one, sides))
  ];
}

function weights(name: string, told: Weights, sides: Sides): Block[] {
  const rows = told.rows.map(one => ({
    change: 'changed' as const,
    cells: [
      said(one.name),
      figure(one.a),
      figure(one.b),
      figure(one.apart),
      figure(one.relative, shareText),
      said(one.note, 'muted')
    ]
  }));
  const part = told.part === '' ? '' : ` (${told.part})`;
  const caption = clean(`${told.kind} of ${name}${part}: ${numberText(told.differing)} of ${numberText(told.total)} differ`);
  return table(caption, ['name', ...sides, 'apart', 'relative', 'note'], rows);
}

function prediction(name: string, told: Prediction, sides: Sides): Block[] {
  const change = hasMoved(told) ? 'changed' : 'unchanged';
  const on = clean(`${name} on ${told.data}`);
  const truth = told.truth === '' ? '' : ` Held against ${told.truth}.`;
  const note = told.note === '' ? '' : ` ${told.note}`;
  return [
    {
      kind: 'text',
      change,
      text: clean(
        `Predictions of ${on}: ${numberText(told.rows)} of ${numberText(told.total)} rows. ${summary(told)}${truth}${note}`,
        2000
      )
    },
    ...(told.labels === null ? [] : labels(on, told.labels, sides)),
    ...(told.numbers === null ? [] : numbers(on, told.numbers, sides)),
    ...scores(on, told.scores, sides),
    ...slices(on, told, sides)
  ];
}

function hasMoved(told: Prediction): boolean {
  return (told.labels?.flipped ?? 0) > 0 || (told.numbers?.moved ?? 0) > 0;
}

function summary({ labels, numbers }: Prediction): string {
  if (labels !== null) {
    const quality =
      labels.a_accuracy === null || labels.b_accuracy === null
        ? ''
        : ` Accuracy ${numberText(labels.a_accuracy)} → ${numberText(labels.b_accuracy)}.`;
    const ways =
      labels.mended === null || labels.broken === null
        ? ''
        : ` ${numberText(labels.mended)} mended, ${numberText(labels.broken)} broken.`;
    return `${numberText(labels.flipped)} flipped (${shareText(labels.share)}).${quality}${ways}`;
  }
  if (numbers !== null) {
    const [a, b] = [numbers.a_residuals?.rmse ?? null, numbers.b_residuals?.rmse ?? null];
    return `${numberText(numbers.moved)} moved.${a === null || b === null ? '' : ` RMSE ${numberText(a)} → ${numberText(b)}.`}`;
  }
  return '';
}

function labels(on: string, told: Labels, sides: Sides): Block[] {
  const flips: Row[] = told.flips.map(one => ({
    change: 'changed',
    cells: [figure(one.row), said(one.a), said(one.b), said(one.truth ?? ''), figure(one.a_score), figure(one.b_score)]
  }));
  const agreement: Row[] = told.agreement.map(one => ({
    change: one.a === one.b ? 'unchanged' : 'changed',
    cells: [said(one.a), said(one.b), figure(one.rows)]
  }));
  const calibration = [told.a_calibration, told.b_calibration].flatMap((one, side) =>
    one === null
      ? []
      : table(
          clean(`Calibration of ${sides[side] ?? ''} on ${on}: expected error ${numberText(one.error)}`),
          ['from', 'to', 'rows', 'mean score', 'share that is so'],
          one.bins.map(bin => ({
            change: 'changed',
            cells: [bin.low, bin.high, bin.rows, bin.score, bin.share].map(value => figure(value))
          }))
        )
  );
  return [
    ...table(`Flipped labels of ${on}`, ['row', ...sides, 'truth', `${sides[0]} score`, `${sides[1]} score`], flips),
    ...table(`Agreement of ${on}`, [...sides, 'rows'], agreement),
    ...calibration
  ];
}

function numbers(on: string, told: Numbers, sides: Sides): Block[] {
  const most: Row[] = told.most.map(one => ({
    change: 'changed',
    cells: [
      figure(one.row),
      figure(one.a),
      figure(one.b),
      figure(one.a === null || one.b === null ? null : one.b - one.a, signed),
      figure(one.truth)
    ]
  }));
  return table(`Most moved predictions of ${on}`, ['row', ...sides, 'Δ', 'truth'], most);
}

function scores(on: string, told: readonly Score[], sides: Sides): Block[] {
  const options = told.map(one => ({
    name: clean(one.label || one.kind),
    blocks: [
      {
        kind: 'chart' as const,
        title: clean(`${one.kind} ${one.label}: rows by score${one.psi === null ? '' : `, PSI ${numberText(one.psi)}`}`),
        shape: 'bars' as const,
        change: 'changed' as const,
        sides,
        points: one.histogram.a.map((a, x) => ({
          x,
          label: `${numberText(one.histogram.edges[x] ?? NaN)} to ${numberText(one.histogram.edges[x + 1] ?? NaN)}`,
          a,
          b: one.histogram.b[x] ?? null
        }))
      }
    ]
  }));
  return options.length > 0 ? [{ kind: 'choose', label: `Scores of ${on} for`, change: 'changed', options }] : [];
}

/** Where in the data the models are furthest apart: a column is chosen, and all its slices are shown. */
function slices(on: string, told: Prediction, sides: Sides): Block[] {
  const columns = [...new Set(told.slices.map(one => one.column))];
  const quality = told.labels === null ? 'RMSE' : 'accuracy';
  const head = [
    'column',
    'slice',
    'rows',
    told.labels === null ? 'mean apart' : 'flipped',
    `${sides[0]} ${quality}`,
    `${sides[1]} ${quality}`
  ];
  const shown = (name: string, found: readonly Slice[]): { name: string; blocks: Block[] } => ({
    name,
    blocks: table(
      `Slices of ${on}`,
      head,
      found.map(one => ({
        change: 'changed',
        cells: [
          said(one.column),
          said(one.value),
          figure(one.rows),
          figure(one.apart),
          figure(one.a_quality),
          figure(one.b_quality)
        ]
      }))
    )
  });
  const each = columns.map(column =>
    shown(
      clean(column),
      told.slices.filter(one => one.column === column)
    )
  );
  return columns.length === 0
    ? []
    : [
        {
          kind: 'choose',
          label: `Slices of ${on} by`,
          change: 'changed',
          options: [shown('every column', told.slices), ...each]
        }
      ];
}
