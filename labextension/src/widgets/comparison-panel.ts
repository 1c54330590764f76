import { Widget } from '@lumino/widgets';
import { PROSE, clean } from '../model/clean';
import { Comparison } from '../model/comparison';
import { count } from '../model/filter';
import type { Source } from '../model/source';
import type { Told } from '../model/told';
import { numberText } from '../model/values';
import { element } from './dom';
import { SectionView } from './section-view';
import { Toolbar } from './toolbar';

const MOST_PROBLEMS = 20;
const MOST_OPEN = 6;

/** A comparison to look into: what is compared, what of it is shown, and that. Everything can be done with the keyboard alone. */
export class ComparisonPanel extends Widget {
  constructor(source: Source) {
    super();
    this._comparison = new Comparison(source);
    this.addClass('mvl-lab');
    // The keys that are pressed in here are meant for here, and not for the notebook around it.
    this.node.setAttribute('data-lm-suppress-shortcuts', 'true');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Comparison of versions');
    this._toolbar = new Toolbar(this._comparison);
    this._said = element('p', { role: 'status', class: 'mvl-lab-muted' });
    this._problem = element('p', { role: 'alert', class: 'mvl-lab-bad' });
    this._top = element('div', { class: 'mvl-lab-top' });
    this._sections = element('div');
    this.node.append(this._top, this._toolbar.node, this._problem, this._said, this._sections);
    this.node.addEventListener('keydown', event => {
      this._press(event);
    });
    this._comparison.changed.connect(this._show, this);
    this._comparison.filterChanged.connect(this._showSections, this);
    this._show();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._comparison.dispose();
      this._letGo();
    }
    super.dispose();
  }

  private _show(): void {
    const { told, problem, isAsking } = this._comparison;
    this._toolbar.update();
    this._problem.textContent = clean(problem, PROSE);
    this._problem.hidden = problem === '';
    this.node.setAttribute('aria-busy', String(isAsking));
    if (told !== this._shown) {
      this._shown = told;
      this._top.replaceChildren(...(told === undefined ? [] : heading(told)));
      this._showSections();
    } else if (told === undefined) {
      this._said.textContent =
        'What the kernel has compared cannot be shown here: the page that it makes of it can. %mv compare … --static shows that.';
    }
    if (isAsking) {
      this._said.textContent = 'Comparing …';
    } else if (told !== undefined) {
      this._tell();
    }
  }

  private _showSections(): void {
    const open = new Map(this._views.map(view => [view.id, view.node.open]));
    this._letGo();
    const { sections, filter, source } = this._comparison;
    this._views = sections.map(
      (section, index) =>
        new SectionView(
          section,
          { source, isFolded: filter.onlyDifferences && filter.search === '' },
          open.get(section.id) ?? index < MOST_OPEN
        )
    );
    this._sections.replaceChildren(...this._views.map(view => view.node));
    this._tell();
  }

  private _tell(): void {
    const { sections, filter, told } = this._comparison;
    const found = count(sections);
    const what =
      filter.search !== '' ? 'found' : filter.onlyDifferences ? (found === 1 ? 'that differs' : 'that differ') : 'in all';
    this._said.textContent =
      found > 0
        ? `${numberText(found)} ${found === 1 ? 'thing' : 'things'} ${what}, in ${sections.map(one => one.title).join(', ')}`
        : filter.search !== ''
          ? `Nothing is called “${clean(filter.search, 80)}”${filter.onlyDifferences ? ' among what differs' : ''}.`
          : told === undefined
            ? 'What the kernel has compared cannot be shown here.'
            : 'Nothing differs.';
  }

  /** Escape leaves what has the focus: to the heading of its section, and from there to the cell of the notebook. */
  private _press(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !(event.target instanceof HTMLElement)) {
      return;
    }
    event.stopPropagation();
    const summary = event.target.closest('details')?.querySelector('summary');
    if (summary && summary !== event.target) {
      summary.focus();
    } else {
      this.node.closest<HTMLElement>('.jp-Cell')?.focus();
    }
  }

  private _letGo(): void {
    for (const view of this._views) {
      view.dispose();
    }
    this._views = [];
  }

  private readonly _comparison: Comparison;
  private readonly _toolbar: Toolbar;
  private readonly _said: HTMLElement;
  private readonly _problem: HTMLElement;
  private readonly _top: HTMLElement;
  private readonly _sections: HTMLElement;
  private _views: SectionView[] = [];
  private _shown: Told | undefined;
}

function heading({ title, about, problems }: Told): HTMLElement[] {
  const told = problems.slice(0, MOST_PROBLEMS).map(one => element('li', {}, clean(one, PROSE)));
  const more = problems.length - told.length;
  return [
    element('h2', {}, title),
    ...about.map(line => element('p', { class: 'mvl-lab-muted' }, line)),
    ...(told.length > 0
      ? [
          element(
            'ul',
            { class: 'mvl-lab-bad', 'aria-label': 'Could not be compared' },
            ...told,
            ...(more > 0 ? [element('li', {}, `… and ${numberText(more)} more`)] : [])
          )
        ]
      : [])
  ];
}
