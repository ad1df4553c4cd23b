/** The plugins of this extension. Each does one thing, and any of them can be disabled by its id. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugins: JupyterFrontEndPlugin<unknown>[] = [];

export default plugins;
