import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Overtaken, Unanswered } from './asker';
import type { Section } from './blocks';
import type { Filter } from './filter';
import { filtered } from './filter';
import type { Source } from './source';
import type { Told } from './told';
import { toldOf } from './told';

/** A comparison that is looked at: what it says, what of it is shown, what is asked. */
export class Comparison {
  constructor(readonly source: Source) {
    source.changed.connect(this._read, this);
    this._read();
  }

  /** Emitted when another comparison is there, or when one is asked for. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when other parts of the comparison are shown. */
  get filterChanged(): ISignal<this, void> {
    return this._filterChanged;
  }

  /** Undefined where the document cannot be read. */
  get told(): Told | undefined {
    return this._told;
  }

  get filter(): Filter {
    return this._filter;
  }

  get isAsking(): boolean {
    return this._asking > 0;
  }

  /** What went wrong with the last question; empty when nothing did. */
  get problem(): string {
    return this._failure || this.source.problem;
  }

  get sections(): readonly Section[] {
    return filtered(this._told?.sections ?? [], this._filter);
  }

  setFilter(filter: Partial<Filter>): void {
    const search = (filter.search ?? this._filter.search).trim().toLowerCase();
    this._filter = { ...this._filter, ...filter, search };
    this._filterChanged.emit();
  }

  /** Have other versions compared. */
  async compare(refs: readonly string[]): Promise<void> {
    const { asker } = this.source;
    if (asker === null) {
      return;
    }
    this._asking += 1;
    this._failure = '';
    this._changed.emit();
    try {
      await asker.compare(refs);
    } catch (error) {
      this._failure =
        error instanceof Overtaken
          ? ''
          : error instanceof Unanswered
            ? `${error.message} ${error.hint}`.trim()
            : 'It could not be asked.';
    }
    this._asking -= 1;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this.source.changed.disconnect(this._read, this);
    Signal.clearData(this);
  }

  private _read(): void {
    const { document } = this.source;
    if (document !== this._document) {
      this._document = document;
      this._told = toldOf(document);
    }
    this._changed.emit();
  }

  private _document: unknown;
  private _told: Told | undefined;
  private _filter: Filter = { onlyDifferences: true, search: '' };
  private _asking = 0;
  private _failure = '';
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _filterChanged = new Signal<this, void>(this);
}
