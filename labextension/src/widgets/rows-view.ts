import type { RowsWanted } from '../model/asker';
import type { FrameRows, Table } from '../model/blocks';
import { clean } from '../model/clean';
import type { RowChange } from '../model/diff.generated';
import { PAGE, RowPages } from '../model/row-pages';
import type { Source } from '../model/source';
import { figure, said } from '../model/tables';
import { numberText } from '../model/values';
import { button, element } from './dom';
import { TableView } from './table-view';

const OPS: readonly RowsWanted['op'][] = ['all', 'added', 'removed', 'changed', 'moved'];
const MOST_CHOICES = 200;
const MOST_CELLS = 20;

/** The rows of a frame that differ, asked from the kernel page by page. */
export class RowsView {
  readonly node: HTMLElement;

  constructor(
    private readonly _block: FrameRows,
    source: Source
  ) {
    this._pages = new RowPages(_block.data, source.asker);
    this._said = element('p', { role: 'status', class: 'mvl-lab-place' });
    this._problem = element('p', { role: 'alert', class: 'mvl-lab-bad' });
    this._table = element('div');
    this._previous = button('Previous rows', () => {
      this._show({ start: this._pages.start - PAGE });
    });
    this._next = button('Next rows', () => {
      this._show({ start: this._pages.start + PAGE });
    });
    this._again = button('Try again', () => {
      this._show({ start: this._pages.start });
    });
    this.node = element(
      'div',
      { class: 'mvl-lab-rows', role: 'group', 'aria-label': _block.title },
      element('div', { class: 'mvl-lab-tools' }, this._kinds(), this._columns(), this._previous, this._next, this._said),
      this._problem,
      this._again,
      this._table
    );
    this._pages.changed.connect(this._draw, this);
    this._draw();
  }

  dispose(): void {
    this._pages.changed.disconnect(this._draw, this);
  }

  private _show(wanted: Parameters<RowPages['show']>[0]): void {
    void this._pages.show(wanted);
  }

  private _kinds(): HTMLElement {
    const select = element(
      'select',
      { 'aria-label': 'Rows' },
      ...OPS.map(op => element('option', { value: op }, op === 'all' ? 'all that differ' : op))
    );
    select.addEventListener('change', () => {
      this._show({ op: OPS[select.selectedIndex] ?? 'all' });
    });
    return element('label', {}, 'Rows ', select);
  }

  /** A list to choose from, or where that would be endless a place to write in. */
  private _columns(): HTMLElement {
    const names = (this._block.data.rows?.columns ?? []).map(column => column.name);
    if (names.length > MOST_CHOICES) {
      const input = element('input', { type: 'text', placeholder: 'any column', 'aria-label': 'changed in' });
      input.addEventListener('change', () => {
        this._show({ column: input.value === '' ? null : input.value });
      });
      return element('label', {}, 'changed in ', input);
    }
    const select = element(
      'select',
      { 'aria-label': 'changed in' },
      element('option', {}, 'any column'),
      ...names.map(name => element('option', {}, clean(name, 80)))
    );
    select.addEventListener('change', () => {
      this._show({ column: names[select.selectedIndex - 1] ?? null });
    });
    return element('label', {}, 'changed in ', select);
  }

  private _draw(): void {
    const { rows, start, total, isLoading, problem, canAsk } = this._pages;
    const place =
      rows.length === 0
        ? 'No such rows'
        : `${numberText(start + 1)}–${numberText(start + rows.length)} of ${numberText(total)}`;
    this._said.textContent = isLoading
      ? 'Asking the kernel …'
      : canAsk
        ? place
        : `${place} that the document tells; more are to be had where its kernel runs`;
    this.node.setAttribute('aria-busy', String(isLoading));
    this._problem.textContent = problem === undefined ? '' : clean(`${problem.message} ${problem.hint}`, 2000);
    this._problem.hidden = this._again.hidden = problem === undefined;
    this._previous.disabled = isLoading || start === 0;
    this._next.disabled = isLoading || start + rows.length >= total;
    if (!isLoading) {
      this._table.replaceChildren(...(rows.length > 0 ? [new TableView(tableOf(this._block, rows)).node] : []));
    }
  }

  private readonly _pages: RowPages;
  private readonly _said: HTMLElement;
  private readonly _problem: HTMLElement;
  private readonly _table: HTMLElement;
  private readonly _previous: HTMLButtonElement;
  private readonly _next: HTMLButtonElement;
  private readonly _again: HTMLButtonElement;
}

function tableOf(block: FrameRows, rows: readonly RowChange[]): Table {
  const key = block.data.rows?.key ?? [];
  const columns = ['what', 'row before', 'row now', ...key.map(name => clean(name)), 'cells'];
  return {
    kind: 'table',
    caption: block.title,
    columns,
    rows: rows.map(row => ({
      change: row.op === 'moved' ? 'changed' : row.op,
      cells: [
        said(row.op),
        figure(row.a_row),
        figure(row.b_row),
        ...key.map((_, index) => said(row.key[index] ?? '')),
        said(cells(row))
      ]
    }))
  };
}

function cells(row: RowChange): string {
  const told = row.cells.slice(0, MOST_CELLS).map(
    ({ column, a, b }) =>
      `${clean(column, 80)}: ${[a, b]
        .filter(one => one !== null)
        .map(one => clean(one))
        .join(' → ')}`
  );
  const more = row.cells.length - told.length;
  return told.join('; ') + (more > 0 ? `; … and ${numberText(more)} more` : '');
}
