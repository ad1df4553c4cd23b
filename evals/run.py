"""Ask every question of a set and score the answers by execution match.

    python -m evals.run --model qwen2.5-coder-0.5b [--set quickstart] [--only KEY] [--save]

Prints a line per question: right or wrong, seconds, attempts, the query. `--save` keeps the figures in
`evals/results/`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from evals.frames import quickstart
from evals.question import Frames, Question
from evals.scoring import matches
from qwen_magics.agent import ask
from qwen_magics.agent.references import find_references
from qwen_magics.agent.request import Route
from qwen_magics.errors import QwenMagicsError

if TYPE_CHECKING:
    from qwen_magics.trace import Trace

__all__ = ["Outcome", "evaluate", "main"]

FRAMES: dict[str, Callable[[], Frames]] = {
    "quickstart": quickstart,
    "further": quickstart,
    "programs": quickstart,
    "unanswerable": quickstart,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        key: the question.
        right: execution match with the gold result.
        seconds: wall time, model load left out.
        attempts: model calls.
        code: the query of the answer.
        shown: the answer's line, or the error.
    """

    key: str
    right: bool
    seconds: float
    attempts: int
    code: str
    shown: str


def evaluate(
    questions: Sequence[Question],
    frames: Frames,
    model: str | None = None,
    seed: int = 0,
    route: Route = "auto",
) -> list[Outcome]:
    """Ask `questions` one by one; a failed run counts as wrong."""
    outcomes = []
    for question in questions:
        outcomes.append(_ask(question, frames, model, seed, route))
        _print(outcomes[-1])
    return outcomes


def _print(outcome: Outcome) -> None:
    code = " ".join((outcome.code or outcome.shown).split())
    verdict = "right" if outcome.right else "WRONG"
    print(
        f"{verdict}  {outcome.seconds:6.1f} s  {outcome.attempts} tries  {outcome.key:16} {code}", flush=True
    )
    if not outcome.right:
        print(f"       answered: {outcome.shown}", flush=True)


def _ask(question: Question, frames: Frames, model: str | None, seed: int, route: Route) -> Outcome:
    data = {name: frames[name] for name in find_references(question.text)}
    gold = question.gold(frames)
    started = time.perf_counter()
    try:
        answer = ask(question.text, data=data, model=model, seed=seed, route=route)
    except QwenMagicsError as error:
        seconds = time.perf_counter() - started
        return Outcome(
            question.key, False, seconds, _attempts(error.trace), "", f"{type(error).__name__}: {error}"
        )
    seconds = time.perf_counter() - started
    right = matches(answer.value, gold, ordered=question.ordered)
    return Outcome(question.key, right, seconds, _attempts(answer.trace), answer.code, answer.text)


def _attempts(trace: Trace | None) -> int:
    return sum(span.kind == "llm" for span in trace.spans) if trace else 0


def _summary(model: str, outcomes: Sequence[Outcome]) -> dict[str, object]:
    return {
        "model": model,
        "right": sum(o.right for o in outcomes),
        "questions": len(outcomes),
        "median_seconds": round(statistics.median(o.seconds for o in outcomes), 2),
        "total_seconds": round(sum(o.seconds for o in outcomes), 1),
    }


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    parser.add_argument("--set", default="quickstart", choices=sorted(FRAMES))
    parser.add_argument("--only", help="ask one question, by its key")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--route", default="auto", choices=("auto", "sql", "python"))
    parser.add_argument("--save", action="store_true")
    flags = parser.parse_args()
    questions: Sequence[Question] = import_module(f"evals.questions.{flags.set}").QUESTIONS
    questions = [q for q in questions if flags.only in (None, q.key)]
    outcomes = evaluate(questions, FRAMES[flags.set](), flags.model, flags.seed, flags.route)
    summary = _summary(flags.model, outcomes)
    print(json.dumps(summary))
    if flags.save:
        path = Path(__file__).parent / "results" / f"{flags.set}-{Path(flags.model).name}.json"
        path.parent.mkdir(exist_ok=True)
        content = {**summary, "outcomes": [asdict(o) for o in outcomes]}
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
