import type { RowChange } from './diff.generated';

/** Which rows of a frame that differs are wanted: `count` from the `start`th on, counted from 0. */
export interface RowsWanted {
  readonly role: string;
  readonly name: string;
  readonly op: 'added' | 'removed' | 'changed' | 'moved' | 'all';
  readonly column: string | null;
  readonly start: number;
  readonly count: number;
}

export interface RowsFound {
  readonly total: number;
  readonly rows: readonly RowChange[];
}

/** Why a question has no answer, as its asker says it. */
export class Unanswered extends Error {
  constructor(
    message: string,
    readonly hint = ''
  ) {
    super(message);
  }
}

/** A newer question took the place of this one. Nothing is to be shown of it. */
export class Overtaken extends Error {}

/** Who can be asked for more than a document holds: the kernel that made it. */
export interface Asker {
  /** Have other versions compared. The document changes before the promise is kept. */
  compare(refs: readonly string[]): Promise<void>;
  rows(wanted: RowsWanted): Promise<RowsFound>;
}
