/** Icons in the colours of the theme. */

import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, shapes: string): LabIcon {
  const open = '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">';
  const svgstr = `${open}<g class="jp-icon3" fill="#616161">${shapes}</g></svg>`;
  return new LabIcon({ name: `qwen-magics:${name}`, svgstr });
}

/** A small waterfall. */
export const runsIcon = icon(
  'runs',
  '<path d="M4 4h2v16H4z"/><path d="M8 5h8v3H8z"/><path d="M11 10.5h9v3h-9z"/><path d="M8 16h6v3H8z"/>'
);

/** A balloon with a question mark. */
export const askIcon = icon(
  'ask',
  '<path fill-rule="evenodd" d="M4 3h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-7l-5 4.500V17H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z' +
    'm1 2v10h14V5z"/><path d="M9.500 8.200A2.600 2.600 0 0 1 14.600 8.600c0 1.500-1.700 1.700-1.700 3h-1.700c0-2 1.600-2 1.600-3a.9.9 0 0 0-1.700-.2z' +
    'M11.200 12.300h1.700V14h-1.700z"/>'
);
