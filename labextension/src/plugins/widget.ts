import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MODULE, VERSION } from '../version';

/** Gives the managers of widgets the classes that a kernel's `ComparisonWidget` names. */
export const widget: JupyterFrontEndPlugin<void> = {
  id: '@mvlake/lab:widget',
  description: 'The widget of a comparison.',
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate: (_app: JupyterFrontEnd, registry: IJupyterWidgetRegistry) => {
    registry.registerWidget({
      name: MODULE,
      version: VERSION,
      exports: async () => {
        const { ComparisonModel, ComparisonView } = await import('./comparison-widget');
        return { ComparisonModel, ComparisonView };
      }
    });
  }
};
