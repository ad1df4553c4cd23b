"""Ask all questions of a part and keep what became of each; a second start goes on where the first one ended.

    python -m evals --model qwen2.5-coder-0.5b                      # the tuning part through ask()
    python -m evals --model qwen2.5-coder-0.5b --part unseen
    python -m evals --model qwen2.5-coder-0.5b --part development   # later questions; the other half: held
    python -m evals --model qwen2.5-coder-0.5b --contestant oneshot # the baseline
    python -m evals --report                                        # writes the tables of docs/evaluation.md
    python -m evals --rescore                                       # runs the baseline's kept queries again

Results: evals/results/suite/, one file per contestant, model, quantisation and part.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from evals.outcome import Outcome, Run, saved_runs
from evals.question import CATEGORIES, Category, Question
from evals.sources import Sources, opened
from evals.suite import PARTS, part
from qwen_magics.agent.references import find_references

__all__ = ["main"]

Answering = Callable[[Category, Question, Sources], Outcome]


def main(arguments: Sequence[str] | None = None) -> None:
    """See the module's docstring."""
    flags = _flags(arguments)
    if flags.report:
        from evals.report import write

        write()
        return
    if flags.rescore:
        _rescore()
        return
    # Questions about the same tables one after the other: their prompts begin alike, and both engines cache.
    chosen = sorted((pair for pair in part(flags.part) if _wanted(flags, *pair)), key=_tables)
    with ExitStack() as stack:
        run, answer = _contestant(flags, stack)
        if flags.fresh:
            run.path.unlink(missing_ok=True)
        run = run.resumed()
        left = [(c, q) for c, q in chosen if q.key not in run.outcomes]
        print(f"{run.path.name}: {len(chosen) - len(left)} of {len(chosen)} are there already", flush=True)
        sources = stack.enter_context(opened(with_office=any(q.source == "office" for _, q in left)))
        if flags.contestant == "agent":
            sources.connect()
        for category, question in left:
            outcome = answer(category, question, sources)
            run.add(outcome)
            _print(outcome)
    print(f"{sum(o.right for o in run.outcomes.values())} of {len(run.outcomes)} right")


def _flags(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b", help="catalogue name or folder")
    parser.add_argument("--part", default="tuning", choices=PARTS)
    parser.add_argument("--contestant", default="agent", choices=("agent", "oneshot"))
    parser.add_argument("--category", choices=CATEGORIES, help="only these questions")
    parser.add_argument("--only", help="one question, by its key")
    parser.add_argument("--fresh", action="store_true", help="forget what is there and begin anew")
    parser.add_argument("--report", action="store_true", help="write the tables of docs/evaluation.md")
    parser.add_argument("--rescore", action="store_true", help="score the baseline's kept queries again")
    return parser.parse_args(arguments)


def _rescore() -> None:
    """Where the scoring has changed, what the baseline wrote is run and judged again; no model is asked."""
    from evals.oneshot import rescored

    with opened(with_office=False) as sources:
        for run in (run for run in saved_runs() if run.contestant == "oneshot"):
            questions = {question.key: question for _, question in part(run.part)}
            before = sum(outcome.right for outcome in run.outcomes.values())
            for key, outcome in list(run.outcomes.items()):
                if (again := rescored(outcome, questions[key], sources)) != outcome:
                    run.add(again)
            print(f"{run.path.name}: {before} -> {sum(o.right for o in run.outcomes.values())} right")


def _wanted(flags: argparse.Namespace, category: Category, question: Question) -> bool:
    return flags.only in (None, question.key) and flags.category in (None, category)


def _tables(pair: tuple[Category, Question]) -> tuple[str, list[str], bool]:
    category, question = pair
    return question.source, find_references(question.text), category == "api-write"


def _contestant(flags: argparse.Namespace, stack: ExitStack) -> tuple[Run, Answering]:
    if flags.contestant == "oneshot":
        from evals.oneshot import QUANTISATION, OneShot

        log = Path("build/evals/oneshot.log")
        return Run("oneshot", flags.model, QUANTISATION, flags.part, {}), stack.enter_context(
            OneShot(flags.model, log)
        ).answer
    from evals.agent import Agent

    agent = Agent(flags.model)
    return Run("agent", agent.card.id, agent.card.quantisation, flags.part, {}), agent.answer


def _print(outcome: Outcome) -> None:
    verdict = "right" if outcome.right else "WRONG"
    code = " ".join(outcome.code.split())
    print(
        f"{verdict}  {outcome.seconds:6.1f} s  {outcome.written} tries  {outcome.category:12} "
        f"{outcome.key:22} {code}\n       {outcome.shown}",
        flush=True,
    )


if __name__ == "__main__":
    main()
