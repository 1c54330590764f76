/** The elements that a comparison is made of, and no others. Drawings have their own in `svg.ts`. */
export type Tag =
  | 'button'
  | 'caption'
  | 'code'
  | 'del'
  | 'details'
  | 'div'
  | 'figcaption'
  | 'figure'
  | 'h2'
  | 'h3'
  | 'img'
  | 'input'
  | 'ins'
  | 'label'
  | 'li'
  | 'option'
  | 'output'
  | 'p'
  | 'pre'
  | 'section'
  | 'select'
  | 'span'
  | 'strong'
  | 'summary'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'tr'
  | 'ul';

/** Attributes whose values are our own words, or numbers: no text of strangers is among them, except what a reader hears (`aria-label`) or sees (`title`). */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const FOCUSABLE: ReadonlySet<Tag> = new Set<Tag>(['button', 'input', 'select', 'summary']);

type Child = Node | string;

/** Return an element. Texts become text, whatever they hold. */
export function element<T extends Tag>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== undefined && value !== false) {
      made.setAttribute(name, String(value));
    }
  }
  if (FOCUSABLE.has(tag) || 'tabindex' in attributes) {
    // Lumino looks for this from the focused element upwards, and meets selectors of JupyterLab (`x` cuts a cell) before the panel.
    made.setAttribute('data-lm-suppress-shortcuts', 'true');
  }
  made.append(...children);
  return made;
}

/** Return a button with words on it. */
export function button(words: string, pressed: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'mvl-lab-button', ...attributes }, words);
  made.addEventListener('click', pressed);
  return made;
}
