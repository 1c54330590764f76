import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Had, Row } from '../src/model/comparison-table.generated';
import type {
  Cell,
  Column,
  Data,
  Diff,
  Figure,
  Line,
  Metric,
  RowChange,
  Rows,
  Series,
  Value
} from '../src/model/diff.generated';
import { SavedSource } from '../src/model/saved-source';
import { ComparisonPanel } from '../src/widgets/comparison-panel';
import { comparison, everything, everythingOf, one } from './sample';
import { Kernel } from './source';

const panels: ComparisonPanel[] = [];

function shown(document: Diff): { kernel: Kernel; node: HTMLElement } {
  const kernel = new Kernel(document);
  const panel = new ComparisonPanel(kernel);
  panels.push(panel);
  window.document.body.append(panel.node);
  return { kernel, node: panel.node };
}

function find<T extends HTMLElement = HTMLElement>(node: ParentNode, selector: string): T {
  const found = node.querySelector<T>(selector);
  if (found === null) {
    throw new Error(`no ${selector} in ${node.textContent ?? ''}`);
  }
  return found;
}

function named<T extends HTMLElement = HTMLElement>(node: ParentNode, selector: string, text: string): T {
  const found = [...node.querySelectorAll<T>(selector)].find(element => element.textContent.includes(text));
  if (found === undefined) {
    throw new Error(`no ${selector} with ${text}`);
  }
  return found;
}

function press(key: string, options: KeyboardEventInit = {}): void {
  window.document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
  );
}

function focused(): string {
  return window.document.activeElement?.textContent ?? '';
}

function headings(node: ParentNode | undefined): string[] {
  return [...(node?.querySelectorAll('thead th') ?? [])].map(one => one.textContent);
}

function params(count: number): Value[] {
  return Array.from({ length: count }, (_, index) =>
    one<Value>('value', {
      name: `p${index}`,
      change: 'changed',
      a: index,
      b: count - index,
      note: '',
      a_is_default: null,
      b_is_default: null
    })
  );
}

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => 'blob:here');
  URL.revokeObjectURL = vi.fn();
});

afterEach(() => {
  panels.splice(0).forEach(panel => {
    panel.dispose();
  });
  window.document.body.replaceChildren();
});

describe('what is shown', () => {
  test('is what differs, and all of it when asked', () => {
    const { node } = shown(
      comparison({ params: [...params(1), one<Value>('value', { name: 'same', change: 'unchanged', a: 1, b: 1 })] })
    );
    expect(node.textContent).toContain('fraud:v1 → fraud:v2');
    expect(node.textContent).not.toContain('same');
    find(node, 'input[type=checkbox]').click();
    expect(node.textContent).toContain('same');
    expect(find(node, '[role=status]').textContent).toContain('2 things in all');
  });

  test('is what is searched for, in names and values, and how much that is is told', () => {
    const lines: Line[] = [{ op: '+', text: 'learning_rate = 0.1', segments: [] }];
    const cell = one<Cell>('cell', { change: 'added', lines });
    const { node } = shown(comparison({ params: params(30), code: [cell] }));
    const search = find<HTMLInputElement>(node, 'input[type=search]');
    search.value = 'LEARNING';
    search.dispatchEvent(new Event('input'));
    expect(node.querySelectorAll('details').length).toBe(1);
    expect(find(node, '[role=status]').textContent).toBe('1 thing found, in Code');
    search.value = 'p29';
    search.dispatchEvent(new Event('input'));
    expect(node.querySelectorAll('tbody tr').length).toBe(1);
    search.value = 'nowhere';
    search.dispatchEvent(new Event('input'));
    expect(find(node, '[role=status]').textContent).toContain('Nothing is called “nowhere”');
  });

  test('has the problems and all sections of a document', () => {
    const { node } = shown(everything('word'));
    const titles = [...node.querySelectorAll('summary')].map(summary => summary.textContent);
    for (const title of [
      'Parameters',
      'Metrics',
      'Data',
      'Models',
      'Code',
      'Modules',
      'Figures',
      'Printed',
      'Shown',
      'Warnings',
      'Replaced',
      'Files',
      'Lineage',
      'Environment',
      'Hints',
      'Randomness'
    ]) {
      expect(
        titles.some(one => one.startsWith(title)),
        title
      ).toBe(true);
    }
    expect(find(node, 'ul.mvl-lab-bad').textContent).toBe('word');
  });

  test('marks the words of a changed line', () => {
    const lines: Line[] = [
      {
        op: '-',
        text: 'x = 1',
        segments: [
          { text: 'x = ', is_changed: false },
          { text: '1', is_changed: true }
        ]
      },
      {
        op: '+',
        text: 'x = 2',
        segments: [
          { text: 'x = ', is_changed: false },
          { text: '2', is_changed: true }
        ]
      },
      ...Array.from({ length: 1000 }, (): Line => ({ op: ' ', text: 'equal', segments: [] }))
    ];
    const { node } = shown(comparison({ code: [one<Cell>('cell', { change: 'changed', lines })] }));
    expect(find(node, 'del').textContent).toBe('1');
    expect(find(node, 'ins').textContent).toBe('2');
    expect(node.textContent).toContain('… 395 equal lines');
    expect(node.querySelectorAll('.mvl-lab-same').length).toBeLessThan(10);
  });
});

