import { PROSE, clean } from './clean';

const ITEMS = 12;
const DEPTH = 8;
const SHORT = 8; // characters of a number that stands there as it is: 1.0 is no 1
const BRACKETS: Readonly<Record<string, readonly [string, string]>> = {
  tuple: ['(', ')'],
  set: ['{', '}'],
  frozenset: ['frozenset({', '})']
};

/** Return the number that plain JSON says, undefined when it is none: `{"$": "float", "v": "1.0"}` is one. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  if (isTagged(value) && typeof value.v === 'string') {
    if (value.$ === 'float') {
      const read = { nan: NaN, inf: Infinity, '-inf': -Infinity }[value.v] ?? Number(value.v);
      return read;
    }
    if (value.$ === 'int') {
      return value.v.startsWith('-') ? -Number(value.v.slice(1)) : Number(value.v);
    }
  }
  return undefined;
}

/** Return a Python value (plain JSON) in one line, texts without quotes unless they could be taken for something else. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') {
    return isMistakable(value) ? quoted(value) : clean(value, PROSE);
  }
  return clean(inner(value, 0), PROSE);
}

/** Return values as texts, numbers with at most six digits that count unless it takes more to tell them apart. */
export function apartTexts(values: readonly unknown[], write: (value: unknown) => string = valueText): string[] {
  const exact = values.map(write);
  const short = values.map((value, index) => {
    const [number, text] = [asNumber(value), exact[index] ?? ''];
    return number === undefined || text.length <= SHORT ? text : numberText(number);
  });
  return new Set(short).size === new Set(exact).size ? short : exact;
}

/** Return a number with at most six digits that count. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return value.toLocaleString('en-US');
  }
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(6)))
    : Number.isNaN(value)
      ? 'nan'
      : value > 0
        ? 'inf'
        : '-inf';
}

export function shareText(share: number): string {
  return `${numberText(Number((share * 100).toPrecision(3)))} %`;
}

function inner(value: unknown, depth: number): string {
  if (depth > DEPTH) {
    return '…';
  }
  const number = asNumber(value);
  if (number !== undefined) {
    return isTagged(value) && value.$ === 'float' ? String(value.v) : String(Number(number.toPrecision(15)));
  }
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (typeof value === 'string') {
    return quoted(value);
  }
  if (Array.isArray(value)) {
    return `[${items(value, depth)}]`;
  }
  return typeof value === 'object' ? mapping(value as Readonly<Record<string, unknown>>, depth) : '…';
}

function mapping(value: Readonly<Record<string, unknown>>, depth: number): string {
  if (isTagged(value)) {
    const brackets = Object.hasOwn(BRACKETS, value.$) ? BRACKETS[value.$] : undefined;
    if (brackets !== undefined && Array.isArray(value.v)) {
      return brackets[0] + items(value.v, depth) + (value.$ === 'tuple' && value.v.length === 1 ? ',' : '') + brackets[1];
    }
    return typeof value.v === 'string' ? `${value.$} ${value.v.slice(0, PROSE)}` : `${value.$} ${inner(value.v, depth + 1)}`;
  }
  const pairs = Object.entries(value);
  return `{${pairs
    .slice(0, ITEMS)
    .map(([name, one]) => `${quoted(name)}: ${inner(one, depth + 1)}`)
    .join(', ')}${rest(pairs.length)}}`;
}

function items(value: readonly unknown[], depth: number): string {
  return (
    value
      .slice(0, ITEMS)
      .map(one => inner(one, depth + 1))
      .join(', ') + rest(value.length)
  );
}

function rest(count: number): string {
  return count > ITEMS ? `, … and ${numberText(count - ITEMS)} more` : '';
}

function quoted(text: string): string {
  return `'${clean(text, PROSE).replaceAll("'", "\\'")}'`;
}

function isMistakable(text: string): boolean {
  return (
    text.trim() !== text ||
    text === '' ||
    ['True', 'False', 'None'].includes(text) ||
    !Number.isNaN(Number(text)) ||
    /^['"([{]/.test(text)
  );
}

function isTagged(value: unknown): value is { readonly $: string; readonly v: unknown } {
  return typeof value === 'object' && value !== null && '$' in value && typeof value.$ === 'string' && 'v' in value;
}
