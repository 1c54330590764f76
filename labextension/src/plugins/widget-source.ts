import type { DOMWidgetModel } from '@jupyter-widgets/base';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { KernelAsker } from '../model/kernel-asker';
import type { Choice, Source } from '../model/source';
import { readChoices } from '../model/source';

/** The comparison that a widget of the kernel holds. */
export class WidgetSource implements Source {
  readonly asker: KernelAsker;

  constructor(private readonly _model: DOMWidgetModel) {
    this.asker = new KernelAsker(content => {
      _model.send(content as Parameters<DOMWidgetModel['send']>[0]);
    });
    _model.on('msg:custom', (content: unknown) => {
      this.asker.take(content);
    });
    _model.on('change', () => {
      this._changed.emit();
    });
  }

  get document(): unknown {
    return this._model.get('document') as unknown;
  }

  get choices(): readonly Choice[] {
    return readChoices(this._model.get('choices'));
  }

  get problem(): string {
    const problem = this._model.get('problem') as unknown;
    return typeof problem === 'string' ? problem : '';
  }

  get changed(): ISignal<Source, void> {
    return this._changed;
  }

  picture(digest: string): ArrayBufferView<ArrayBuffer> | undefined {
    const pictures = this._model.get('pictures') as Readonly<Record<string, unknown>>;
    const found = Object.hasOwn(pictures, digest) ? pictures[digest] : undefined;
    return ArrayBuffer.isView(found) ? (found as ArrayBufferView<ArrayBuffer>) : undefined;
  }

  private readonly _changed = new Signal<Source, void>(this);
}
