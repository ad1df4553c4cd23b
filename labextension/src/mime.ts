/** Registers the renderer of traces. */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { DOMAIN } from './lab/domain';
import { MIME } from './trace/record';
import { ENGLISH } from './trace/words';
import { TraceView } from './view/trace';

class TraceRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly view: TraceView;

  constructor({ translator }: IRenderMime.IRendererOptions) {
    super();
    this.view = new TraceView(this.node, translator?.load(DOMAIN) ?? ENGLISH);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.view.update(model.data[MIME]);
  }
}

const extension: IRenderMime.IExtension = {
  id: 'qwen-magics:trace',
  description: 'Draws the traces of qwen-magics: the answer, and every step that led to it.',
  rendererFactory: {
    // Drawn in untrusted notebooks as well; see view/dom.ts for why that is safe.
    safe: true,
    mimeTypes: [MIME],
    createRenderer: options => new TraceRenderer(options)
  },
  rank: 40, // before text/html, which is 50
  dataType: 'json'
};

export default extension;
