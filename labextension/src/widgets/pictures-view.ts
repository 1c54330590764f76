import type { Pictures } from '../model/blocks';
import { clean } from '../model/clean';
import type { Source } from '../model/source';
import { element } from './dom';

/** Two pictures side by side, or laid on one another with a slider between them. */
export class PicturesView {
  readonly node: HTMLElement;

  constructor(
    private readonly _block: Pictures,
    source: Source
  ) {
    const { figure, title, note } = _block;
    this.node = element(
      'figure',
      { class: 'mvl-lab-figure' },
      element('figcaption', {}, note === '' ? title : `${title}: ${note}`)
    );
    const [a, b] = [this._picture(figure.a_digest, 'before', source), this._picture(figure.b_digest, 'now', source)];
    if (a === undefined && b === undefined) {
      const why =
        source.asker === null
          ? 'The pictures are in the saved page, and in the kernel.'
          : 'There are no pictures that can be shown here.';
      this.node.append(element('p', { class: 'mvl-lab-muted' }, `${why} ${sizes(_block)}`));
    } else if (a !== undefined && b !== undefined && figure.a_digest !== figure.b_digest) {
      this._overlay(a, b);
    } else {
      this.node.append(element('div', { class: 'mvl-lab-pictures' }, ...[a, b].filter(one => one !== undefined).slice(0, 1)));
    }
  }

  /** Let go of the pictures' bytes. */
  dispose(): void {
    this._addresses.forEach(address => {
      URL.revokeObjectURL(address);
    });
  }

  private _overlay(a: HTMLImageElement, b: HTMLImageElement): void {
    const stage = element('div', { class: 'mvl-lab-pictures' }, a, b);
    const slider = element('input', {
      type: 'range',
      min: 0,
      max: 100,
      value: 50,
      'aria-label': `${this._block.title}: how much of the picture now is laid on the one before`
    });
    const mode = element('input', { type: 'checkbox' });
    const show = (): void => {
      stage.classList.toggle('mvl-lab-overlaid', mode.checked);
      slider.disabled = !mode.checked;
      b.style.clipPath = mode.checked ? `inset(0 0 0 ${100 - Number(slider.value)}%)` : '';
    };
    mode.addEventListener('change', show);
    slider.addEventListener('input', show);
    show();
    this.node.append(
      element('div', { class: 'mvl-lab-overlay' }, element('label', {}, mode, ' On one another'), slider),
      stage
    );
  }

  private _picture(digest: string | null, when: string, source: Source): HTMLImageElement | undefined {
    const bytes = digest === null ? undefined : source.picture(digest);
    if (bytes === undefined) {
      return undefined;
    }
    const address = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
    this._addresses.push(address);
    return element('img', { src: address, alt: `${clean(this._block.figure.name)} ${when}` });
  }

  private readonly _addresses: string[] = [];
}

function sizes({ figure }: Pictures): string {
  return clean([figure.a_size, figure.b_size].filter(size => size !== '').join(' → '));
}
