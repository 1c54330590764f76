import type { Attributes } from './dom';

const SVG = 'http://www.w3.org/2000/svg';

/** The shapes that charts are made of. */
export type Shape = 'line' | 'polyline' | 'rect';

export function drawing(width: number, height: number, attributes: Attributes): SVGSVGElement {
  const made = document.createElementNS(SVG, 'svg');
  setAll(made, { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', ...attributes });
  return made;
}

export function shape(name: Shape, attributes: Attributes): SVGElement {
  const made = document.createElementNS(SVG, name);
  setAll(made, attributes);
  return made;
}

function setAll(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
}
