import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Source } from './source';

/** The comparisons that a kernel stands behind, by the id of their widget's model. */
export class LiveSources {
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  get(id: string): Source | undefined {
    return this._sources.get(id);
  }

  add(id: string, source: Source): void {
    this._sources.set(id, source);
    this._changed.emit(id);
  }

  delete(id: string): void {
    if (this._sources.delete(id)) {
      this._changed.emit(id);
    }
  }

  private readonly _sources = new Map<string, Source>();
  private readonly _changed = new Signal<this, string>(this);
}

/** All of this page: widgets are made by their manager, outputs are rendered by a notebook, and this is where they meet. */
export const liveSources = new LiveSources();
