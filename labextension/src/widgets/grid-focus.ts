/** Moves the focus among the cells of a table: one of them can be reached by Tab, the others from there by arrows. */
export class GridFocus {
  /** `turn` shows the next page (1) or the one before (-1), and says whether there is one. */
  constructor(
    private readonly _grid: HTMLTableElement,
    private readonly _turn: (by: number) => boolean
  ) {
    _grid.addEventListener('keydown', event => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey ? this._press(event.key) : event.ctrlKey && this._jump(event.key)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
    _grid.addEventListener('focusin', event => {
      const found = this._placeOf(event.target);
      if (found !== undefined) {
        [this._row, this._column] = found;
        this._mark();
      }
    });
  }

  /** Take up a table that was drawn anew. */
  refresh(): void {
    this._mark();
  }

  /** Move to a cell, or as near to it as there are cells. Row 0 are the headings. */
  focus(row: number, column: number): void {
    const rows = this._grid.rows.length;
    this._row = Math.min(Math.max(row, 0), rows - 1);
    this._column = Math.min(Math.max(column, 0), (this._grid.rows[this._row]?.cells.length ?? 1) - 1);
    this._mark();
    this._target(this._row, this._column)?.focus();
  }

  private _press(key: string): boolean {
    const last = this._grid.rows.length - 1;
    switch (key) {
      case 'ArrowLeft':
        this.focus(this._row, this._column - 1);
        return true;
      case 'ArrowRight':
        this.focus(this._row, this._column + 1);
        return true;
      case 'ArrowUp':
        if (this._row === 1 && this._turn(-1)) {
          this.focus(this._grid.rows.length - 1, this._column);
        } else {
          this.focus(this._row - 1, this._column);
        }
        return true;
      case 'ArrowDown':
        this.focus(this._row === last && this._turn(1) ? 1 : this._row + 1, this._column);
        return true;
      case 'Home':
        this.focus(this._row, 0);
        return true;
      case 'End':
        this.focus(this._row, Infinity);
        return true;
      case 'PageUp':
      case 'PageDown':
        this._turn(key === 'PageUp' ? -1 : 1);
        this.focus(this._row, this._column);
        return true;
      default:
        return false;
    }
  }

  private _jump(key: string): boolean {
    if (key === 'Home' || key === 'End') {
      this.focus(key === 'Home' ? 0 : Infinity, key === 'Home' ? 0 : Infinity);
      return true;
    }
    return false;
  }

  private _mark(): void {
    this._row = Math.min(this._row, this._grid.rows.length - 1);
    for (const [row, { cells }] of [...this._grid.rows].entries()) {
      for (const column of [...cells].keys()) {
        this._target(row, column)?.setAttribute('tabindex', row === this._row && column === this._column ? '0' : '-1');
      }
    }
  }

  /** Return what has the focus of a cell: its button where it has one. */
  private _target(row: number, column: number): HTMLElement | undefined {
    const cell = this._grid.rows[row]?.cells[column];
    return cell?.querySelector('button') ?? cell;
  }

  private _placeOf(target: EventTarget | null): [number, number] | undefined {
    const cell = target instanceof Element ? target.closest('th, td') : null;
    const row = cell?.closest('tr');
    return cell instanceof HTMLTableCellElement && row ? [row.rowIndex, cell.cellIndex] : undefined;
  }

  private _row = 0;
  private _column = 0;
}