describe('a table', () => {
  test('is sorted by its headings, numbers as numbers, and says so', () => {
    const { node } = shown(comparison({ params: params(12) }));
    const first = (): string => find(node, 'tbody th').textContent;
    named(node, '.mvl-lab-sort', 'name').click();
    expect(first()).toBe('p0');
    named(node, '.mvl-lab-sort', 'name').click();
    expect(first()).toBe('p11');
    expect(named(node, 'thead th', 'name').getAttribute('aria-sort')).toBe('descending');
    named(node, '.mvl-lab-sort', 'v2').click();
    expect(first()).toBe('p11');
    expect(named(node, 'thead th', 'name').getAttribute('aria-sort')).toBe('none');
    expect(focused()).toBe('v2');
  });

  test('of metrics has as many digits as tell values apart', () => {
    const metric = (name: string, a: number, b: number): Metric =>
      one<Metric>('metric', { name, change: 'changed', a, b, outcome: 'better', a_band: null, b_band: null });
    const { node } = shown(
      comparison({ metrics: [metric('auc', 0.895983130530973, 0.91604349006747), metric('loss', 0.123456781, 0.123456789)] })
    );
    const [auc, loss] = [...node.querySelectorAll('tbody tr')].map(row => row.textContent);
    expect(auc).toContain('0.8959830.916043');
    expect(auc).toContain('▲ better');
    expect(loss).toContain('0.1234567810.123456789');
  });

  test('has a column for remarks where something is remarked, and says what it is once', () => {
    const [plain, remarked] = [params(1), params(1).map(item => ({ ...item, note: 'by hand' }))].map(
      items => shown(comparison({ params: items })).node
    );
    expect(headings(plain)).toEqual(['name', 'v1', 'v2', 'change']);
    expect(headings(remarked)).toEqual(['name', 'v1', 'v2', 'change', 'note']);
    expect(plain?.querySelector('.mvl-lab-titled caption')?.textContent).toBe('Parameters');
  });

  test('is walked through by arrows, one cell of it by Tab, and left by Escape', () => {
    const { node } = shown(comparison({ params: params(120) }));
    const table = find<HTMLTableElement>(node, 'table');
    expect(table.querySelectorAll('[tabindex="0"]').length).toBe(1);
    find(table, 'button').focus();
    press('ArrowDown');
    expect(focused()).toBe('p0');
    press('ArrowRight');
    expect(focused()).toBe('0');
    press('End', { ctrlKey: true });
    press('Home');
    expect(focused()).toBe('p49');
    press('ArrowDown');
    expect(focused()).toBe('p50');
    press('PageDown');
    expect(focused()).toBe('p100');
    press('ArrowUp');
    press('ArrowUp');
    expect(table.querySelectorAll('[tabindex="0"]').length).toBe(1);
    press('Escape');
    expect(focused()).toContain('Parameters');
  });

  test('of 100 000 rows and a frame of 50 000 columns are a page of them', () => {
    const columns = Array.from({ length: 50_000 }, (_, index) =>
      one<Column>('column', { name: `c${index}`, change: 'changed', statistics: [], distribution: null, drift: [] })
    );
    const data = one<Data>('data', { change: 'changed', columns, index: [], rows: null });
    const { node } = shown(comparison({ params: params(100_000), data: [data] }));
    expect(node.querySelectorAll('*').length).toBeLessThan(2000);
    expect(find(node, 'table').getAttribute('aria-rowcount')).toBe('100001');
    named(node, 'button', 'Next').click();
    expect(find(node, 'tbody th').textContent).toBe('p50');
    named(node, '.mvl-lab-sort', 'v2').click();
    expect(find(node, 'tbody th').textContent).toBe('p99999');
    expect(node.querySelectorAll('*').length).toBeLessThan(2000);
  });
});

