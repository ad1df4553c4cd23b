"""Seconds that `import qwen_magics` and `%load_ext qwen_magics` cost together. Budget: 0.3 s.

Usage: python bench/import_time.py [RUNS]   Each run is a fresh process in which IPython is loaded already.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

CODE = """
import time
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
shell.run_line_magic("lsmagic", "")
started = time.perf_counter()
import qwen_magics
shell.run_line_magic("load_ext", "qwen_magics")
print(time.perf_counter() - started)
"""


def one_run() -> float:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def main(runs: int) -> None:
    one_run()  # writes the .pyc files
    times = sorted(one_run() for _ in range(runs))
    extremes = f"best {times[0]:.3f} s, worst {times[-1]:.3f} s"
    print(f"median {statistics.median(times):.3f} s, {extremes} of {runs} runs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
