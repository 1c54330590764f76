import type { Lines } from '../model/blocks';
import { cleanLine } from '../model/clean';
import type { Line } from '../model/diff.generated';
import { numberText } from '../model/values';
import { button, element } from './dom';

const AROUND = 3;
const AT_ONCE = 400;
const SPOKEN = { ' ': '', '-': 'removed: ', '+': 'added: ' } as const;

/** A text of both sides, changed words marked. What is far from any change is folded, and a long text comes bit by bit. */
export class LinesView {
  readonly node: HTMLElement;

  constructor(
    private readonly _block: Lines,
    isFolded: boolean
  ) {
    this._text = element('div', { class: 'mvl-lab-lines', role: 'group', 'aria-label': _block.title, tabindex: 0 });
    this._more = button('Show more lines', () => {
      this._grow();
    });
    this.node = element('figure', { class: 'mvl-lab-text' }, element('figcaption', {}, _block.title), this._text, this._more);
    this._folds = isFolded && _block.change === 'changed';
    this._grow();
  }

  private _grow(): void {
    const { lines } = this._block;
    const end = Math.min(this._shown + AT_ONCE, lines.length);
    let skipped = 0;
    for (let index = this._shown; index < end; index += 1) {
      if (this._folds && !isNear(lines, index)) {
        skipped += 1;
        continue;
      }
      skipped = this._skip(skipped);
      const line = lines[index];
      if (line !== undefined) {
        this._text.append(drawLine(line));
      }
    }
    this._skip(skipped);
    this._shown = end;
    this._more.hidden = end === lines.length;
  }

  private _skip(skipped: number): number {
    if (skipped > 0) {
      this._text.append(element('div', { class: 'mvl-lab-muted' }, `… ${numberText(skipped)} equal lines`));
    }
    return 0;
  }

  private readonly _text: HTMLElement;
  private readonly _more: HTMLButtonElement;
  private readonly _folds: boolean;
  private _shown = 0;
}

function isNear(lines: readonly Line[], index: number): boolean {
  return lines.slice(Math.max(index - AROUND, 0), index + AROUND + 1).some(line => line.op !== ' ');
}

function drawLine(line: Line): HTMLElement {
  const parts = line.segments.length > 0 ? line.segments : [{ text: line.text, is_changed: false }];
  const tag = line.op === '-' ? 'del' : 'ins';
  const words = parts.map(part => (part.is_changed ? element(tag, {}, cleanLine(part.text)) : cleanLine(part.text)));
  const kind = { ' ': 'mvl-lab-same', '-': 'mvl-lab-minus', '+': 'mvl-lab-plus' }[line.op];
  return element(
    'div',
    { class: kind },
    element('span', { class: 'mvl-lab-op', 'aria-hidden': 'true' }, line.op),
    ...(line.op === ' ' ? [] : [element('span', { class: 'mvl-lab-spoken' }, SPOKEN[line.op])]),
    ...words
  );
}