describe('a curve', () => {
  const course = { count: 3, steps: [0, 1, 2], values: [0.9, null, 0.5] };
  const curves = ['loss', 'auc'].map(name =>
    one<Series>('series', {
      name,
      change: 'changed',
      a: course,
      b: { ...course, steps: [0, 1, 3], values: [0.8, 0.6, 0.4] },
      note: ''
    })
  );

  test('is chosen by its metric and read by keyboard', () => {
    const { node } = shown(
      comparison({ metrics: [one<Metric>('metric', { name: 'loss', change: 'changed' })], series: curves })
    );
    const select = named<HTMLSelectElement>(node, 'select', 'auc');
    select.selectedIndex = 1;
    select.dispatchEvent(new Event('change'));
    const chart = find(node, 'svg[role=slider]');
    expect(chart.getAttribute('aria-label')).toBe('auc');
    chart.focus();
    press('Home');
    expect(chart.getAttribute('aria-valuetext')).toBe('step 0: v1 0.9, v2 0.8');
    press('ArrowRight');
    expect(find(node, 'output').textContent).toBe('step 1: v1 none, v2 0.6');
    press('End');
    expect(find(node, 'output').textContent).toBe('step 3: v1 none, v2 0.4');
    press('ArrowRight');
    expect(chart.getAttribute('aria-valuenow')).toBe('4');
  });

  test('is read at the pointer', () => {
    const { node } = shown(comparison({ series: curves }));
    const chart = find(node, 'svg[role=slider]');
    chart.getBoundingClientRect = () => new DOMRect(0, 0, 300, 100);
    chart.dispatchEvent(new MouseEvent('pointermove', { clientX: 5, bubbles: true }));
    expect(find(node, 'output').textContent).toBe('step 0: v1 0.9, v2 0.8');
    expect(find(node, '.mvl-lab-cursor').getAttribute('visibility')).toBe('visible');
  });
});

describe('figures', () => {
  const digests = { a_digest: `b3:${'a'.repeat(64)}`, b_digest: `b3:${'b'.repeat(64)}` };
  const figure = one<Figure>('figure', { change: 'changed', ...digests });

  test('are laid on one another by a slider, and their bytes are let go of', () => {
    const kernel = new Kernel(comparison({ figures: [figure] }));
    kernel.pictures = { [digests.a_digest]: new Uint8Array([1]), [digests.b_digest]: new Uint8Array([2]) };
    const panel = new ComparisonPanel(kernel);
    const second = panel.node.querySelectorAll('img')[1];
    const slider = find<HTMLInputElement>(panel.node, 'input[type=range]');
    expect(slider.disabled).toBe(true);
    named(panel.node, 'label', 'On one another').querySelector('input')?.click();
    slider.value = '30';
    slider.dispatchEvent(new Event('input'));
    expect(second?.style.clipPath).toBe('inset(0 0 0 70%)');
    panel.dispose();
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(2);
  });

  test('without their bytes say where these are', () => {
    const panel = new ComparisonPanel(new SavedSource(comparison({ figures: [figure] })));
    expect(panel.node.textContent).toContain('The pictures are in the saved page');
  });
});

