import { expect, test } from 'vitest';
import { ComparisonPanel } from '../src/widgets/comparison-panel';
import { SavedSource } from '../src/model/saved-source';
import { toldOf } from '../src/model/told';
import { everything, everythingOf } from './sample';
import { Kernel } from './source';

const PAYLOADS = [
  '<img src=x onerror=window.__hit=1>',
  '<script>window.__hit=1</script>',
  '"><script>window.__hit=1</script>',
  "'><svg onload=window.__hit=1>",
  '</style><script>window.__hit=1</script>',
  '</textarea><img src=x onerror=window.__hit=1>',
  '<iframe srcdoc="<script>parent.__hit=1</script>">',
  '<a href="javascript:window.__hit=1">x</a>',
  'javascript:window.__hit=1',
  'data:text/html,<script>window.__hit=1</script>',
  '<button data-commandlinker-command="notebook:run-all-cells">x</button>',
  '<form action="https://example.invalid"><input name=x></form>',
  '<a id="jupyter-config-data" name="getElementById">x</a>',
  '<math><mtext><img src=x onerror=window.__hit=1></mtext></math>',
  '$\\href{javascript:window.__hit=1}{x}$',
  'expression(window.__hit=1)',
  'url(https://example.invalid/x.png)',
  '<style>@import "https://example.invalid/x.css";</style>',
  '!!js/function "function(){window.__hit=1}"',
  '\u202egnp.exe',
  '\u0000\u001b[31mred\u001b[0m\u2028',
  '\ud800lone',
  '{{constructor.constructor("window.__hit=1")()}}',
  '__proto__',
  'x'.repeat(1_000_000)
];
const TAGS = new Set(
  'button caption del details div figcaption figure h2 input ins label li line option output p polyline rect section select span summary svg table tbody td th thead tr ul'.split(
    ' '
  )
);
const ATTRIBUTES = new Set(
  (
    'aria-busy aria-colcount aria-hidden aria-label aria-live aria-rowcount aria-rowindex aria-sort aria-valuemax aria-valuemin aria-valuenow aria-valuetext ' +
    'class data-lm-suppress-shortcuts disabled height hidden max min open placeholder points preserveaspectratio role scope tabindex type value viewbox ' +
    'visibility width x x1 x2 y y1 y2'
  ).split(' ')
);

function expectTexts(panel: ComparisonPanel, fewest: number): void {
  const elements = [...panel.node.querySelectorAll('*')];
  expect(elements.length).toBeGreaterThan(fewest);
  expect(elements.map(one => one.localName).filter(name => !TAGS.has(name))).toEqual([]);
  const attributes = elements.flatMap(one => [...one.attributes].map(({ name }) => name.toLowerCase()));
  expect(attributes.filter(name => !ATTRIBUTES.has(name))).toEqual([]);
  expect(panel.node.textContent).not.toMatch(/[\u202e\u0000\u001b\u2028]/);
  expect(panel.node.textContent.length).toBeLessThan(400_000);
  for (const one of elements.filter(found => found.children.length === 0)) {
    expect(one.textContent.length).toBeLessThan(10_000);
  }
}

test.each(PAYLOADS.map(payload => [payload.slice(0, 60), payload]))(
  '%s in every field is text, and nothing else',
  (_, payload) => {
    const document = everything(payload);
    expect(toldOf(document)?.refs).toHaveLength(2);
    const kernel = new Kernel(document);
    kernel.choices = [{ ref: payload, created_at: payload, message: payload, labels: [payload] }];
    kernel.problem = payload;
    for (const source of [kernel, new SavedSource(document)]) {
      const panel = new ComparisonPanel(source);
      for (const details of panel.node.querySelectorAll('details')) {
        details.open = true;
        details.dispatchEvent(new Event('toggle'));
      }
      expectTexts(panel, 200);
      panel.dispose();
    }
    expect(window).not.toHaveProperty('__hit');
  }
);

test.each(PAYLOADS.map(payload => [payload.slice(0, 60), payload]))('%s in a table of versions is text', (_, payload) => {
  const document = everythingOf(payload, 3);
  expect(toldOf(document)?.refs).toHaveLength(3);
  const panel = new ComparisonPanel(new Kernel(document));
  window.document.body.append(panel.node); // elsewhere a click changes nothing
  panel.node.querySelector<HTMLInputElement>('input[type=checkbox]')?.click(); // what is equal too
  expect(panel.node.textContent).toContain('Equal in all: ');
  expectTexts(panel, 25);
  expect(window).not.toHaveProperty('__hit');
  panel.node.remove();
  panel.dispose();
});

test('what is shown are the payloads themselves', () => {
  const panel = new ComparisonPanel(new Kernel(everything('<b>bold</b>')));
  expect(panel.node.textContent.split('<b>bold</b>').length).toBeGreaterThan(40);
  expect(panel.node.querySelector('b')).toBeNull();
});

test.each([
  undefined,
  null,
  7,
  'text',
  [],
  {},
  { left_out: 9 },
  { schema: 2 },
  { ...everything('x'), params: [{}] },
  { ...everything('x'), a: null },
  { ...everythingOf('x', 3), versions: [null] },
  { ...everythingOf('x', 3), aspects: [{ aspect: 'another', rows: [], equal: [] }] }
])('a document that is none is not read: %j', document => {
  const panel = new ComparisonPanel(new Kernel(document));
  expect(panel.node.textContent).toContain('cannot be shown here');
});
