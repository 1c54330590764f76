import { Signal } from '@lumino/signaling';
import type { Choice, Source } from './source';

/** A comparison that was saved in a notebook: nobody to ask, and pictures are in its page alone. */
export class SavedSource implements Source {
  readonly changed: Signal<Source, void> = new Signal<Source, void>(this);
  readonly choices: readonly Choice[] = [];
  readonly problem = '';
  readonly asker = null;

  constructor(readonly document: unknown) {}

  picture(): undefined {
    return undefined;
  }
}
