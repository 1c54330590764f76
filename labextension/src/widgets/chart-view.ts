import type { Chart, Point } from '../model/blocks';
import { numberText } from '../model/values';
import { element } from './dom';
import { drawing, shape } from './svg';

const WIDTH = 600;
const HEIGHT = 160;
const EDGE = 6;
const MOST = 2000;

/** A chart whose values are read one after another: at the pointer, or by arrows. */
export class ChartView {
  readonly node: HTMLElement;

  constructor(private readonly _chart: Chart) {
    this._points = _chart.points.slice(0, MOST);
    this._svg = drawing(WIDTH, HEIGHT, {
      role: 'slider',
      tabindex: 0,
      'aria-label': _chart.title,
      'aria-valuemin': 1,
      'aria-valuemax': this._points.length,
      class: 'mvl-lab-chart'
    });
    this._cursor = shape('line', { y1: 0, y2: HEIGHT, class: 'mvl-lab-cursor', visibility: 'hidden' });
    this._reading = element('output', { class: 'mvl-lab-reading' });
    this._draw();
    this._listen();
    this.node = element(
      'figure',
      { class: 'mvl-lab-figure' },
      element('figcaption', {}, _chart.title),
      this._legend(),
      this._reading
    );
    this.node.insertBefore(this._svg, this._reading);
    this._read(this._points.length - 1, false);
  }

  private _legend(): HTMLElement {
    const [a, b] = this._chart.sides;
    return element(
      'p',
      { class: 'mvl-lab-legend' },
      element('span', { class: 'mvl-lab-key-a' }, a),
      element('span', { class: 'mvl-lab-key-b' }, b),
      element('span', { class: 'mvl-lab-muted' }, `${this._lowest} to ${this._highest}`)
    );
  }

  private _draw(): void {
    const finite = this._points.flatMap(({ a, b }) => [a, b]).filter(value => value !== null);
    const isBars = this._chart.shape === 'bars';
    const low = finite.reduce((one, other) => Math.min(one, other), isBars ? 0 : (finite[0] ?? 0));
    const high = finite.reduce((one, other) => Math.max(one, other), isBars ? 0 : (finite[0] ?? 0));
    [this._lowest, this._highest] = [numberText(low), numberText(high)];
    const y = (value: number): number => HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
    for (const side of ['a', 'b'] as const) {
      this._svg.append(...(isBars ? this._bars(side, y) : this._lines(side, y)));
    }
    this._svg.append(this._cursor);
  }

  private _lines(side: 'a' | 'b', y: (value: number) => number): SVGElement[] {
    const stretches: string[][] = [[]];
    for (const [index, point] of this._points.entries()) {
      const value = point[side];
      if (value !== null) {
        stretches.at(-1)?.push(`${this._x(index).toFixed(1)},${y(value).toFixed(1)}`);
      } else if (!this._isAbsentStep(side, point)) {
        stretches.push([]);
      }
    }
    return stretches
      .filter(one => one.length > 0)
      .map(one => shape('polyline', { points: [...one, ...one.slice(-1)].join(' '), class: `mvl-lab-line-${side}` }));
  }

  /** A step that only the other side has is no gap. */
  private _isAbsentStep(side: 'a' | 'b', point: Point): boolean {
    return point[side === 'a' ? 'b' : 'a'] !== null;
  }

  private _bars(side: 'a' | 'b', y: (value: number) => number): SVGElement[] {
    const wide = Math.max((WIDTH - 2 * EDGE) / this._points.length / 2.5, 0.5);
    return this._points.flatMap((point, index) => {
      const value = point[side];
      const x = this._x(index) + (side === 'a' ? -wide : 0);
      return value === null
        ? []
        : [shape('rect', { x, y: y(value), width: wide, height: Math.max(y(0) - y(value), 0), class: `mvl-lab-bar-${side}` })];
    });
  }

  private _x(index: number): number {
    if (this._chart.shape === 'bars') {
      return EDGE + ((index + 0.5) / this._points.length) * (WIDTH - 2 * EDGE);
    }
    const [first, last] = [this._points[0]?.x ?? 0, this._points.at(-1)?.x ?? 1];
    return EDGE + (((this._points[index]?.x ?? 0) - first) / (last - first || 1)) * (WIDTH - 2 * EDGE);
  }

  private _listen(): void {
    this._svg.addEventListener('pointermove', event => {
      const box = this._svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / (box.width || 1)) * WIDTH;
      this._read(this._nearest(x));
    });
    this._svg.addEventListener('keydown', event => {
      const last = this._points.length - 1;
      const to = {
        ArrowLeft: this._at - 1,
        ArrowDown: this._at - 1,
        ArrowRight: this._at + 1,
        ArrowUp: this._at + 1,
        Home: 0,
        End: last,
        PageUp: this._at + 10,
        PageDown: this._at - 10
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        event.stopPropagation();
        this._read(Math.min(Math.max(to, 0), last));
      }
    });
  }

  private _nearest(x: number): number {
    return this._points.reduce(
      (best, _, index) => (Math.abs(this._x(index) - x) < Math.abs(this._x(best) - x) ? index : best),
      0
    );
  }

  private _read(index: number, shows = true): void {
    const point = this._points[index];
    if (point === undefined) {
      return;
    }
    this._at = index;
    const [a, b] = this._chart.sides;
    const values = [
      [a, point.a],
      [b, point.b]
    ] as const;
    const text = `${point.label}: ${values.map(([side, value]) => `${side} ${value === null ? 'none' : numberText(value)}`).join(', ')}`;
    this._reading.textContent = text;
    this._svg.setAttribute('aria-valuenow', String(index + 1));
    this._svg.setAttribute('aria-valuetext', text);
    this._cursor.setAttribute('x1', String(this._x(index)));
    this._cursor.setAttribute('x2', String(this._x(index)));
    this._cursor.setAttribute('visibility', shows ? 'visible' : 'hidden');
  }

  private readonly _points: readonly Point[];
  private readonly _svg: SVGSVGElement;
  private readonly _cursor: SVGElement;
  private readonly _reading: HTMLElement;
  private _at = 0;
  private _lowest = '';
  private _highest = '';
}
