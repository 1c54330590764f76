import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Asker, RowsWanted } from './asker';
import { Overtaken, Unanswered } from './asker';
import type { Data, RowChange } from './diff.generated';

export const PAGE = 50;

/** The rows of a frame that differ, page by page: from the kernel, or as many as the document tells where there is none. */
export class RowPages {
  op: RowsWanted['op'] = 'all';
  column: string | null = null;
  start = 0;
  total = 0;
  rows: readonly RowChange[] = [];
  isLoading = false;
  problem: Unanswered | undefined;

  constructor(
    readonly data: Data,
    private readonly _asker: Asker | null
  ) {
    this._take(this._told());
    // The document says how many there are; what it tells of them is a beginning.
    if (_asker !== null && data.rows !== null) {
      this.total =
        data.rows.added + data.rows.removed + data.rows.changed + data.rows.examples.filter(row => row.op === 'moved').length;
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get canAsk(): boolean {
    return this._asker !== null;
  }

  /** Show other rows: of another kind, of another column, or from another one on. */
  async show(wanted: Partial<Pick<RowsWanted, 'op' | 'column' | 'start'>>): Promise<void> {
    this.op = wanted.op ?? this.op;
    this.column = wanted.column === undefined ? this.column : wanted.column;
    this.start = Math.max(wanted.start ?? 0, 0);
    this.problem = undefined;
    if (this._asker === null) {
      this._take(this._told());
      this._changed.emit();
      return;
    }
    await this._ask(this._asker);
  }

  private async _ask(asker: Asker): Promise<void> {
    const asked = ++this._asked;
    this.isLoading = true;
    this._changed.emit();
    const { role, name } = this.data;
    try {
      const found = await asker.rows({ role, name, op: this.op, column: this.column, start: this.start, count: PAGE });
      if (asked === this._asked) {
        this._take(found);
      }
    } catch (error) {
      if (asked === this._asked && !(error instanceof Overtaken)) {
        this.problem = error instanceof Unanswered ? error : new Unanswered('The rows could not be asked for.');
      }
    }
    if (asked === this._asked) {
      this.isLoading = false;
      this._changed.emit();
    }
  }

  private _take(found: { readonly total: number; readonly rows: readonly RowChange[] }): void {
    this.total = found.total;
    this.rows = found.rows.slice(0, PAGE);
  }

  private _told(): { total: number; rows: RowChange[] } {
    const fitting = (this.data.rows?.examples ?? []).filter(
      row =>
        (this.op === 'all' || row.op === this.op) &&
        (this.column === null || row.cells.some(cell => cell.column === this.column))
    );
    return { total: fitting.length, rows: fitting.slice(this.start, this.start + PAGE) };
  }

  private _asked = 0;
  private readonly _changed = new Signal<this, void>(this);
}
