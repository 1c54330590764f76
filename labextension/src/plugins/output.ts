import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { liveSources } from '../model/live';
import { MIME, OutputRenderer } from '../widgets/output-renderer';

/** Before the widgets of others, which have -10, and before every page. */
const RANK = -20;

/** Renders the outputs of `%mv compare`, in each notebook with the means of that notebook. */
export const output: JupyterFrontEndPlugin<void> = {
  id: '@mvlake/lab:output',
  description: 'Shows comparisons among the outputs of a notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker) => {
    const serve = (rendermime: IRenderMimeRegistry): void => {
      rendermime.addFactory(
        { safe: true, mimeTypes: [MIME], createRenderer: options => new OutputRenderer(options, rendermime, liveSources) },
        RANK
      );
    };
    tracker.forEach(panel => {
      serve(panel.content.rendermime);
    });
    tracker.widgetAdded.connect((_, panel) => {
      serve(panel.content.rendermime);
    });
  }
};
