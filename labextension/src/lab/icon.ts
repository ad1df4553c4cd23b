import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M4 4h2v16H4z"/><path d="M8 5h8v3H8z"/><path d="M11 10.500h9v3h-9z"/><path d="M8 16h6v3H8z"/>
  </g>
</svg>`;

/** A small waterfall. */
export const runsIcon = new LabIcon({ name: 'qwen-magics:runs', svgstr: SVG });
