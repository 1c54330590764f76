import type { Change, Data, Figure, Line } from './diff.generated';

/** How a cell reads: an improvement, a worsening, something that is said in passing. */
export type Tone = 'good' | 'bad' | 'muted' | 'mark';

/** One cell of a table. `sort` is what it is ordered by, where that is not its text. */
export interface Cell {
  readonly text: string;
  readonly sort?: number;
  readonly tone?: Tone | undefined;
}

export interface Row {
  readonly change: Change;
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A text of both sides, line by line. */
export interface Lines {
  readonly kind: 'lines';
  readonly title: string;
  readonly change: Change;
  readonly lines: readonly Line[];
}

/** Values on an axis, of which one can be read after the other: courses as lines, shares and counts as bars. */
export interface Chart {
  readonly kind: 'chart';
  readonly title: string;
  readonly shape: 'lines' | 'bars';
  readonly change: Change;
  readonly sides: readonly [string, string];
  readonly points: readonly Point[];
}

export interface Point {
  /** Where it stands: a step, or the number of a bar. */
  readonly x: number;
  readonly label: string;
  readonly a: number | null;
  readonly b: number | null;
}

export interface Pictures {
  readonly kind: 'pictures';
  readonly title: string;
  readonly change: Change;
  readonly figure: Figure;
  readonly note: string;
}

/** The rows of a frame that differ, of which the kernel can be asked for more. */
export interface FrameRows {
  readonly kind: 'rows';
  readonly title: string;
  readonly change: Change;
  readonly data: Data;
}

export interface Text {
  readonly kind: 'text';
  readonly change: Change;
  readonly text: string;
  readonly tone?: Tone;
}

/** One of several blocks, chosen by name: the metric whose curve is drawn, the column whose values are, the slice of evaluation data. */
export interface Choose {
  readonly kind: 'choose';
  readonly label: string;
  readonly change: Change;
  readonly options: readonly { readonly name: string; readonly blocks: readonly Block[] }[];
}

export type Block = Table | Lines | Chart | Pictures | FrameRows | Text | Choose;

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}
