import type { Section } from '../model/blocks';
import { count } from '../model/filter';
import { numberText } from '../model/values';
import type { BlockView, Showing } from './block-view';
import { blockView } from './block-view';
import { button, element } from './dom';

const AT_ONCE = 30;

/** A section that can be folded; of many blocks it shows some, and more on demand. */
export class SectionView {
  readonly node: HTMLDetailsElement;

  constructor(
    private readonly _section: Section,
    private readonly _showing: Showing,
    isOpen: boolean
  ) {
    const differing = element('span', { class: 'mvl-lab-count' }, ` (${numberText(count([_section]))})`);
    this._more = button('Show more', () => {
      this._grow();
    });
    this.node = element(
      'details',
      { class: 'mvl-lab-section', open: isOpen },
      element('summary', {}, _section.title, differing)
    );
    this.node.append(this._more);
    // What nobody has opened costs nothing.
    this.node.addEventListener('toggle', () => {
      if (this.node.open && this._views.length === 0) {
        this._grow();
      }
    });
    if (isOpen) {
      this._grow();
    }
  }

  get id(): string {
    return this._section.id;
  }

  dispose(): void {
    this._views.forEach(view => view.dispose?.());
    this._views.length = 0;
  }

  private _grow(): void {
    const blocks = this._section.blocks.slice(this._views.length, this._views.length + AT_ONCE);
    for (const block of blocks) {
      const view = blockView(block, this._showing);
      if (block.kind === 'table' && block.caption === this._section.title) {
        view.node.classList.add('mvl-lab-titled'); // the section says it already
      }
      this._views.push(view);
      this.node.insertBefore(view.node, this._more);
    }
    this._more.hidden = this._views.length >= this._section.blocks.length;
  }

  private readonly _views: BlockView[] = [];
  private readonly _more: HTMLButtonElement;
}
