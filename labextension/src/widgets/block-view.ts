import type { Block, Choose } from '../model/blocks';
import type { Source } from '../model/source';
import { ChartView } from './chart-view';
import { element } from './dom';
import { LinesView } from './lines-view';
import { PicturesView } from './pictures-view';
import { RowsView } from './rows-view';
import { TableView } from './table-view';

/** What a block looks like. It may hold things that are to be let go of. */
export interface BlockView {
  readonly node: HTMLElement;
  dispose?(): void;
}

/** How blocks are shown: with whom to ask, and whether what is equal is folded. */
export interface Showing {
  readonly source: Source;
  readonly isFolded: boolean;
}

export function blockView(block: Block, showing: Showing): BlockView {
  switch (block.kind) {
    case 'table':
      return new TableView(block);
    case 'lines':
      return new LinesView(block, showing.isFolded);
    case 'chart':
      return new ChartView(block);
    case 'pictures':
      return new PicturesView(block, showing.source);
    case 'rows':
      return new RowsView(block, showing.source);
    case 'choose':
      return new ChooseView(block, showing);
    case 'text':
      return { node: element('p', { class: block.tone && `mvl-lab-${block.tone}` }, block.text) };
  }
}

/** One of several blocks, and a list to choose it from. */
class ChooseView implements BlockView {
  readonly node: HTMLElement;

  constructor(
    private readonly _block: Choose,
    private readonly _showing: Showing
  ) {
    const select = element('select', {}, ..._block.options.map(({ name }) => element('option', {}, name)));
    select.addEventListener('change', () => {
      this._show(select.selectedIndex);
    });
    this._shown = element('div', { 'aria-live': 'polite' });
    this.node = element('div', { class: 'mvl-lab-choose' }, element('label', {}, `${_block.label} `, select), this._shown);
    this._show(0);
  }

  dispose(): void {
    this._views.forEach(view => view.dispose?.());
  }

  private _show(index: number): void {
    this.dispose();
    this._views = (this._block.options[index]?.blocks ?? []).map(block => blockView(block, this._showing));
    this._shown.replaceChildren(...this._views.map(view => view.node));
  }

  private _views: BlockView[] = [];
  private readonly _shown: HTMLElement;
}
