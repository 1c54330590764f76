import type { Cell, Row } from './blocks';

export interface Order {
  readonly column: number;
  readonly isDescending: boolean;
}

/** Return the rows in an order: numbers by size, before texts; what is empty comes last, whichever way. */
export function ordered(rows: readonly Row[], order: Order | undefined): readonly Row[] {
  if (order === undefined) {
    return rows;
  }
  const sign = order.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => compare(one.cells[order.column], other.cells[order.column], sign));
}

function compare(one: Cell | undefined, other: Cell | undefined, sign: number): number {
  const [first, second] = [rank(one), rank(other)];
  if (first !== second) {
    return first - second;
  }
  if (first === 0) {
    return sign * ((one?.sort ?? 0) - (other?.sort ?? 0));
  }
  return sign * COLLATOR.compare(one?.text ?? '', other?.text ?? '');
}

function rank(cell: Cell | undefined): number {
  return cell?.sort !== undefined && !Number.isNaN(cell.sort) ? 0 : cell?.text ? 1 : 2;
}

const COLLATOR = new Intl.Collator('en', { numeric: true });
