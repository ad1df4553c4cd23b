/** The plugins of this extension. Each does one thing, and any of them can be disabled by its id. */

import { actions } from './lab/actions';
import { runs } from './lab/runs';

export default [actions, runs];
