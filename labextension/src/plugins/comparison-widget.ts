import type { IBackboneModelOptions } from '@jupyter-widgets/base';
import { DOMWidgetModel, DOMWidgetView } from '@jupyter-widgets/base';
import { liveSources } from '../model/live';
import { MODULE, VERSION } from '../version';
import { ComparisonPanel } from '../widgets/comparison-panel';
import { WidgetSource } from './widget-source';

/** A comparison in the kernel. One that was made of the state that a notebook has saved has no comm: it is nobody's, and is not shown. */
export class ComparisonModel extends DOMWidgetModel {
  override defaults(): Record<string, unknown> {
    return {
      ...super.defaults(),
      _model_name: 'ComparisonModel',
      _model_module: MODULE,
      _model_module_version: `~${VERSION}`,
      _view_name: 'ComparisonView',
      _view_module: MODULE,
      _view_module_version: `~${VERSION}`,
      document: {},
      choices: [],
      pictures: {},
      problem: ''
    };
  }

  override initialize(attributes: Record<string, unknown>, options: IBackboneModelOptions): void {
    super.initialize(attributes, options);
    const source = new WidgetSource(this);
    const follow = (): void => {
      if (this.comm_live) {
        liveSources.add(this.model_id, source);
      } else {
        leave();
      }
    };
    const leave = (): void => {
      liveSources.delete(this.model_id);
      source.asker.close();
    };
    this.on('comm_live_update', follow);
    this.on('destroy', leave);
    follow();
  }
}

/** What `display(widget)` shows: the same as our renderer does. */
export class ComparisonView extends DOMWidgetView {
  override render(): void {
    super.render();
    const source = liveSources.get(this.model.model_id);
    if (source === undefined) {
      this.el.textContent = 'The kernel that made this comparison is gone. Run the cell again.';
      return;
    }
    const panel = new ComparisonPanel(source);
    this.el.appendChild(panel.node);
    this.once('remove', () => {
      panel.dispose();
    });
  }
}
