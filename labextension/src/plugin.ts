/** The plugins of this extension. Each does one thing, and any of them can be disabled by its id. */

import { actions } from './lab/actions';
import { ask } from './lab/ask';
import { cells } from './lab/cells';
import { editing } from './lab/editing';
import { inline } from './lab/inline';
import { offSwitch } from './lab/offSwitch';
import { runs } from './lab/runs';
import { status } from './lab/status';

export default [actions, ask, cells, editing, inline, offSwitch, runs, status];
