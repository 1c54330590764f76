import type { Cell, Row, Table } from '../model/blocks';
import type { Order } from '../model/order';
import { ordered } from '../model/order';
import { numberText } from '../model/values';
import { button, element } from './dom';
import { GridFocus } from './grid-focus';

export const PAGE = 50;

/** A table of any length, a page of which is in the document. Headings sort; arrows walk from cell to cell, and on to other pages. */
export class TableView {
  readonly node = element('div', { class: 'mvl-lab-table' });

  constructor(private readonly _table: Table) {
    this._head = element('tr', {});
    this._body = element('tbody');
    this._grid = element(
      'table',
      { role: 'grid', 'aria-label': _table.caption, 'aria-colcount': _table.columns.length },
      element('caption', {}, _table.caption),
      element('thead', {}, this._head),
      this._body
    );
    this._place = element('span', { class: 'mvl-lab-place' });
    this._previous = button('Previous', () => {
      this._turn(-1);
    });
    this._next = button('Next', () => {
      this._turn(1);
    });
    this._pager = element('div', { class: 'mvl-lab-pager', role: 'group', 'aria-label': `Pages of ${_table.caption}` });
    this._pager.append(this._previous, this._place, this._next);
    this.node.append(element('div', { class: 'mvl-lab-scroll' }, this._grid), this._pager);
    this._focus = new GridFocus(this._grid, turn => this._turn(turn));
    this._drawHead();
    this._draw();
  }

  private _drawHead(): void {
    const heads = this._table.columns.map((name, column) => {
      const sorted = this._order?.column === column ? (this._order.isDescending ? 'descending' : 'ascending') : 'none';
      const sort = button(name, () => {
        this._sort(column);
      });
      sort.className = 'mvl-lab-sort';
      const isNumbers = this._table.rows.slice(0, PAGE).some(row => row.cells[column]?.sort !== undefined);
      return element('th', { scope: 'col', 'aria-sort': sorted, class: isNumbers && 'mvl-lab-number' }, sort);
    });
    this._head.replaceChildren(...heads);
  }

  private _sort(column: number): void {
    const isAgain = this._order?.column === column;
    this._order = isAgain && this._order?.isDescending ? undefined : { column, isDescending: isAgain };
    this._rows = undefined;
    this._page = 0;
    this._drawHead();
    this._draw();
    this._focus.focus(0, column);
  }

  private _turn(by: number): boolean {
    const page = this._page + by;
    if (page < 0 || page * PAGE >= this._table.rows.length) {
      return false;
    }
    this._page = page;
    this._draw();
    return true;
  }

  private _draw(): void {
    this._rows ??= ordered(this._table.rows, this._order);
    const { length } = this._rows;
    const start = this._page * PAGE;
    const shown = this._rows.slice(start, start + PAGE);
    this._body.replaceChildren(...shown.map((row, index) => drawRow(row, start + index + 2)));
    this._grid.setAttribute('aria-rowcount', String(length + 1));
    this._place.textContent = `${numberText(start + 1)}–${numberText(start + shown.length)} of ${numberText(length)}`;
    this._previous.disabled = start === 0;
    this._next.disabled = start + PAGE >= length;
    this._pager.hidden = length <= PAGE;
    this._focus.refresh();
  }

  private readonly _head: HTMLElement;
  private readonly _body: HTMLElement;
  private readonly _grid: HTMLTableElement;
  private readonly _pager: HTMLElement;
  private readonly _place: HTMLElement;
  private readonly _previous: HTMLButtonElement;
  private readonly _next: HTMLButtonElement;
  private readonly _focus: GridFocus;
  private _order: Order | undefined;
  private _rows: readonly Row[] | undefined;
  private _page = 0;
}

function drawRow(row: Row, index: number): HTMLElement {
  const cells = row.cells.map((cell, column) =>
    column === 0 ? element('th', { scope: 'row', ...toned(cell) }, cell.text) : element('td', toned(cell), cell.text)
  );
  return element('tr', { 'aria-rowindex': index, class: `mvl-lab-${row.change}` }, ...cells);
}

function toned(cell: Cell): Record<string, string | undefined> {
  const classes = [cell.tone && `mvl-lab-${cell.tone}`, cell.sort !== undefined && 'mvl-lab-number'].filter(one => one);
  return { class: classes.length > 0 ? classes.join(' ') : undefined };
}
