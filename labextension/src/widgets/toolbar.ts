import { clean } from '../model/clean';
import type { Comparison } from '../model/comparison';
import type { Choice } from '../model/source';
import { button, element } from './dom';

const MOST = 12;

/** Which versions are compared, and what of the comparison is shown. */
export class Toolbar {
  readonly node: HTMLElement;

  constructor(private readonly _comparison: Comparison) {
    this._versions = element('div', { class: 'mvl-lab-tools', role: 'group', 'aria-label': 'Versions' });
    this._search = element('input', {
      type: 'search',
      placeholder: 'Search names and values',
      'aria-label': 'Search names and values'
    });
    this._search.addEventListener('input', () => {
      _comparison.setFilter({ search: this._search.value });
    });
    this._only = element('input', { type: 'checkbox' });
    this._only.checked = _comparison.filter.onlyDifferences;
    this._only.addEventListener('change', () => {
      _comparison.setFilter({ onlyDifferences: this._only.checked });
    });
    const filters = element(
      'div',
      { class: 'mvl-lab-tools', role: 'search' },
      this._search,
      element('label', {}, this._only, ' Only differences')
    );
    this.node = element('div', { class: 'mvl-lab-toolbar' }, this._versions, filters);
    this._add = button('Add a version', () => {
      this._choose(this._selects.map(select => this._refs[select.selectedIndex] ?? '').concat(this._refs[0] ?? ''));
      this._selects.at(-1)?.focus();
    });
    this._compare = button('Compare', () => {
      void _comparison.compare(this._selects.map(select => this._refs[select.selectedIndex] ?? ''));
    });
    this.update();
  }

  /** Take up what the comparison is now. */
  update(): void {
    const { told, source, isAsking } = this._comparison;
    const document = source.document;
    if (document !== this._document) {
      this._document = document;
      this._refs = [...new Set([...(told?.refs ?? []), ...source.choices.map(one => one.ref)])];
      this._choose(told?.refs ?? this._refs.slice(0, 2));
    }
    this._versions.hidden = source.asker === null || this._refs.length < 2;
    this._compare.disabled = isAsking;
    this._compare.textContent = isAsking ? 'Comparing …' : 'Compare';
  }

  private _choose(refs: readonly string[]): void {
    const names = new Map(this._comparison.source.choices.map(one => [one.ref, titleOf(one)]));
    this._selects = refs.map((ref, index) => {
      const label = index === 0 ? 'Compare' : index === 1 ? 'with' : 'and';
      const options = this._refs.map(one => element('option', {}, names.get(one) ?? clean(one)));
      const select = element('select', { 'aria-label': `${label} (version ${index + 1})` }, ...options);
      select.selectedIndex = this._refs.indexOf(ref);
      return select;
    });
    const extra =
      this._selects.length > 2
        ? [
            button('Remove the last', () => {
              this._choose(refs.slice(0, -1));
              this._add.focus();
            })
          ]
        : [];
    this._add.disabled = this._selects.length >= MOST;
    this._versions.replaceChildren(...this._selects, this._add, ...extra, this._compare);
  }

  private readonly _versions: HTMLElement;
  private readonly _search: HTMLInputElement;
  private readonly _only: HTMLInputElement;
  private readonly _add: HTMLButtonElement;
  private readonly _compare: HTMLButtonElement;
  private _document: unknown;
  private _refs: readonly string[] = [];
  private _selects: HTMLSelectElement[] = [];
}

function titleOf(one: Choice): string {
  const labels = one.labels.slice(0, 5).map(label => ` @${label}`);
  const message = one.message === '' ? '' : ` · ${clean(one.message, 60)}`;
  return clean(`${one.ref}${labels.join('')} · ${one.created_at.slice(0, 16).replace('T', ' ')}`) + message;
}
