"""The tables of docs/evaluation.md, made from the saved runs."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from evals.outcome import Outcome, Run, saved_runs
from evals.question import CATEGORIES
from evals.suite import Part, part

__all__ = ["PAGE", "page", "tables", "write"]

PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"
_BEGIN, _END = "<!-- tables: python -m evals --report -->", "<!-- end of tables -->"
_NAMES = {"agent": "qwen-magics", "oneshot": "one prompt, llama.cpp"}
_PARTS: dict[Part, str] = {
    "tuning": "The tuning part",
    "unseen": "The unseen third",
    "sealed": "The sealed half",
    "reserved": "The reserved half",
}
_API = ("api-read", "api-write")


def write() -> None:
    """Put the tables into the page, in the place of those that were there."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """`text` with the tables of the runs as they are saved now."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n{tables()}\n\n{_END}{after}"


def tables() -> str:
    """All tables, as Markdown."""
    runs = [run for run in saved_runs() if run.outcomes]
    sections = [_section(name, [run for run in runs if run.part == name]) for name in _PARTS]
    return "\n\n".join(section for section in sections if section)


def _section(name: Part, runs: Sequence[Run]) -> str:
    if not runs:
        return ""
    title = f"### {_PARTS[name]}: {len(list(part(name)))} questions"
    return "\n\n".join((title, _overview(runs), _categories(runs)))


def _overview(runs: Sequence[Run]) -> str:
    head = (
        *("", "weights", "right", "at the first try", "after repair", "API questions right"),
        *("does not run", "programs that failed", "numbers invented", "median seconds"),
    )
    return _table([head, *(_row(run) for run in runs)])


def _row(run: Run) -> tuple[str, ...]:
    data = [o for o in run.outcomes.values() if o.category not in _API]
    api = [o for o in run.outcomes.values() if o.category in _API]
    repaired = sum(o.right and not o.first_try for o in data)
    return (
        _NAMES[run.contestant],
        f"{run.model}, {run.quantisation}",
        _share(sum(o.right for o in data), len(data)),
        str(sum(o.first_try for o in data)),
        str(repaired) if run.contestant == "agent" else "–",
        _share(sum(o.right for o in api), len(api)) if api else "–",
        _share(sum(not o.runnable for o in data), len(data)),
        _share(sum(o.failed for o in data), sum(o.written for o in data)),
        str(sum(bool(o.invented) for o in run.outcomes.values())) if run.contestant == "agent" else "–",
        f"{statistics.median(o.seconds for o in data):.1f}" if data else "–",
    )


def _categories(runs: Sequence[Run]) -> str:
    head = ("right, of", *(f"{_NAMES[run.contestant]} {_size(run.model)}" for run in runs))
    rows = [
        (category, *(_of(o for o in run.outcomes.values() if o.category == category) for run in runs))
        for category in CATEGORIES
    ]
    return _table([head, *rows])


def _of(outcomes: Iterable[Outcome]) -> str:
    found = list(outcomes)
    return f"{sum(o.right for o in found)} of {len(found)}" if found else "–"


def _size(model: str) -> str:
    return model.rpartition("-")[2].upper()


def _share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / total:.0f} %)" if total else "–"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
