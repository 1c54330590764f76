import { Widget } from '@lumino/widgets';
import type { Diff } from '../model/diff.generated';
import { conforms } from '../model/schema';
import type { Source } from '../model/source';
import { element } from './dom';

/** A comparison to look into. */
export class ComparisonPanel extends Widget {
  constructor(private readonly _source: Source) {
    super();
    this.addClass('mvl-lab');
    _source.changed.connect(this._show, this);
    this._show();
  }

  /** Return whether a document is one that can be shown. */
  static canShow(document: unknown): document is Diff {
    return conforms<Diff>(document, 'Diff');
  }

  override dispose(): void {
    this._source.changed.disconnect(this._show, this);
    super.dispose();
  }

  private _show(): void {
    const { document, problem } = this._source;
    const said = problem === '' ? [] : [element('p', { role: 'alert', class: 'mvl-lab-problem' }, problem)];
    if (!ComparisonPanel.canShow(document)) {
      this.node.replaceChildren(
        ...said,
        element('p', {}, 'This comparison is of another version of mvlake, and cannot be shown here.')
      );
      return;
    }
    const { a, b, problems } = document;
    this.node.replaceChildren(
      element('h2', {}, `${a.ref} → ${b.ref}`),
      ...said,
      element('p', {}, `${a.created_at} by ${a.author} → ${b.created_at} by ${b.author}`),
      element('ul', { class: 'mvl-lab-problems' }, ...problems.map(one => element('li', {}, one)))
    );
  }
}
