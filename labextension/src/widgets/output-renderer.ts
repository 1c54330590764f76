import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel, Widget } from '@lumino/widgets';
import type { LiveSources } from '../model/live';
import { SavedSource } from '../model/saved-source';
import type { Source } from '../model/source';
import { toldOf } from '../model/told';
import { ComparisonPanel } from './comparison-panel';
import { button, element } from './dom';

export const MIME = 'application/vnd.mvlake.comparison+json';
const PAGE = 'text/html';

/** The output of a comparison: live where its kernel stands behind it, else the page that was saved, with a way to look into its document. */
export class OutputRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(
    _options: IRenderMime.IRendererOptions,
    private readonly _rendermime: IRenderMimeRegistry,
    private readonly _live: LiveSources
  ) {
    super();
    this.addClass('mvl-lab-output');
    _live.changed.connect(this._onLive, this);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    await this._show();
  }

  override dispose(): void {
    this._live.changed.disconnect(this._onLive, this);
    super.dispose();
  }

  private _onLive(_: LiveSources, id: string): void {
    if (id === this._id) {
      void this._show();
    }
  }

  private get _id(): string {
    const said = this._model?.metadata[MIME];
    const id = typeof said === 'object' && said !== null && 'model_id' in said ? said.model_id : '';
    return typeof id === 'string' ? id : '';
  }

  private async _show(): Promise<void> {
    const model = this._model;
    if (model === undefined || this.isDisposed) {
      return;
    }
    const source = this._live.get(this._id);
    if (source !== undefined) {
      this._replace(new ComparisonPanel(source));
    } else if (PAGE in model.data) {
      await this._showPage(model);
    } else {
      this._replace(new ComparisonPanel(new SavedSource(model.data[MIME])));
    }
  }

  private async _showPage(model: IRenderMime.IMimeModel): Promise<void> {
    const page = this._rendermime.createRenderer(PAGE);
    await page.renderModel(model);
    if (this.isDisposed || this._live.get(this._id) !== undefined) {
      page.dispose();
      return;
    }
    const saved: Source = new SavedSource(model.data[MIME]);
    this._replace(page);
    if (toldOf(saved.document) !== undefined) {
      const look = button('Search and sort', () => {
        this._replace(new ComparisonPanel(saved));
        this._insertBack(model);
      });
      look.title =
        'Look into the comparison that is saved in this notebook. Asking for more needs its kernel: run the cell again.';
      this.insertWidget(0, new Widget({ node: element('div', { class: 'mvl-lab-switch' }, look) }));
    }
  }

  private _insertBack(model: IRenderMime.IMimeModel): void {
    const back = button('Show the page', () => void this._showPage(model));
    this.insertWidget(0, new Widget({ node: element('div', { class: 'mvl-lab-switch' }, back) }));
    back.focus();
  }

  private _replace(shown: Widget): void {
    for (const one of [...this.widgets]) {
      one.dispose();
    }
    this.addWidget(shown);
  }

  private _model: IRenderMime.IMimeModel | undefined;
}
