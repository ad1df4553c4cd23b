from __future__ import annotations

import sys
from pathlib import Path

# `select_queries` is a list of queries beside the tests, not a package.
sys.path.insert(0, str(Path(__file__).parent))