describe('rows', () => {
  const row = (index: number): RowChange => ({
    op: 'changed',
    a_row: index,
    b_row: index,
    key: [`k${index}`],
    cells: [{ column: 'x', a: '1', b: '2' }],
    is_moved: false
  });
  const rows = one<Rows>('rows', {
    added: 0,
    removed: 0,
    changed: 200,
    moved: 0,
    key: ['id'],
    examples: [row(0), row(1)],
    columns: [{ name: 'x', cells: 200, a_name: '', is_retyped: false }]
  });
  const data = one<Data>('data', { role: 'input', name: 'df', change: 'changed', columns: [], index: [], rows });

  test('are asked from the kernel, page by page and by what happened to them', async () => {
    const { kernel, node } = shown(comparison({ data: [data] }));
    const group = find(node, '.mvl-lab-rows');
    expect(group.textContent).toContain('1–2 of 200');
    named(group, 'button', 'Next rows').click();
    expect(kernel.sent).toMatchObject([
      { kind: 'rows', role: 'input', name: 'df', op: 'all', column: null, start: 50, count: 50 }
    ]);
    expect(group.getAttribute('aria-busy')).toBe('true');
    await kernel.answer({ kind: 'rows', total: 200, rows: [row(70)] });
    expect(group.textContent).toContain('k70');
    expect(group.textContent).toContain('51–51 of 200');
    const [kinds, columns] = group.querySelectorAll('select');
    kinds!.selectedIndex = 3;
    kinds!.dispatchEvent(new Event('change'));
    columns!.selectedIndex = 1;
    columns!.dispatchEvent(new Event('change'));
    expect(kernel.sent.at(-1)).toMatchObject({ op: 'changed', column: 'x', start: 0 });
  });

  test('that cannot be had say why, and can be asked for again', async () => {
    const { kernel, node } = shown(comparison({ data: [data] }));
    named(node, 'button', 'Next rows').click();
    await kernel.answer({ kind: 'error', message: 'the lake is gone', hint: 'mount it' });
    expect(find(node, '.mvl-lab-rows [role=alert]').textContent).toBe('the lake is gone mount it');
    named(node, 'button', 'Try again').click();
    await kernel.answer({ kind: 'rows', total: 200, rows: [row(51)] });
    expect(find(node, '.mvl-lab-rows [role=alert]').hidden).toBe(true);
    expect(node.textContent).toContain('k51');
  });

  test('are those of the document where there is no kernel', () => {
    const panel = new ComparisonPanel(new SavedSource(comparison({ data: [data] })));
    expect(find(panel.node, '.mvl-lab-rows [role=status]').textContent).toContain('1–2 of 2 that the document tells');
    expect(find(panel.node, '[aria-label=Versions]').hidden).toBe(true);
  });
});

