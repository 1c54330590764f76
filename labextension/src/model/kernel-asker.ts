import type { Asker, RowsFound, RowsWanted } from './asker';
import { Overtaken, Unanswered } from './asker';
import type { RowChange } from './diff.generated';
import { conforms } from './schema';

interface Waiting {
  readonly kind: 'compare' | 'rows';
  readonly keep: (found: RowsFound) => void;
  readonly fail: (reason: Error) => void;
}

const LONGEST = 2000;

/** Asks the kernel in the messages of `docs/spec/comparison-widget.md`, each of which has exactly one answer. */
export class KernelAsker implements Asker {
  constructor(private readonly _send: (content: Record<string, string | number | null | readonly string[]>) => void) {}

  async compare(refs: readonly string[]): Promise<void> {
    await this._ask('compare', { refs: [...refs] });
  }

  rows(wanted: RowsWanted): Promise<RowsFound> {
    return this._ask('rows', { ...wanted });
  }

  /** Take a message of the kernel. One that answers nothing that was asked is passed over. */
  take(content: unknown): void {
    const said = fields(content);
    const waiting = this._waiting.get(text(said.id));
    if (waiting === undefined) {
      return;
    }
    this._waiting.delete(text(said.id));
    if (said.kind === 'overtaken') {
      waiting.fail(new Overtaken());
    } else if (said.kind === 'done' && waiting.kind === 'compare') {
      waiting.keep({ total: 0, rows: [] });
    } else if (said.kind === 'rows' && waiting.kind === 'rows') {
      this._keepRows(said, waiting);
    } else {
      waiting.fail(new Unanswered(text(said.message) || 'The kernel gave an answer that is none.', text(said.hint)));
    }
  }

  /** Let go of all that is still waited for: nobody will answer it. */
  close(): void {
    for (const waiting of this._waiting.values()) {
      waiting.fail(new Unanswered('The kernel is gone.', 'Run the cell again.'));
    }
    this._waiting.clear();
  }

  private _ask(kind: Waiting['kind'], asked: Record<string, string | number | null | readonly string[]>): Promise<RowsFound> {
    const id = `${kind}-${++this._asked}`;
    return new Promise((keep, fail) => {
      this._waiting.set(id, { kind, keep, fail });
      this._send({ kind, id, ...asked });
    });
  }

  private _keepRows(said: Record<string, unknown>, waiting: Waiting): void {
    const { total, rows } = said;
    if (typeof total === 'number' && Array.isArray(rows) && rows.every(row => conforms<RowChange>(row, 'row_change'))) {
      waiting.keep({ total, rows });
    } else {
      waiting.fail(
        new Unanswered('The kernel gave rows that this page cannot read.', 'Are extension and kernel of one version?')
      );
    }
  }

  private _asked = 0;
  private readonly _waiting = new Map<string, Waiting>();
}

function fields(content: unknown): Record<string, unknown> {
  return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST) : '';
}
