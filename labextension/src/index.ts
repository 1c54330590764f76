import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { output } from './plugins/output';
import { widget } from './plugins/widget';

const plugins: JupyterFrontEndPlugin<void>[] = [widget, output];

export default plugins;