describe('versions', () => {
  const choice = (ref: string): { ref: string; created_at: string; message: string; labels: string[] } => ({
    ref,
    created_at: '2026-01-01T00:00:00Z',
    message: '',
    labels: ['prod']
  });

  function chosen(): ReturnType<typeof shown> {
    const kernel = new Kernel(comparison());
    kernel.choices = ['fraud:v3', 'fraud:v2', 'fraud:v1'].map(choice);
    const panel = new ComparisonPanel(kernel);
    panels.push(panel);
    window.document.body.append(panel.node);
    return { kernel, node: panel.node };
  }

  test('are chosen, and compared by the kernel', async () => {
    const { kernel, node } = chosen();
    const second = node.querySelectorAll('select')[1]!;
    expect(second.value).toContain('fraud:v2');
    second.selectedIndex = [...second.options].findIndex(option => option.text.startsWith('fraud:v3 @prod'));
    named(node, 'button', 'Compare').click();
    expect(kernel.sent).toMatchObject([{ kind: 'compare', refs: ['fraud:v1', 'fraud:v3'] }]);
    expect(find(node, '[role=status]').textContent).toBe('Comparing …');
    expect(node.getAttribute('aria-busy')).toBe('true');
    kernel.document = comparison({ b: { ...comparison().b, ref: 'fraud:v3' }, params: params(1) });
    kernel.changed.emit();
    await kernel.answer({ kind: 'done' });
    expect(find(node, 'h2').textContent).toBe('fraud:v1 → fraud:v3');
    expect(find(node, '[role=status]').textContent).toBe('1 thing that differs, in Parameters');
    expect(node.getAttribute('aria-busy')).toBe('false');
  });

  test('can be more than two', () => {
    const { kernel, node } = chosen();
    named(node, 'button', 'Add a version').click();
    expect(node.querySelectorAll('[aria-label=Versions] select').length).toBe(3);
    named(node, 'button', 'Compare').click();
    expect(kernel.sent[0]?.refs).toHaveLength(3);
    named(node, 'button', 'Remove the last').click();
    expect(node.querySelectorAll('[aria-label=Versions] select').length).toBe(2);
  });

  test('are a table when they are more than two, with the best marked, and two again', async () => {
    const { kernel, node } = chosen();
    const had = (value: number | null, is_best = false): Had => ({
      value,
      digest: null,
      steps: null,
      is_best,
      is_there: value !== null
    });
    const row = (name: string, ...values: Had[]): Row => ({ name, of: '', direction: 'higher', had: values });
    const versions = everythingOf('x', 3).versions.map((one, index) => ({ ...one, ref: `fraud:v${index + 1}` }));
    kernel.document = {
      ...everythingOf('x', 3),
      versions,
      problems: [],
      aspects: [
        {
          aspect: 'metrics',
          equal: ['gini'],
          rows: [row('auc', had(0.9), had(null), had(0.91, true)), row('f1', had(0.123456781), had(0.123456789))]
        }
      ]
    };
    kernel.changed.emit();
    await kernel.answer({ kind: 'done' });
    expect(find(node, 'h2').textContent).toBe('3 versions side by side');
    expect(headings(node)).toEqual(['name', 'v1', 'v2', 'v3', 'note']);
    expect([...node.querySelectorAll('tbody tr')].map(one => [...one.children].map(cell => cell.textContent))).toEqual([
      ['auc', '0.9', '', '0.91 ★ best', 'higher is better'],
      ['f1', '0.123456781', '0.123456789', '', 'higher is better']
    ]);
    expect(node.textContent).not.toContain('gini');
    find<HTMLInputElement>(node, 'input[type=checkbox]').click();
    expect(node.textContent).toContain('Equal in all: gini');
    expect(node.querySelectorAll('[aria-label=Versions] select').length).toBe(3);
    kernel.document = comparison({ params: params(1) });
    kernel.changed.emit();
    expect(node.querySelectorAll('[aria-label=Versions] select').length).toBe(2);
  });

  test('that cannot be compared leave the comparison that is there, with the reason', async () => {
    const { kernel, node } = chosen();
    named(node, 'button', 'Compare').click();
    kernel.problem = 'no such version';
    kernel.changed.emit();
    await kernel.answer({ kind: 'done' });
    expect(find(node, '[role=alert]').textContent).toBe('no such version');
    expect(find(node, 'h2').textContent).toBe('fraud:v1 → fraud:v2');
  });
});
